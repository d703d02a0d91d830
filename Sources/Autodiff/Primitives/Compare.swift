import Diagnostics
import Tensors

/// How `Compare` compares.
public enum ComparisonRule: UInt8, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    /// What the greater and the lesser of two go by: NaN on the left is taken.
    case isGreatest, isLeast

    @inline(__always)
    func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .isGreatest: a > b || a.isNaN
        case .isLeast: a < b || a.isNaN
        }
    }
}

/// y = 1 where the comparison holds, else 0;  flat everywhere, so nothing flows back.
enum Compare: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        try Elementwise.shape("comparison", arguments, tape)
    }

    static func forward(_ node: Node, _ tape: Tape) {
        guard let rule = ComparisonRule(rawValue: node.detail) else { return }
        let (a, b, out) = (tape.operand(node), tape.secondOperand(node), node.data)
        if b.count == 1, a.count == node.count {
            let number = b.data[0]
            for index in 0..<node.count { out[index] = rule.holds(a.data[index], number) ? 1 : 0 }
            return
        }
        if a.hasShape(of: b) {
            for index in 0..<node.count { out[index] = rule.holds(a.data[index], b.data[index]) ? 1 : 0 }
            return
        }
        // The shapes have been found to fit when the node was made.
        guard let plan = try? Broadcast(a.shape, b.shape, "comparison") else { return }
        let (x, y) = (plan.form == 2 ? 0 : 1, plan.form == 1 ? 0 : 1)
        plan.forEachRun { left, right, target in
            for index in 0..<plan.run {
                out[target + index] = rule.holds(a.data[left + index * x], b.data[right + index * y]) ? 1 : 0
            }
        }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {}
}
