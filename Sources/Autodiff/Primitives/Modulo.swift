import Diagnostics
import Tensors

/// y = a - b ⌊a / b⌋, with the sign of b;  ∂y/∂a = 1, ∂y/∂b = -⌊a / b⌋. By zero it is an error.
enum Modulo: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("%", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) {
        FloorDivide.refuseZeros(.modulo, node, tape)
        Elementwise.forward(.modulo, node, tape)
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let tape = reverse.tape
        try reverse.add(upstream, to: a)
        if reverse.wants(b) {
            try reverse.add(tape.apply(.negate, tape.apply(.multiply, upstream, tape.apply(.floorDivide, a, b))), to: b)
        }
    }
}
