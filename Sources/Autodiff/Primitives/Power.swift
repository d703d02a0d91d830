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
            // 0 a^-1 would be NaN at a = 0.
            let exponents = UnsafeBufferPointer(start: tape[b].data, count: tape[b].count)
            if exponents.contains(0) {
                let mask = try tape.expand(tape.constant(like: b) { $0 == 0 ? 0 : 1 }, to: tape.shape(slope))
                slope = try tape.select(mask, slope, tape.leaf(0))
            }
            try reverse.add(tape.apply(.multiply, upstream, slope), to: a)
        }
        if reverse.wants(b) {
            let positive = try tape.constant(like: a) { $0 > 0 ? 1 : 0 }
            let logarithm = try tape.apply(.log, tape.select(positive, a, tape.leaf(1)))
            try reverse.add(tape.apply(.multiply, upstream, tape.apply(.multiply, node, logarithm)), to: b)
        }
    }
}
