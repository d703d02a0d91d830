import Diagnostics
import Tensors

/// y = det A;  ∂A = g y (A⁻¹)ᵀ, for which A must not be singular.
enum Determinant: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        _ = try Squares.check(tape.shape(arguments.first), "det")
        return []
    }

    static func forward(_ node: Node, _ tape: Tape) {
        tape.run { () throws(Failure) in
            node.data[0] = try LinearAlgebra.determinant(tape.value(tape.operand(node)))
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        let cofactors = try tape.apply(.multiply, node, tape.transpose(tape.inverse(x)))
        try reverse.add(tape.apply(.multiply, upstream, cofactors), to: x)
    }
}
