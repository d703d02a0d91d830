import CKernels
import Diagnostics
import Tensors

/// Whose formula an optimizer executes where the course and the frameworks differ.
public enum OptimizerForm: String, Sendable, CaseIterable {
    case slides, keras, torch
    /// Of momentum: the step itself is remembered and not the direction, as on the slide that calls it inertia.
    case delta
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
            case .slides, .delta: value
            case .keras: keras ?? value
            case .torch: torch ?? value
            }
        }

        func check(_ value: Double, _ owner: String) throws(Failure) {
            guard value.isFinite, allowsZero ? value >= 0 : value > 0, value < below else {
                let low = allowsZero ? "0 or more" : "above 0"
                let high = below.isFinite ? " and below \(NumberText.plain(below))" : ""
                throw Failure(.value, "\(name) of \(owner) must be \(low)\(high), not \(NumberText.plain(value))")
            }
        }
    }

    /// The values an optimizer runs with, in the order of the record's parameters.
    public struct Settings: Sendable {
        public var numbers: [Double]
        public var form: OptimizerForm
        public var nesterov = false
        /// How far the parameters stand ahead of where they are, in directions that are kept.
        var ahead = 0.0
        /// How the learning rate stands in a formula where it is not one number.
        var rateText: String?

        /// A parameter as it stands in a formula.
        func text(_ index: Int) -> String {
            if index == 0, let rateText { return rateText }
            return NumberText.plain(numbers[index])
        }
    }

    public let name: String
    public let summary: String
    /// The first is the learning rate.
    public let parameters: [Parameter]
    public var hasNesterov = false
    public var forms: [OptimizerForm] = [.slides, .keras, .torch]
    /// True where a step is meant for all samples at once.
    public var takesAllSamples = false
    /// True where the gradient is taken at a point ahead.
    var looksAhead: @Sendable (Settings) -> Bool = { _ in false }
    /// Where the numbers start that it keeps for each parameter, two at most.
    let moments: @Sendable (Settings) -> [Double]
    /// What is executed, as text.
    let formula: @Sendable (Settings) -> String
    let kernel: @Sendable (Settings, nnb_training) -> OptimizerStep.Function
    /// The kernel's constants in the step that counts from 1. `product` starts at 1 and is kept from step to step.
    let constants: @Sendable (_ settings: Settings, _ count: Int, _ product: inout Double) -> nnb_step
}

/// One step, ready to be made on pieces of the parameters.
public struct OptimizerStep {
    typealias Function = @convention(c) (
        Int, Int, Int, nnb_step, UnsafeMutableRawPointer, UnsafeRawPointer, Int, UnsafeMutableRawPointer,
        UnsafeMutableRawPointer
    ) -> Void

    let function: Function
    let constants: nnb_step
    let first: UnsafeMutableRawPointer?
    let second: UnsafeMutableRawPointer?
    /// Each number of the gradient is kept between -limit and limit, before the step is made.
    public let limit: Double?

    /// On a piece of rows `stride` apart that begins `byteOffset` into the parameters and the averages; `g` is the
    /// piece's gradient, rows contiguous.
    @inline(__always)
    public func apply(
        rows: Int, columns: Int, stride: Int, x: UnsafeMutableRawPointer, g: UnsafeRawPointer, byteOffset: Int
    ) {
        // A kernel that keeps no averages does not look at them.
        function(
            rows, columns, stride, constants, x + byteOffset, g, columns, (first ?? x) + byteOffset,
            (second ?? x) + byteOffset)
    }
}
