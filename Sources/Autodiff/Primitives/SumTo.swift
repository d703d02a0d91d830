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
        node.data.update(repeating: 0, count: node.count)
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
        try reverse.add(reverse.tape.expand(upstream, to: reverse.tape.shape(x)), to: x)
    }
}
