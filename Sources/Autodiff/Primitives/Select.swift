import Diagnostics
import Tensors

/// y = a where the mask is not 0, else b;  ∂y/∂a = mask, ∂y/∂b = 1 - mask. The mask itself is a constant. Each operand has
/// the shape of the result or is one number.
enum Select: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        var result = tape.shape(arguments.first)
        for operand in [arguments.second, arguments.third] {
            guard let operand else { continue }
            result = try Broadcast.shape(result, tape.shape(operand), "where")
        }
        for operand in [arguments.first, arguments.second, arguments.third] {
            if let operand, tape[operand].count != 1, tape.shape(operand) != result {
                throw Failure(
                    .shape, "where needs operands of one shape, not \(Tensor.text(of: tape.shape(operand))) "
                        + "and \(Tensor.text(of: result))")
            }
        }
        return result
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let (mask, a, b) = (tape.nodes[Int(node.first)], tape.nodes[Int(node.second)], tape.nodes[Int(node.third)])
        let (m, x, y) = (mask.count == 1 ? 0 : 1, a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
        for index in 0..<node.count {
            node.data[index] = mask.data[index * m] != 0 ? a.data[index * x] : b.data[index * y]
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let (mask, a, b) = (reverse.first(node), reverse.second(node), reverse.third(node))
        let nothing = try reverse.tape.leaf(0)
        if reverse.wants(a) { try reverse.add(reverse.tape.select(mask, upstream, nothing), to: a) }
        if reverse.wants(b) { try reverse.add(reverse.tape.select(mask, nothing, upstream), to: b) }
    }
}
