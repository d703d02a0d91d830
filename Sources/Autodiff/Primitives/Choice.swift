import Diagnostics
import Tensors

/// What the greater and the lesser of two have in common: the gradient goes to the one that was taken.
enum Choice {
    static func derivative(
        _ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass, _ rule: ComparisonRule
    ) throws(Failure) {
        let tape = reverse.tape
        let (a, b) = (reverse.first(node), reverse.second(node))
        let mask = try tape.compare(rule, a, b)
        let nothing = try tape.leaf(0)
        if reverse.wants(a) { try reverse.add(tape.select(mask, upstream, nothing), to: a) }
        if reverse.wants(b) { try reverse.add(tape.select(mask, nothing, upstream), to: b) }
    }
}
