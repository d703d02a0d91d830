import Diagnostics
import Tensors

/// y = min(a, b);  ∂y/∂a = 1 where a < b, else ∂y/∂b = 1
enum Minimum: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("min", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.minimum, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        try Choice.derivative(node, upstream, &reverse, .isLeast)
    }
}
