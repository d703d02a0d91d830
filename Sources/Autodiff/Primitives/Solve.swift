import Diagnostics
import Tensors

/// The X of A X = B, B a matrix;  ∂B = A⁻ᵀ G, ∂A = -∂B Xᵀ. A singular A is an error.
enum Solve: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let a = try Squares.check(tape.shape(arguments.first), "solve")
        let b = tape.shape(arguments.second ?? arguments.first)
        guard b.count == 2, b[0] == a[0] else {
            throw Failure(
                .shape, "solve of \(Tensor.text(of: a)) and \(Tensor.text(of: b)) needs \(a[0]) = \(b.first ?? 1)")
        }
        return b
    }

    static func forward(_ node: Node, _ tape: Tape) {
        tape.run { () throws(Failure) in
            let result = try LinearAlgebra.solve(tape.value(tape.operand(node)), tape.value(tape.secondOperand(node)))
            node.data.update(from: result.block.float64, count: node.count)
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let tape = reverse.tape
        let right = try tape.record(.solve, Arguments(tape.transpose(a), upstream))
        try reverse.add(right, to: b)
        if reverse.wants(a) { try reverse.add(tape.apply(.negate, tape.matrices(right, node, transposeSecond: true)), to: a) }
    }
}
