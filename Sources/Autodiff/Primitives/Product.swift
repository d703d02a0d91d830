import Diagnostics
import Tensors

/// Y = op(A) op(B) of matrices, or of stacks of as many, op the transpose where the flag is set.
///
///     ∂A = G op(B)ᵀ, of Aᵀ op(B) Gᵀ        ∂B = op(A)ᵀ G, of Bᵀ Gᵀ op(A)
enum Product: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let a = tape.shape(arguments.first), b = tape.shape(arguments.second ?? arguments.first)
        let rank = a.count
        guard rank >= 2, b.count == rank, a.dropLast(2) == b.dropLast(2) else {
            throw Failure(.shape, "matrices of \(Tensor.text(of: a)) and \(Tensor.text(of: b)) cannot be multiplied")
        }
        let (m, k) = arguments.detail & 1 == 0 ? (a[rank - 2], a[rank - 1]) : (a[rank - 1], a[rank - 2])
        let (l, n) = arguments.detail & 2 == 0 ? (b[rank - 2], b[rank - 1]) : (b[rank - 1], b[rank - 2])
        guard k == l else {
            throw Failure(
                .shape, "the product of \(Tensor.text(of: a)) and \(Tensor.text(of: b)) needs \(k) = \(l)")
        }
        return a.dropLast(2) + [m, n]
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let (a, b) = (tape.operand(node), tape.secondOperand(node))
        let rank = Int(node.rank)
        let (m, n) = (node.dims[rank - 2], node.dims[rank - 1])
        let k = node.detail & 1 == 0 ? a.dims[rank - 1] : a.dims[rank - 2]
        guard node.count > 0 else { return }
        for matrix in 0..<(node.count / (m * n)) {
            MatrixKernel.product(
                m, n, k, a.data + matrix * m * k, transposed: node.detail & 1 != 0, b.data + matrix * k * n,
                transposed: node.detail & 2 != 0, node.data + matrix * m * n)
        }
    }

    static func derivative(_ node: Variable, _ g: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let tape = reverse.tape
        let (first, second) = (tape[node].detail & 1 != 0, tape[node].detail & 2 != 0)
        if reverse.wants(a) {
            let gradient = try first
                ? tape.matrices(b, g, transposeFirst: second, transposeSecond: true)
                : tape.matrices(g, b, transposeSecond: !second)
            try reverse.add(gradient, to: a)
        }
        if reverse.wants(b) {
            let gradient = try second
                ? tape.matrices(g, a, transposeFirst: true, transposeSecond: first)
                : tape.matrices(a, g, transposeFirst: !first)
            try reverse.add(gradient, to: b)
        }
    }
}
