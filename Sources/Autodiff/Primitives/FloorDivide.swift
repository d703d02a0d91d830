import Diagnostics
import Tensors

/// y = ⌊a / b⌋, Python's;  flat wherever it is smooth, so nothing flows back. By zero it is an error.
enum FloorDivide: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("//", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) {
        refuseZeros(.floorDivide, node, tape)
        Elementwise.forward(.floorDivide, node, tape)
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {}

    static func refuseZeros(_ operation: BinaryOperation, _ node: Node, _ tape: Tape) {
        let divisor = tape.secondOperand(node)
        for index in 0..<divisor.count where divisor.data[index] == 0 {
            tape.failure = Tensors.Elementwise.divisionByZero(operation)
            return
        }
    }
}
