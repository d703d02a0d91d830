import Diagnostics
import Tensors

/// A recurrent layer twice: one goes through the sequence from its first step, one from its last, each with parameters of
/// its own. Their outputs stand side by side, or are added.
///
///     y = [forward(x), backward(x)]
///
/// Input [batch, steps, in] -> output [batch, 2 units], or [batch, steps, 2 units] with sequences.
///
/// Schuster and Paliwal 1997, doi:10.1109/78.650093.
public struct Bidirectional: CompositeLayer {
    /// How the two outputs become one.
    public enum Merge: String, Sendable, CaseIterable { case concat, sum }

    public let forward: any RecurrentLayer
    public let backward: any RecurrentLayer
    public let merge: Merge

    public init(_ layer: any RecurrentLayer, merge: Merge = .concat) {
        forward = layer
        var other = layer
        other.recurrence.isReversed.toggle()
        backward = other
        self.merge = merge
    }

    public var title: String { "bidirectional \(forward.title)" }

    public var code: String { "bidirectional(\(forward.code)\(merge == .sum ? ", merge=\"sum\"" : ""))" }

    public func inner(for input: [Int]) -> [InnerLayer] {
        [InnerLayer(name: "forward", layer: forward, input: input), InnerLayer(name: "backward", layer: backward, input: input)]
    }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        let shape = try forward.outputShape(for: input)
        return merge == .sum ? shape : shape.dropLast() + [2 * (shape.last ?? 0)]
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        forward.parameters(for: input).map { $0.inside("forward") } + backward.parameters(for: input).map { $0.inside("backward") }
    }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        let count = slots.count / 2
        plan.hold(point)
        let one = try forward.place(in: &plan, at: point, slots.prefix(count))
        let other = try backward.place(in: &plan, at: point, slots.dropFirst(count))
        return merge == .sum ? plan.sum([one, other]) : plan.join([one, other])
    }
}

extension ParameterDescription {
    /// The parameter as one of a layer that holds its layer under this name.
    func inside(_ name: String) -> ParameterDescription {
        ParameterDescription(
            name: "\(name).\(self.name)", shape: shape, initializer: initializer, fanIn: fanIn, fanOut: fanOut,
            isTrained: isTrained, isPacked: isPacked)
    }
}
