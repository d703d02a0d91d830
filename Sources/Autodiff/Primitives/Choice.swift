import Diagnostics
import Tensors

/// What the greater and the lesser of two have in common: the gradient goes to the one that was taken.
enum Choice {
    static func derivative(
        _ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass, _ takesFirst: (Double, Double) -> Bool
    ) throws(Failure) {
        let tape = reverse.tape
        let (a, b) = (reverse.first(node), reverse.second(node))
        let shape = tape.shape(node)
        let (x, y) = (tape[try tape.expand(a, to: shape)], tape[try tape.expand(b, to: shape)])
        let mask = try tape.constant(like: node) { _ in 0 }
        let data = tape[mask].data
        for index in 0..<tape[node].count where takesFirst(x.data[index], y.data[index]) { data[index] = 1 }
        let nothing = try tape.leaf(0)
        if reverse.wants(a) { try reverse.add(tape.select(mask, upstream, nothing), to: a) }
        if reverse.wants(b) { try reverse.add(tape.select(mask, nothing, upstream), to: b) }
    }
}
