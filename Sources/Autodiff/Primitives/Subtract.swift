import Diagnostics
import Tensors

/// y = a - b;  ∂y/∂a = 1, ∂y/∂b = -1
enum Subtract: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("-", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.subtract, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let b = reverse.second(node)
        try reverse.add(upstream, to: reverse.first(node))
        if reverse.wants(b) { try reverse.add(reverse.tape.apply(.negate, upstream), to: b) }
    }
}
