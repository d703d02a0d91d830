import Diagnostics
import Tensors

/// y = max(a, b);  ∂y/∂a = 1 where a > b, else ∂y/∂b = 1: so max(x, 0) has the slope 0 at 0
enum Maximum: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("max", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.maximum, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        try Choice.derivative(node, upstream, &reverse, .isGreatest)
    }
}
