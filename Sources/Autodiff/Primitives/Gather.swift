import Diagnostics
import Tensors

/// yᵢ = x[offsetᵢ] in the flat operand, 0 where the offset is -1: indexing of every kind, and whatever picks elements;
/// the gradient is scattered back.
enum Gather: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        let count = tape[arguments.first].count
        guard arguments.list.allSatisfy({ $0 >= -1 && $0 < count }), arguments.dims.reduce(1, *) == arguments.list.count else {
            throw Failure(.index, "an index lies outside of what it picks from")
        }
        return arguments.dims
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        tape.withList(node) { offsets in
            for index in 0..<node.count { node.data[index] = offsets[index] < 0 ? 0 : x.data[offsets[index]] }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let x = reverse.first(node), tape = reverse.tape
        let offsets = tape.attribute(tape[node]).list
        try reverse.add(tape.record(.scatter, Arguments(upstream, list: offsets, dims: tape.shape(x))), to: x)
    }
}
