import Diagnostics
import Tensors

/// Y = A⁻¹;  ∂A = -Yᵀ G Yᵀ. A singular matrix is an error.
enum Inverse: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Squares.check(tape.shape(arguments.first), "inv")
    }

    static func forward(_ node: Node, _ tape: Tape) {
        tape.run { () throws(Failure) in
            let result = try LinearAlgebra.inverse(tape.value(tape.operand(node)))
            node.data.update(from: result.block.float64, count: node.count)
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let tape = reverse.tape
        let right = try tape.matrices(upstream, node, transposeSecond: true)
        try reverse.add(tape.apply(.negate, tape.matrices(node, right, transposeFirst: true)), to: reverse.first(node))
    }
}

/// What the primitives on square matrices have in common.
enum Squares {
    static func check(_ dims: [Int], _ name: String) throws(Failure) -> [Int] {
        guard dims.count == 2, dims[0] == dims[1] else {
            throw Failure(.shape, "\(name) takes a square matrix, not \(Tensor.text(of: dims))")
        }
        return dims
    }
}
