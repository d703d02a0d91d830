import CKernels
import Diagnostics
import Tensors

/// yᵢ = exp(xᵢ - m) / Σ exp(xⱼ - m) along an axis, m the greatest;  ∂: y (g - Σ g y)
enum Softmax: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] { tape.shape(arguments.first) }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        let (outer, length, inner) = x.around(Int(node.detail))
        guard node.count > 0 else { return }
        if inner == 1 {
            for row in 0..<outer {
                let (source, target) = (x.data + row * length, node.data + row * length)
                var most = source[0]
                for index in 1..<length where source[index] > most || source[index].isNaN { most = source[index] }
                nnb_binary_f64(Int32(BinaryOperation.subtract.rawValue), 1, length, source, &most, target)
                nnb_unary_f64(Int32(UnaryFunction.exp.rawValue), length, target, target)
                var total = nnb_sum_f64(length, target)
                nnb_binary_f64(Int32(BinaryOperation.divide.rawValue), 1, length, target, &total, target)
            }
            return
        }
        for block in 0..<outer {
            for column in 0..<inner {
                let start = block * length * inner + column
                var most = x.data[start]
                for place in 0..<length {
                    let number = x.data[start + place * inner]
                    if number > most || number.isNaN { most = number }
                }
                var total = 0.0
                for place in 0..<length {
                    let power = UnaryFunction.exp(x.data[start + place * inner] - most)
                    node.data[start + place * inner] = power
                    total += power
                }
                for place in 0..<length { node.data[start + place * inner] /= total }
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {
        let tape = reverse.tape
        let weighted = try tape.apply(.multiply, upstream, node)
        let total = try tape.sum(weighted, [Int(tape[node].detail)], keepdims: true)
        let gradient = try tape.apply(.subtract, weighted, tape.apply(.multiply, node, total))
        try reverse.add(gradient, to: reverse.first(node))
    }
}
