import Diagnostics
import Tensors

/// An activation as a layer of its own, as in `dense(128) |> tanh`: y = f(x), element by element (softmax: row by row).
public struct ActivationLayer: Layer {
    public let activation: Activation

    public init(_ activation: Activation) { self.activation = activation }

    public var title: String { activation.text }
    public var code: String { activation.text }
    public var shownActivation: Activation? { nil }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard !activation.isSoftmax || input.count < 3 else {
            throw Failure(
                .shape, "takes rows of numbers; a sample here is \(Tensor.text(of: input))", help: "put flatten() before it")
        }
        return input
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] { activation.parameters(input.last ?? 1) }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        if activation.record.isTrained { return try plan.append(PReLU(function: activation), at: point, slots) }
        return activation.isIdentity ? try plan.append(Copy(), at: point, []) : try plan.activate(activation, at: point)
    }
}

/// The same numbers once more, so that something may be applied to them where they lie.
struct Copy: Layer {
    var title: String { "identity" }
    func outputShape(for input: [Int]) -> [Int] { input }
    func stage(_ context: StageContext) -> any Stage { CopyStage(context) }
}

private final class CopyStage: Stage {
    private let row: Int

    init(_ context: StageContext) { row = product(of: context.input) * context.dtype.size }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let start = part.rows.lowerBound * row
        (y + start).copyMemory(from: x + start, byteCount: part.rows.count * row)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let start = part.rows.lowerBound * row
        dx.map { ($0 + start).copyMemory(from: dy + start, byteCount: part.rows.count * row) }
    }
}
