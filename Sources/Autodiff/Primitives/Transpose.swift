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
        let x = tape.operand(node), order = tape.attribute(node).list
        let steps = Broadcast.strides(of: x.shape, over: x.shape)
        let strides = order.map { steps[$0] }
        let dims = node.shape
        var position = [Int](repeating: 0, count: dims.count)
        var offset = 0
        for index in 0..<node.count {
            node.data[index] = x.data[offset]
            var axis = dims.count - 1
            while axis >= 0 {
                position[axis] += 1
                offset += strides[axis]
                if position[axis] < dims[axis] { break }
                offset -= strides[axis] * dims[axis]
                position[axis] = 0
                axis -= 1
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let order = reverse.tape.attribute(reverse.tape[node]).list
        var back = [Int](repeating: 0, count: order.count)
        for (place, axis) in order.enumerated() { back[axis] = place }
        try reverse.add(reverse.tape.transpose(upstream, back), to: reverse.first(node))
    }
}
