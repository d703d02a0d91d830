import Diagnostics
import Tensors

/// Stacks of layers side by side, each given the whole input; their outputs are added or joined along the last axis.
///
///     add:    y = f1(x) + f2(x) + …       outputs of one shape
///     concat: y = [f1(x), f2(x), …]       outputs that differ in their last axis only
public struct Parallel: CompositeLayer {
    public enum Merge: String, Sendable { case add, concat }

    public let merge: Merge
    public let branches: [Branch]

    public init(_ merge: Merge, _ branches: [Branch]) throws(Failure) {
        guard !branches.isEmpty else {
            throw Failure(.argument, "\(merge.rawValue) needs layers", help: "\(merge.rawValue)(dense(8, tanh), dense(8, relu))")
        }
        self.merge = merge
        self.branches = branches
    }

    public var title: String {
        let parts = branches.map { $0.layers.count == 1 ? $0.title : $0.layers.isEmpty ? "x" : "(\($0.title))" }
        return "\(merge.rawValue)(\(parts.joined(separator: ", ")))"
    }

    public var code: String {
        let parts = branches.map { branch in
            switch branch.layers.count {
            case 0: "identity"
            case 1: branch.code
            default: "sequential(\(branch.code))"
            }
        }
        return "\(merge.rawValue)(\(parts.joined(separator: ", ")))"
    }

    public func inner(for input: [Int]) -> [InnerLayer] {
        branches.enumerated().flatMap { number, branch in
            branch.inner(for: input).map { InnerLayer(name: "\(number).\($0.name)", layer: $0.layer, input: $0.input) }
        }
    }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        var shapes: [[Int]] = []
        for branch in branches { shapes.append(try branch.outputShape(for: input)) }
        guard let first = shapes.first else { return input }
        if let other = shapes.first(where: { merge == .add ? $0 != first : $0.dropLast() != first.dropLast() }) {
            throw Failure(
                .shape,
                merge == .add
                    ? "adds outputs of one shape; there are \(Tensor.text(of: first)) and \(Tensor.text(of: other))"
                    : "joins along the last axis outputs that are else alike; there are \(Tensor.text(of: first)) and \(Tensor.text(of: other))")
        }
        if merge == .add { return first }
        return first.dropLast() + [shapes.reduce(0) { $0 + ($1.last ?? 0) }]
    }

    public func check(_ x: Tensor) throws(Failure) { for branch in branches { try branch.check(x) } }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        branches.enumerated().flatMap { number, branch in branch.parameters(for: input).map { $0.inside("\(number)") } }
    }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        plan.hold(point)
        var ends: [Plan.Point] = [], rest = slots
        for branch in branches {
            let count = branch.parameters(for: point.shape).count
            ends.append(try branch.place(in: &plan, at: point, rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return merge == .add ? plan.sum(ends) : plan.join(ends)
    }
}
