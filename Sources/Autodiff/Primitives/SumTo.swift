import CKernels
import Diagnostics
import Tensors

/// Σ over the axes along which a value of the result's shape would be stretched to the operand's;  the gradient is
/// stretched over them.
enum SumTo: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let dims = tape.shape(arguments.first)
        guard try Broadcast.shape(dims, arguments.list, "=") == dims else {
            throw Failure(
                .shape, "a value of shape \(Tensor.text(of: dims)) cannot be summed to \(Tensor.text(of: arguments.list))")
        }
        return arguments.list
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        if node.count == 1 {
            node.data[0] = nnb_sum_f64(x.count, x.data)
            return
        }
        node.data.update(repeating: 0, count: node.count)
        // Rows onto one row, as of a bias: the commonest.
        if x.rank == 2, node.rank == 1 || node.dims[0] == 1, node.count == x.dims[1] {
            for row in 0..<x.dims[0] { nnb_add_multiple_f64(node.count, 1, x.data + row * node.count, node.data) }
            return
        }
        // The shapes have been found to fit when the node was made.
        guard x.count > 0, let plan = try? Broadcast(x.shape, node.shape, "=") else { return }
        plan.forEachRun { source, target, _ in
            if plan.form == 1 {
                node.data[target] += nnb_sum_f64(plan.run, x.data + source)
            } else {
                nnb_add_multiple_f64(plan.run, 1, x.data + source, node.data + target)
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node)
        try reverse.add(reverse.tape.expand(upstream, like: x), to: x)
    }
}
