import Diagnostics
import Tensors

/// y[offsetᵢ] += xᵢ in a flat result of zeros;  the gradient is gathered.
enum Scatter: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let count = arguments.dims.reduce(1, *)
        guard arguments.list.allSatisfy({ $0 >= 0 && $0 < count }), tape[arguments.first].count == arguments.list.count else {
            throw Failure(.index, "an index lies outside of what it writes to")
        }
        return arguments.dims
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        node.data.update(repeating: 0, count: node.count)
        for (index, offset) in tape.attribute(node).list.enumerated() { node.data[offset] += x.data[index] }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        let offsets = tape.attribute(tape[node]).list
        try reverse.add(tape.record(.gather, Arguments(upstream, list: offsets, dims: tape.shape(x))), to: x)
    }
}
