import Diagnostics
import Tensors

/// The same elements under another shape;  the gradient goes back under the first. Both have their numbers in one place,
/// so there is nothing to do.
enum Reshape: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        guard arguments.list.reduce(1, *) == tape[arguments.first].count else {
            throw Failure(
                .shape, "\(tape[arguments.first].count) elements cannot have the shape \(Tensor.text(of: arguments.list))")
        }
        return arguments.list
    }

    static func forward(_ node: Node, _ tape: Tape) {}

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node)
        try reverse.add(reverse.tape.reshape(upstream, like: x), to: x)
    }
}
