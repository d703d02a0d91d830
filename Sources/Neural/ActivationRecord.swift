import Autodiff
import Diagnostics
import Tensors

/// What an activation is: everything that is said of it anywhere comes from here. One file each in `Activations/`.
public struct ActivationRecord: Sendable {
    /// A number in the formula that the user may set.
    public struct Parameter: Sendable {
        public let name: String
        public let summary: String
        public let value: Double
        public let bound: Bound

        public enum Bound: Sendable { case aboveZero, zeroOrMore, finite }

        func check(_ value: Double, _ owner: String) throws(Failure) {
            let wanted: String
            switch bound {
            case .aboveZero: wanted = "above 0"
            case .zeroOrMore: wanted = "0 or more"
            case .finite: wanted = "a finite number"
            }
            let isAllowed = value.isFinite && (bound == .finite || (bound == .aboveZero ? value > 0 : value >= 0))
            guard isAllowed else {
                throw Failure(.value, "\(name) of \(owner) must be \(wanted), not \(NumberText.plain(value))")
            }
        }
    }

    /// What its outputs may be: chooses the rule of `accuracy` and which loss fits.
    public enum Range: Sendable, Equatable {
        /// [0, 1]
        case unit
        /// [-1, 1]
        case symmetric
        /// Each row sums to 1.
        case distribution
        case other
    }

    /// An activation written in operations of a tape.
    typealias Traced = @Sendable (Tape, Variable, Activation) throws(Failure) -> Variable

    public let name: String
    public let summary: String
    public let formula: String
    /// The derivative, f standing for the output; says what is taken where there is none.
    public let derivative: String
    public let rangeText: String
    public let range: Range
    /// How often it can be differentiated with a continuous result, `C^∞` or `C^0`; `C^-1` where it jumps.
    public let continuity: String
    /// What the course or a paper says otherwise.
    public let remark: String
    /// At most two.
    public let parameters: [Parameter]
    /// Weights of a layer with it start as He et al. propose rather than Glorot.
    public let isRectifier: Bool
    /// False where the derivative is 0 everywhere, so that nothing before it can be learned.
    public let isTrainable: Bool
    /// The derivative that is taken at a kink at 0, by the parameters; another may be chosen by `at_zero`. Nil where there
    /// is no kink.
    let kink: (@Sendable ([Double]) -> Double)?
    public var hasKink: Bool { kink != nil }
    /// Whether the derivative cannot be told from the output.
    let needsSum: Bool
    let code: Int
    let traced: Traced?
    /// Whether its parameter is trained, which makes a layer of its own of it.
    public var isTrained: Bool { name == "prelu" }

    init(
        _ name: String, _ summary: String, code: Int, formula: String, derivative: String, rangeText: String,
        range: Range = .other, continuity: String, remark: String = "", parameters: [Parameter] = [],
        isRectifier: Bool = false, isTrainable: Bool = true, kink: (@Sendable ([Double]) -> Double)? = nil,
        needsSum: Bool = false, traced: Traced? = nil
    ) {
        self.name = name
        self.summary = summary
        self.code = code
        self.formula = formula
        self.derivative = derivative
        self.rangeText = rangeText
        self.range = range
        self.continuity = continuity
        self.remark = remark
        self.parameters = parameters
        self.isRectifier = isRectifier
        self.isTrainable = isTrainable
        self.kink = kink
        self.needsSum = needsSum
        self.traced = traced
    }

    /// The activation with its parameters in their order, those that are not given at their defaults, and the
    /// derivative to be taken at the kink, where it has one.
    public func activation(
        _ first: Double? = nil, _ second: Double? = nil, atZero: Double? = nil
    ) throws(Failure) -> Activation {
        let given = [first, second]
        var values = parameters.map(\.value)
        for (index, value) in given.enumerated() {
            guard let value else { continue }
            guard parameters.indices.contains(index) else {
                throw Failure(
                    .argument, "\(name) has \(parameters.isEmpty ? "no parameter" : "one parameter")",
                    help: parameters.first.map { "it is \($0.name)" } ?? "write \(name) alone")
            }
            try parameters[index].check(value, name)
            values[index] = value
        }
        if values.count == 2, values[0] > values[1] {
            throw Failure(
                .value,
                "\(parameters[0].name) of \(name) must not be above \(parameters[1].name), \(NumberText.plain(values[0])) is above \(NumberText.plain(values[1]))")
        }
        if let atZero {
            guard let kink else {
                throw Failure(.argument, "\(name) has no kink at 0", help: "its derivative is \(derivative)")
            }
            guard atZero.isFinite else {
                throw Failure(.value, "at_zero of \(name) must be a finite number, not \(NumberText.plain(atZero))")
            }
            return Activation(record: self, values: values, atZero: atZero == kink(values) ? nil : atZero)
        }
        return Activation(record: self, values: values, atZero: nil)
    }

    var standard: Activation { Activation(record: self, values: parameters.map(\.value), atZero: nil) }
}
