import Diagnostics
import Tensors

/// y = a^b;  ∂y/∂a = b a^(b - 1), 0 where b is 0;  ∂y/∂b = y ln a, 0 where a is not above 0
enum Power: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("^", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) { Elementwise.forward(.power, node, tape) }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (a, b) = (reverse.first(node), reverse.second(node))
        let tape = reverse.tape
        if reverse.wants(a) {
            let less = try tape.apply(.subtract, b, tape.leaf(1))
            var slope = try tape.apply(.multiply, b, tape.apply(.power, a, less))
            // 0 a^-1 would be NaN at a = 0. A single exponent that cannot change needs no mask.
            let exponent = tape[b]
            if exponent.operation != .leaf || exponent.count != 1 || exponent.data[0] == 0 {
                let isZero = try tape.compare(.equal, tape.expand(b, to: tape.shape(slope)), tape.leaf(0))
                slope = try tape.select(isZero, tape.leaf(0), slope)
            }
            try reverse.add(tape.apply(.multiply, upstream, slope), to: a)
        }
        if reverse.wants(b) {
            let positive = try tape.compare(.greater, a, tape.leaf(0))
            let logarithm = try tape.apply(.log, tape.select(positive, a, tape.leaf(1)))
            try reverse.add(tape.apply(.multiply, upstream, tape.apply(.multiply, node, logarithm)), to: b)
        }
    }
}
