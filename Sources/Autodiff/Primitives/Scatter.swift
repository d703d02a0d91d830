import Diagnostics
import Tensors

/// y[offsetᵢ] += xᵢ in a flat result of zeros, nothing where the offset is -1;  the gradient is gathered.
enum Scatter: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let count = arguments.dims.reduce(1, *)
        guard arguments.list.allSatisfy({ $0 >= -1 && $0 < count }), tape[arguments.first].count == arguments.list.count else {
            throw Failure(.index, "an index lies outside of what it writes to")
        }
        return arguments.dims
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        node.data.update(repeating: 0, count: node.count)
        tape.withList(node) { offsets in
            for index in 0..<x.count where offsets[index] >= 0 { node.data[offsets[index]] += x.data[index] }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        let offsets = tape.attribute(tape[node]).list
        try reverse.add(tape.record(.gather, Arguments(upstream, list: offsets, dims: tape.shape(x))), to: x)
    }
}
