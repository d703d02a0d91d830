import Diagnostics
import Tensors

/// y = a / b;  ∂y/∂a = 1 / b, ∂y/∂b = -y / b
enum Divide: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("/", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.divide, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let share = try reverse.tape.apply(.divide, upstream, b)
        try reverse.add(share, to: a)
        if reverse.wants(b) {
            try reverse.add(reverse.tape.apply(.negate, reverse.tape.apply(.multiply, share, node)), to: b)
        }
    }
}
