import CKernels
import Diagnostics
import Tensors

/// Whose formula an optimizer executes where the course and the frameworks differ.
public enum OptimizerForm: String, Sendable, CaseIterable {
    case slides, keras, torch
}

/// What an optimizer is: one file each in `Optimizers/`.
public struct OptimizerRecord: Sendable {
    public struct Parameter: Sendable {
        public let name: String
        public let summary: String
        /// The default in the course's form.
        public let value: Double
        /// Where a framework's default differs.
        public let keras: Double?
        public let torch: Double?
        /// The values allowed: least ..< most, least itself only if it is 0 and `allowsZero`.
        public let allowsZero: Bool
        public let below: Double

        init(
            _ name: String, _ summary: String, _ value: Double, keras: Double? = nil, torch: Double? = nil,
            allowsZero: Bool = true, below: Double = .infinity
        ) {
            self.name = name
            self.summary = summary
            self.value = value
            self.keras = keras
            self.torch = torch
            self.allowsZero = allowsZero
            self.below = below
        }

        public func value(in form: OptimizerForm) -> Double {
            switch form {
            case .slides: value
            case .keras: keras ?? value
            case .torch: torch ?? value
            }
        }
    }

    /// The values an optimizer runs with, in the order of the record's parameters.
    public struct Settings: Sendable {
        public var numbers: [Double]
        public var form: OptimizerForm
        public var nesterov = false
    }

    public let name: String
    public let summary: String
    /// The first is the learning rate.
    public let parameters: [Parameter]
    public let hasNesterov: Bool
    /// How many numbers it keeps for each parameter.
    let moments: @Sendable (Settings) -> Int
    /// Where those start.
    let start: @Sendable (Settings) -> Double
    /// What is executed, as text.
    let formula: @Sendable (Settings) -> String
    let kernel: @Sendable (Settings) -> OptimizerKernel
    /// The kernel's constants in the step that counts from 1.
    let constants: @Sendable (Settings, Int) -> nnb_step
}

enum OptimizerKernel { case sgd, momentum, adagrad, rmsprop, adam }

/// An optimizer with its state: moving averages and the number of steps belong to the network it last worked on, so
/// that a second `fit` of that network goes on where the first one ended.
public final class Optimizer {
    public let record: OptimizerRecord
    public private(set) var settings: OptimizerRecord.Settings
    /// The steps made on the present network.
    public private(set) var steps = 0
    private weak var network: Network?
    private(set) var moments: [Buffer] = []

    /// An optimizer with some of its parameters given by name, the others at their defaults.
    public init(
        _ record: OptimizerRecord, _ values: [(name: String, value: Double)] = [], nesterov: Bool = false,
        form: OptimizerForm = .slides
    ) throws(Failure) {
        self.record = record
        var numbers = record.parameters.map { $0.value(in: form) }
        for (name, value) in values {
            guard let index = record.parameters.firstIndex(where: { $0.name == name }) else {
                let names = record.parameters.map(\.name).joined(separator: ", ")
                throw Failure(.argument, "\(record.name) has no parameter \(name)", help: "it has \(names)")
            }
            try Optimizer.check(value, record.parameters[index], record.name)
            numbers[index] = value
        }
        guard !nesterov || record.hasNesterov else {
            throw Failure(.argument, "\(record.name) has no nesterov", help: "sgd(0.01, momentum=0.9, nesterov=true)")
        }
        settings = OptimizerRecord.Settings(numbers: numbers, form: form, nesterov: nesterov)
        if nesterov, let index = record.parameters.firstIndex(where: { $0.name == "momentum" }), numbers[index] == 0 {
            throw Failure(.argument, "nesterov needs a momentum above 0", help: "sgd(0.01, momentum=0.9, nesterov=true)")
        }
    }

    private static func check(_ value: Double, _ parameter: OptimizerRecord.Parameter, _ name: String) throws(Failure) {
        guard value.isFinite, parameter.allowsZero ? value >= 0 : value > 0, value < parameter.below else {
            let low = parameter.allowsZero ? "0 or more" : "above 0"
            let high = parameter.below.isFinite ? " and below \(NumberText.plain(parameter.below))" : ""
            throw Failure(.value, "\(parameter.name) of \(name) must be \(low)\(high), not \(NumberText.plain(value))")
        }
    }

    public var name: String { record.name }

    /// What is executed: `p = g + 0.9 p; x = x - 0.01 p`.
    public var formula: String { record.formula(settings) }

    /// `adam(learning_rate=0.001)`: name and what differs from the defaults.
    public var text: String {
        var parts: [String] = []
        for (index, parameter) in record.parameters.enumerated()
        where index == 0 || settings.numbers[index] != parameter.value(in: settings.form) {
            parts.append("\(parameter.name)=\(NumberText.plain(settings.numbers[index]))")
        }
        if settings.nesterov { parts.append("nesterov=true") }
        if settings.form != .slides { parts.append("form=\"\(settings.form.rawValue)\"") }
        return "\(name)(\(parts.joined(separator: ", ")))"
    }

    public func value(of parameter: String) -> Double? {
        record.parameters.firstIndex { $0.name == parameter }.map { settings.numbers[$0] }
    }

    /// Sets the learning rate from the next step on: for schedules.
    public func setLearningRate(_ rate: Double) throws(Failure) {
        guard let parameter = record.parameters.first else { return }
        try Optimizer.check(rate, parameter, name)
        settings.numbers[0] = rate
    }

    public var learningRate: Double { settings.numbers.first ?? 0 }

    /// Forgets averages and steps.
    public func reset() {
        steps = 0
        network = nil
        moments = []
    }

    /// One step on all of a network's parameters with gradients of their shapes, in the order of `Network.parameters()`.
    public func step(_ network: Network, gradients: [Tensor]) throws(Failure) {
        guard let storage = network.storage else {
            throw Failure(.value, "the network has no parameters yet", help: "begin it with input(…)")
        }
        let places = network.layers.enumerated().flatMap { position, built in
            zip(built.parameters, built.offsets).map { (position, $0, $1) }
        }
        guard places.count == gradients.count else {
            throw Failure(.argument, "the network has \(places.count) parameters, the gradient has \(gradients.count)")
        }
        let heap = Heap.current
        let gradient = try Buffer(bytes: network.storageCount * network.dtype.size, for: "the gradients")
        for ((position, parameter, offset), given) in zip(places, gradients) {
            guard given.shape == parameter.shape else {
                throw Failure(
                    .shape,
                    "layer \(position): the gradient of \(parameter.name) is \(Tensor.text(of: given.shape)), \(parameter.name) is \(Tensor.text(of: parameter.shape))")
            }
            let numbers = try Conversion.stored(given.block, as: network.dtype, heap)
            defer { numbers.release(heap) }
            let size = network.dtype.size
            (gradient.bytes + offset * size).copyMemory(from: numbers.data, byteCount: parameter.count * size)
        }
        try prepare(for: network)
        let step = next(Kernels(network.dtype))
        for (_, parameter, offset) in places where parameter.isTrained {
            let start = offset * network.dtype.size
            step.apply(
                rows: 1, columns: parameter.count, stride: parameter.count, x: storage.bytes, g: gradient.bytes + start,
                byteOffset: start)
        }
    }

    // MARK: for the plan

    /// Makes room for a network's averages, unless they are there.
    func prepare(for network: Network) throws(Failure) {
        if self.network === network, steps > 0 || !moments.isEmpty { return }
        reset()
        self.network = network
        let start = record.start(settings)
        for _ in 0..<record.moments(settings) {
            let buffer = try Buffer(bytes: network.storageCount * network.dtype.size, for: "the averages of \(name)")
            if start != 0 {
                for index in 0..<network.storageCount {
                    if network.dtype == .float64 {
                        buffer.bytes.storeBytes(of: start, toByteOffset: index * 8, as: Double.self)
                    } else {
                        buffer.bytes.storeBytes(of: Float(start), toByteOffset: index * 4, as: Float.self)
                    }
                }
            }
            moments.append(buffer)
        }
    }

    /// Counts one step and gives what it takes to make it.
    func next(_ kernels: Kernels) -> OptimizerStep {
        steps += 1
        let table = kernels.table.pointee
        let function: OptimizerStep.Function =
            switch record.kernel(settings) {
            case .sgd: table.sgd
            case .momentum: table.momentum
            case .adagrad: table.adagrad
            case .rmsprop: table.rmsprop
            case .adam: table.adam
            }
        return OptimizerStep(
            function: function, constants: record.constants(settings, steps),
            first: moments.first?.bytes, second: moments.count > 1 ? moments[1].bytes : nil)
    }

    /// Takes back the count of a step that was not made.
    func undo() { steps -= 1 }
}

/// One step, ready to be made on pieces of the parameters.
struct OptimizerStep {
    typealias Function = @convention(c) (
        Int, Int, Int, nnb_step, UnsafeMutableRawPointer, UnsafeRawPointer, Int, UnsafeMutableRawPointer,
        UnsafeMutableRawPointer
    ) -> Void

    let function: Function
    let constants: nnb_step
    let first: UnsafeMutableRawPointer?
    let second: UnsafeMutableRawPointer?

    /// On a piece of rows `stride` apart that begins `byteOffset` into the parameters and the averages; `g` is the
    /// piece's gradient, rows contiguous.
    @inline(__always)
    func apply(
        rows: Int, columns: Int, stride: Int, x: UnsafeMutableRawPointer, g: UnsafeRawPointer, byteOffset: Int
    ) {
        // A kernel that keeps no averages does not look at them.
        function(
            rows, columns, stride, constants, x + byteOffset, g, columns, (first ?? x) + byteOffset,
            (second ?? x) + byteOffset)
    }
}

extension Optimizer {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [OptimizerRecord] = [.adagrad, .adam, .rmsprop, .sgd]

    public static func named(_ name: String) -> OptimizerRecord? { catalogue.first { $0.name == name } }
}
