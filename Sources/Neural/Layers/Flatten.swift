import Diagnostics

/// Makes one row of numbers of each sample: input [batch, a, b, …] -> output [batch, a b …].
public struct Flatten: Layer {
    public init() {}
    public var title: String { "flatten" }
    public func outputShape(for input: [Int]) -> [Int] { [product(of: input)] }
    public func place(in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>) -> Plan.Point {
        Plan.Point(point, in: outputShape(for: point.shape))
    }
}
