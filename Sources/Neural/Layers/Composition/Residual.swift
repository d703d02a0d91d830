import Diagnostics
import Tensors

/// A stack of layers and a way around them: y = x + f(x), f(x) of the shape of x.
///
/// He et al. 2016, arXiv:1512.03385.
public struct Residual: CompositeLayer {
    public let branch: Branch

    public init(_ layers: [any Layer]) throws(Failure) {
        guard !layers.isEmpty else {
            throw Failure(.argument, "residual needs a layer to go around", help: "residual(dense(64, relu))")
        }
        branch = Branch(layers)
    }

    public var title: String { "residual(\(branch.title))" }

    public var code: String { "residual(\(branch.code))" }
    public func inner(for input: [Int]) -> [InnerLayer] { branch.inner(for: input) }
    public func check(_ x: Tensor) throws(Failure) { try branch.check(x) }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        let output = try branch.outputShape(for: input)
        guard output == input else {
            throw Failure(
                .shape, "adds its input \(Tensor.text(of: input)) to what its layers give, \(Tensor.text(of: output))",
                help: "the last of them must give \(Tensor.text(of: input)) again")
        }
        return output
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] { branch.parameters(for: input) }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        plan.hold(point)
        let end = try branch.place(in: &plan, at: point, slots)
        return plan.sum([point, end])
    }
}
