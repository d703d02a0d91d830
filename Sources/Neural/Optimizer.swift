import CKernels
import Diagnostics
import Tensors

/// An optimizer with its state: moving averages and the number of steps belong to what it last worked on, a network as a
/// rule, so that a second `fit` of that network goes on where the first one ended.
public final class Optimizer {
    /// What may be said besides the parameters.
    public struct Extras: Sendable {
        public var nesterov = false
        /// In place of a learning rate that stays.
        public var schedule: Schedule?
        /// Each number of the gradient is kept between -clipValue and clipValue.
        public var clipValue: Double?
        /// A gradient longer than this, all parameters taken together, is shortened to it.
        public var clipNorm: Double?

        public init(
            nesterov: Bool = false, schedule: Schedule? = nil, clipValue: Double? = nil, clipNorm: Double? = nil
        ) {
            self.nesterov = nesterov
            self.schedule = schedule
            self.clipValue = clipValue
            self.clipNorm = clipNorm
        }
    }

    public let record: OptimizerRecord
    public private(set) var settings: OptimizerRecord.Settings
    public private(set) var schedule: Schedule?
    public let clipValue: Double?
    public let clipNorm: Double?
    /// The steps made on the present network, and the epochs begun.
    public private(set) var steps = 0
    public private(set) var epochs = 0
    private weak var owner: AnyObject?
    private(set) var moments: [Buffer] = []
    /// A product over the steps that some formulas have, and what it was before the last one.
    private var product = 1.0
    private var productBefore = 1.0
    private var aheadBefore = 0.0

    /// An optimizer with some of its parameters given by name, the others at their defaults.
    public init(
        _ record: OptimizerRecord, _ values: [(name: String, value: Double)] = [], form: OptimizerForm = .slides,
        _ extras: Extras = Extras()
    ) throws(Failure) {
        self.record = record
        guard record.forms.contains(form) else {
            throw Failure(
                .argument, "\(record.name) has no form \"\(form.rawValue)\"",
                help: "it has " + record.forms.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        }
        var numbers = record.parameters.map { $0.value(in: form) }
        for (name, value) in values {
            guard let index = record.parameters.firstIndex(where: { $0.name == name }) else {
                let names = record.parameters.map(\.name).joined(separator: ", ")
                throw Failure(.argument, "\(record.name) has no parameter \(name)", help: "it has \(names)")
            }
            try record.parameters[index].check(value, record.name)
            numbers[index] = value
        }
        guard !extras.nesterov || record.hasNesterov else {
            throw Failure(.argument, "\(record.name) has no nesterov", help: "sgd(0.01, momentum=0.9, nesterov=true)")
        }
        for (name, limit) in [("clip_value", extras.clipValue), ("clip_norm", extras.clipNorm)] {
            guard let limit, !limit.isFinite || limit <= 0 else { continue }
            throw Failure(.value, "\(name) of \(record.name) must be above 0, not \(NumberText.plain(limit))")
        }
        clipValue = extras.clipValue
        clipNorm = extras.clipNorm
        schedule = extras.schedule
        settings = OptimizerRecord.Settings(numbers: numbers, form: form, nesterov: extras.nesterov)
        if extras.nesterov, let index = record.parameters.firstIndex(where: { $0.name == "momentum" }), numbers[index] == 0 {
            throw Failure(.argument, "nesterov needs a momentum above 0", help: "sgd(0.01, momentum=0.9, nesterov=true)")
        }
        if let schedule {
            settings.numbers[0] = schedule.rate(step: 0, epoch: 0)
            settings.rateText = "α(\(schedule.unit.letter))"
        }
    }

    public var name: String { record.name }

    /// What is executed: `p = g + 0.9 p; x = x - 0.01 p`.
    public var formula: String {
        var parts: [String] = []
        if let clipValue { parts.append("g = g kept between -\(NumberText.plain(clipValue)) and \(NumberText.plain(clipValue))") }
        if let clipNorm { parts.append("g = g min(1, \(NumberText.plain(clipNorm)) / ‖g‖)") }
        parts.append(record.formula(settings))
        if let schedule { parts.append("\(settings.text(0)) = \(schedule.formula)") }
        return parts.joined(separator: "; ")
    }

    /// `adam(learning_rate=0.001)`: name and what differs from the defaults.
    public var text: String {
        var parts: [String] = []
        for (index, parameter) in record.parameters.enumerated()
        where index == 0 || settings.numbers[index] != parameter.value(in: settings.form) {
            if index == 0, let schedule {
                parts.append("learning_rate=\(schedule.text)")
            } else {
                parts.append("\(parameter.name)=\(NumberText.plain(settings.numbers[index]))")
            }
        }
        if settings.nesterov { parts.append("nesterov=true") }
        if let clipValue { parts.append("clip_value=\(NumberText.plain(clipValue))") }
        if let clipNorm { parts.append("clip_norm=\(NumberText.plain(clipNorm))") }
        if settings.form != .slides { parts.append("form=\"\(settings.form.rawValue)\"") }
        return "\(name)(\(parts.joined(separator: ", ")))"
    }

    public func value(of parameter: String) -> Double? {
        record.parameters.firstIndex { $0.name == parameter }.map { settings.numbers[$0] }
    }

    /// Sets the learning rate from the next step on, in place of a schedule too.
    public func setLearningRate(_ rate: Double) throws(Failure) {
        guard let parameter = record.parameters.first else { return }
        try parameter.check(rate, name)
        settings.numbers[0] = rate
        settings.rateText = nil
        schedule = nil
    }

    /// Whether a step goes by what the steps before have left.
    public var keepsAverages: Bool { !record.moments(settings).isEmpty }

    public var learningRate: Double { settings.numbers.first ?? 0 }

    /// Forgets averages and steps.
    public func reset() {
        steps = 0
        epochs = 0
        owner = nil
        moments = []
        product = 1
        productBefore = 1
        settings.ahead = 0
    }

    // MARK: for who trains

    /// Makes room for as many averages as there are parameters, unless they are there; where it begins anew, so many
    /// epochs have begun already.
    public func prepare(for owner: AnyObject, count: Int, _ dtype: DType, epochs: Int = 0) throws(Failure) {
        let starts = record.moments(settings)
        if self.owner === owner, moments.count == starts.count,
            moments.allSatisfy({ $0.count == count * dtype.size }), steps > 0 || !moments.isEmpty
        {
            return
        }
        reset()
        self.epochs = epochs
        self.owner = owner
        for start in starts {
            let buffer = try Buffer(bytes: count * dtype.size, for: "the averages of \(name)")
            if start != 0 {
                for index in 0..<count {
                    if dtype == .float64 {
                        buffer.bytes.storeBytes(of: start, toByteOffset: index * 8, as: Double.self)
                    } else {
                        buffer.bytes.storeBytes(of: Float(start), toByteOffset: index * 4, as: Float.self)
                    }
                }
            }
            moments.append(buffer)
        }
    }

    func prepare(for network: Network) throws(Failure) {
        try prepare(for: network, count: network.storageCount, network.dtype)
    }

    /// Before each epoch, for schedules that count them.
    public func beginEpoch() { epochs += 1 }

    /// Counts one step and gives what it takes to make it.
    public func next(_ dtype: DType) -> OptimizerStep { next(Kernels(dtype)) }

    func next(_ kernels: Kernels) -> OptimizerStep {
        if let schedule { settings.numbers[0] = schedule.rate(step: steps, epoch: max(0, epochs - 1)) }
        steps += 1
        productBefore = product
        aheadBefore = settings.ahead
        let constants = record.constants(settings, steps, &product)
        if record.looksAhead(settings) { settings.ahead = settings.numbers[0] }
        return OptimizerStep(
            function: record.kernel(settings, kernels.table.pointee), constants: constants,
            first: moments.first?.bytes, second: moments.count > 1 ? moments[1].bytes : nil, limit: clipValue)
    }

    /// Takes back the count of a step that was not made.
    public func undo() {
        steps -= 1
        product = productBefore
        settings.ahead = aheadBefore
    }

    /// Says how far the parameters stand ahead now; gives how far they did.
    func stand(ahead distance: Double) -> Double {
        defer { settings.ahead = distance }
        return settings.ahead
    }
}

extension Optimizer {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [OptimizerRecord] = [
        .adadelta, .adagrad, .adam, .adamw, .gd, .momentum, .nadam, .nag, .rmsprop, .rprop, .sgd,
    ]

    public static func named(_ name: String) -> OptimizerRecord? { catalogue.first { $0.name == name } }
}
