import Diagnostics
import Tensors

/// The axes in another order;  the gradient's axes go back into the first.
enum Transpose: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let dims = tape.shape(arguments.first)
        guard arguments.list.sorted() == Array(0..<dims.count) else {
            throw Failure(.shape, "the order of axes must name each of 0 to \(dims.count - 1) once")
        }
        return arguments.list.map { dims[$0] }
    }

    static func forward(_ node: Node, _ tape: Tape) {
        guard node.count > 0 else { return }
        let x = tape.operand(node)
        let steps = Broadcast.strides(of: x.shape, over: x.shape)
        StridedCopy.copy(from: x.data, strides: tape.attribute(node).list.map { steps[$0] }, into: node.data, node.shape)
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let order = reverse.tape.attribute(reverse.tape[node]).list
        var back = [Int](repeating: 0, count: order.count)
        for (place, axis) in order.enumerated() { back[axis] = place }
        try reverse.add(reverse.tape.transpose(upstream, back), to: reverse.first(node))
    }
}
