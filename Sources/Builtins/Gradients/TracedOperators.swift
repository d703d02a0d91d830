import Autodiff
import Diagnostics
import Language
import Tensors

/// Operators and comparisons of followed values.
extension Traced {
    override func combine(
        _ operation: BinaryOperation, _ other: Value, isLeft: Bool, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        guard settled == nil else {
            let own = try plain()
            defer { own.release() }
            return try isLeft ? interpreter.apply(operation, own, other) : interpreter.apply(operation, other, own)
        }
        let step: Autodiff.Operation
        switch operation {
        case .add: step = .add
        case .subtract: step = .subtract
        case .multiply: step = .multiply
        case .divide: step = .divide
        case .power: step = .power
        case .maximum: step = .maximum
        case .minimum: step = .minimum
        default: return try uncommon(operation, other, isLeft: isLeft)
        }
        guard !other.isObject || other.isTraced || other.isObject(.tensor), let second = try tracing.variable(of: other) else {
            return nil
        }
        return tracing.value(try isLeft ? tape.apply(step, variable, second) : tape.apply(step, second, variable))
    }

    private func uncommon(_ operation: BinaryOperation, _ other: Value, isLeft: Bool) throws(Failure) -> Value? {
        guard operation == .floorDivide || operation == .modulo, !other.isObject || other.isTraced || other.isObject(.tensor),
            let second = try tracing.variable(of: other)
        else { return nil }
        let (a, b) = isLeft ? (variable, second) : (second, variable)
        let divisor = try tape.value(b)
        if divisor.numbers.contains(0) { throw Elementwise.divisionByZero(operation) }
        let quotient = try tape.apply(.floor, tape.apply(.divide, a, b))
        if operation == .floorDivide { return tracing.value(quotient) }
        return tracing.value(try tape.apply(.subtract, a, tape.apply(.multiply, b, quotient)))
    }

    override func product(_ other: Value, isLeft: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard other.isNumber || other.isTraced || other.isObject(.tensor) else { return nil }
        guard settled == nil else {
            let own = try plain()
            defer { own.release() }
            return try isLeft ? interpreter.product(own, other) : interpreter.product(other, own)
        }
        guard let second = try tracing.variable(of: other) else { return nil }
        return tracing.value(try isLeft ? tape.product(variable, second) : tape.product(second, variable))
    }

    override func negated() throws(Failure) -> Value {
        if let settled { return Value(reduced: try Mathematics.apply(.negate, settled)) }
        return tracing.value(try tape.apply(.negate, variable))
    }

    /// A comparison is answered by the numbers as they are.
    override func compare(
        _ operation: Comparison, _ other: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        guard other.isNumber || other.isBool || other.isTraced || other.isObject(.tensor) else { return nil }
        let own = try plain()
        let second = try other.untraced()
        defer {
            own.release()
            second.release()
        }
        return try interpreter.compare(operation, own, second)
    }
}
