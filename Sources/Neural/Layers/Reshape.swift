import Diagnostics
import Tensors

/// The numbers of each sample in another shape: input [batch, …] -> output [batch, shape…]. One length may be -1: it
/// follows from the others.
public struct Reshape: Layer {
    public let shape: [Int]

    public init(_ shape: [Int]) throws(Failure) {
        guard !shape.isEmpty else { throw Failure(.argument, "reshape needs the shape of one sample", help: "reshape(28, 28, 1)") }
        guard shape.allSatisfy({ $0 > 0 || $0 == -1 }), shape.count(where: { $0 == -1 }) <= 1,
            shape.reduce(1.0, { $0 * Double(abs($1)) }) < 1e9
        else {
            throw Failure(
                .value, "the lengths of reshape(\(shape.map(String.init).joined(separator: ", "))) must be above 0, or one of them -1")
        }
        self.shape = shape
    }

    public var title: String { "reshape" }
    public var code: String { "reshape(\(shape.map(String.init).joined(separator: ", ")))" }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        let count = product(of: input), known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
        guard shape.contains(-1) ? count % known == 0 : count == known else {
            throw Failure(
                .shape, "a sample of shape \(Tensor.text(of: input)) has \(count) numbers, \(Tensor.text(of: shape)) has \(known)")
        }
        return shape.map { $0 == -1 ? count / known : $0 }
    }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        Plan.Point(point, in: try outputShape(for: point.shape))
    }
}
