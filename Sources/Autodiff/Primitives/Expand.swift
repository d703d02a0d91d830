import Diagnostics
import Tensors

/// Stretched to another shape, axes of length 1 (and those in front that it has not) repeated;  the gradient is summed
/// over them.
enum Expand: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let dims = tape.shape(arguments.first)
        guard try Broadcast.shape(dims, arguments.list, "=") == arguments.list else {
            throw Failure(
                .shape, "a value of shape \(Tensor.text(of: dims)) cannot be stretched to \(Tensor.text(of: arguments.list))")
        }
        return arguments.list
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        if x.count == 1 {
            node.data.update(repeating: x.data[0], count: node.count)
            return
        }
        // The shapes have been found to fit when the node was made.
        guard let plan = try? Broadcast(x.shape, node.shape, "=") else { return }
        plan.forEachRun { source, target, _ in
            if plan.form == 2 {
                (node.data + target).update(repeating: x.data[source], count: plan.run)
            } else {
                (node.data + target).update(from: x.data + source, count: plan.run)
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        // Summed over the stretched axes where it is added.
        try reverse.add(upstream, to: reverse.first(node))
    }
}
