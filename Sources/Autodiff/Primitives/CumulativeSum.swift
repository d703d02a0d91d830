import CKernels
import Diagnostics
import Tensors

/// yᵢ = x₀ + … + xᵢ along an axis (or from its end);  the gradient is summed up from the other end.
enum CumulativeSum: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { tape.shape(arguments.first) }

    static func forward(_ node: Node, _ tape: Tape) {
        let axis = Int(node.detail >> 1), fromEnd = node.detail & 1 != 0
        let dims = node.shape
        let length = dims[axis], inner = dims[(axis + 1)...].reduce(1, *), outer = dims[..<axis].reduce(1, *)
        node.data.update(from: tape.operand(node).data, count: node.count)
        for block in 0..<outer {
            for step in 1..<max(length, 1) where step < length {
                let row = fromEnd ? length - 1 - step : step
                let here = node.data + (block * length + row) * inner
                nnb_add_multiple_f64(inner, 1, fromEnd ? here + inner : here - inner, here)
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let detail = reverse.tape[node].detail ^ 1
        try reverse.add(
            reverse.tape.record(.cumulativeSum, Arguments(upstream, detail: detail)), to: reverse.first(node))
    }
}
