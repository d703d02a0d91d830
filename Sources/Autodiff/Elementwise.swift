import CKernels
import Diagnostics
import Tensors

/// What the operators on two operands have in common: shapes by the language's rule, the loops of `tensor_loops.h`.
enum Elementwise {
    static func shape(_ symbol: String, _ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Broadcast.shape(tape.shape(arguments.first), tape.shape(arguments.second ?? arguments.first), symbol)
    }

    static func forward(_ operation: Operation, _ node: Node, _ tape: Tape) {
        run(operation, node, tape.operand(node), tape.secondOperand(node))
    }

    static func run(_ operation: Operation, _ node: Node, _ a: Node, _ b: Node) {
        let code = binary(operation)
        if node.count <= 8, operation.rawValue <= Operation.divide.rawValue, a.count == node.count, b.count == node.count {
            return few(operation, node.count, a.data, b.data, node.data)
        }
        if a.hasShape(of: b) { return loop(code, 0, node.count, a.data, b.data, node.data) }
        if b.count == 1 { return loop(code, 1, node.count, a.data, b.data, node.data) }
        if a.count == 1 { return loop(code, 2, node.count, a.data, b.data, node.data) }
        // The shapes have been found to fit when the node was made.
        guard let plan = try? Broadcast(a.shape, b.shape, code.symbol) else { return }
        plan.forEachRun { x, y, z in loop(code, plan.form, plan.run, a.data + x, b.data + y, node.data + z) }
    }

    /// Up to a handful of elements a loop in place beats the call of a kernel. Both run, both as long as the result.
    @inline(__always)
    private static func few(
        _ operation: Operation, _ count: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        switch operation {
        case .add: for i in 0..<count { out[i] = a[i] + b[i] }
        case .subtract: for i in 0..<count { out[i] = a[i] - b[i] }
        case .multiply: for i in 0..<count { out[i] = a[i] * b[i] }
        default: for i in 0..<count { out[i] = a[i] / b[i] }
        }
    }

    private static func binary(_ operation: Operation) -> BinaryOperation {
        switch operation {
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .power: .power
        case .maximum: .maximum
        case .minimum: .minimum
        case .floorDivide: .floorDivide
        case .modulo: .modulo
        default: .add
        }
    }

    @inline(__always)
    private static func loop(
        _ operation: BinaryOperation, _ form: Int32, _ count: Int, _ a: UnsafePointer<Double>,
        _ b: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        nnb_binary_f64(Int32(operation.rawValue), form, count, a, b, out)
    }
}
