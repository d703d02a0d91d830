import Diagnostics
import Tensors

/// What the layers that go through a sequence step by step have in common: a sample is [steps, features], and the state
/// before the first step is 0.
public struct Recurrence: Sendable {
    /// The length of the state.
    public let units: Int
    /// Give the state after each step, [steps, units], and not only after the last one.
    public var returnsSequences = false
    /// Go from the last step to the first; the outputs stay at the places of their steps.
    public var isReversed = false
    /// Steps whose features all have this value are left out: the state stays, and the output at their place is 0.
    public var mask: Double?

    public init(
        _ name: String, units: Int, returnsSequences: Bool = false, isReversed: Bool = false, mask: Double? = nil
    ) throws(Failure) {
        guard units > 0 else { throw Failure(.value, "units of \(name) must be 1 or more, not \(units)") }
        guard units <= 1 << 16 else { throw Failure(.value, "units of \(name) must be at most \(1 << 16), not \(units)") }
        self.units = units
        self.returnsSequences = returnsSequences
        self.isReversed = isReversed
        self.mask = mask
    }

    /// The arguments that differ from the defaults, beginning with the units.
    func code(_ name: String, _ own: [String] = []) -> String {
        let options = (returnsSequences ? ["return_sequences=true"] : []) + (mask.map { ["mask=\(NumberText.plain($0))"] } ?? [])
        return "\(name)(\(([String(units)] + own + options).joined(separator: ", ")))"
    }

    /// The time of a step.
    @inline(__always)
    func time(_ step: Int, of steps: Int) -> Int { isReversed ? steps - 1 - step : step }
}

/// A layer that goes through a sequence step by step.
public protocol RecurrentLayer: Layer {
    var recurrence: Recurrence { get set }
    /// The length of what it gives after a step.
    var outputs: Int { get }
}

extension RecurrentLayer {
    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard input.count == 2, input[0] > 0, input[1] > 0 else {
            throw Failure(
                .shape, "takes sequences [steps, features]; a sample here is \(Tensor.text(of: input))",
                help: input.count == 1
                    ? "X[:, :, new] makes \(input[0]) steps of one number; or put reshape(…) or embedding(…) before it"
                    : "reshape X to (n, steps, features)")
        }
        return recurrence.returnsSequences ? [input[0], outputs] : [outputs]
    }

    // A product of few rows a step is slow.
    public var leastRows: Int { 64 }
}
