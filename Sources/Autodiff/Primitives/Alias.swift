import Diagnostics

/// The same value as a node of its own: what is differentiated by it is not differentiated by all that x is used for.
/// Both have their numbers in one place.
enum Alias: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { tape.shape(arguments.first) }
    static func forward(_ node: Node, _ tape: Tape) {}
    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        try reverse.add(upstream, to: reverse.first(node))
    }
}
