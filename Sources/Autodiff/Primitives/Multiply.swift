import Diagnostics
import Tensors

/// y = a b;  ∂y/∂a = b, ∂y/∂b = a
enum Multiply: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("*", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.multiply, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        if reverse.wants(a) { try reverse.add(reverse.tape.apply(.multiply, upstream, b), to: a) }
        if reverse.wants(b) { try reverse.add(reverse.tape.apply(.multiply, upstream, a), to: b) }
    }
}
