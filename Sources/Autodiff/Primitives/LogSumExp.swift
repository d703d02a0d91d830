import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// y = m + ln Σ exp(xⱼ - m) along an axis, which stays with the length 1, m the greatest;  ∂: g softmax(x)
enum LogSumExp: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        var dims = tape.shape(arguments.first)
        dims[Int(arguments.detail)] = 1
        return dims
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        let (outer, length, inner) = x.around(Int(node.detail))
        for block in 0..<outer {
            for column in 0..<inner {
                let start = block * length * inner + column
                var most = -Double.infinity
                for place in 0..<length {
                    let number = x.data[start + place * inner]
                    if number > most || number.isNaN { most = number }
                }
                var total = 0.0
                // Where all are -inf their difference would be NaN.
                let centre = most.isFinite ? most : 0
                for place in 0..<length { total += exp(x.data[start + place * inner] - centre) }
                node.data[block * inner + column] = most.isNaN ? most : centre + log(total)
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        let share = try tape.record(.softmax, Arguments(x, detail: tape[node].detail))
        try reverse.add(tape.apply(.multiply, share, upstream), to: x)
    }
}
