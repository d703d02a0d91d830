import Diagnostics
import Tensors

/// yᵢ = x[oᵢ] in the flat operand, where the offsets o are numbers on the tape too;  the gradient is scattered back by
/// the same offsets.
enum GatherBy: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        tape.shape(arguments.second ?? arguments.first)
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let (x, offsets) = (tape.operand(node), tape.secondOperand(node))
        for index in 0..<node.count {
            guard let offset = Int(exactly: offsets.data[index]), offset >= 0, offset < x.count else {
                tape.failure = Failure(.index, "an index lies outside of what it picks from")
                return
            }
            node.data[index] = x.data[offset]
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (x, offsets) = (reverse.first(node), reverse.second(node))
        guard reverse.wants(x) else { return }
        let tape = reverse.tape
        try reverse.add(tape.record(.scatterBy, Arguments(upstream, offsets, dims: tape.shape(x))), to: x)
    }
}
