import Diagnostics
import Tensors

/// a, then b, along an axis;  each gets its part of the gradient.
enum Join: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        var a = tape.shape(arguments.first)
        let b = tape.shape(arguments.second ?? arguments.first), axis = Int(arguments.detail)
        guard a.indices.contains(axis), a.count == b.count, a.indices.allSatisfy({ $0 == axis || a[$0] == b[$0] }) else {
            throw Failure(
                .shape,
                "tensors of the shapes \(Tensor.text(of: a)) and \(Tensor.text(of: b)) cannot be joined along axis \(axis)")
        }
        a[axis] += b[axis]
        return a
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let (a, b) = (tape.operand(node), tape.secondOperand(node))
        let axis = Int(node.detail)
        let (outer, first, inner) = a.around(axis)
        let left = first * inner, right = b.around(axis).length * inner
        for block in 0..<outer {
            let start = node.data + block * (left + right)
            start.update(from: a.data + block * left, count: left)
            (start + left).update(from: b.data + block * right, count: right)
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let tape = reverse.tape
        let axis = Int(tape[node].detail), length = tape[a].around(axis).length
        let lead = [Index](repeating: .all, count: axis)
        if reverse.wants(a) { try reverse.add(tape.index(upstream, lead + [.slice(start: 0, stop: length)]), to: a) }
        if reverse.wants(b) { try reverse.add(tape.index(upstream, lead + [.slice(start: length)]), to: b) }
    }
}
