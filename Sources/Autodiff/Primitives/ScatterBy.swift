import Diagnostics
import Tensors

/// y[oᵢ] += xᵢ in a flat result of zeros, where the offsets o are numbers on the tape too;  the gradient is gathered.
enum ScatterBy: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { arguments.dims }

    static func forward(_ node: Node, _ tape: Tape) {
        let (x, offsets) = (tape.operand(node), tape.secondOperand(node))
        node.data.update(repeating: 0, count: node.count)
        for index in 0..<x.count {
            guard let offset = Int(exactly: offsets.data[index]), offset >= 0, offset < node.count else {
                tape.failure = Failure(.index, "an index lies outside of what it writes to")
                return
            }
            node.data[offset] += x.data[index]
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (x, offsets) = (reverse.first(node), reverse.second(node))
        guard reverse.wants(x) else { return }
        let tape = reverse.tape
        // The offsets have the count of x, x may have another shape.
        let picked = try tape.record(.gatherBy, Arguments(upstream, offsets))
        try reverse.add(tape.reshape(picked, tape.shape(x)), to: x)
    }
}
