import Diagnostics

/// A value from outside: the end of the way back.
enum Leaf: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { tape.shape(arguments.first) }
    static func forward(_ node: Node, _ tape: Tape) {}
    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {}
}
