import Autodiff
import Diagnostics
import Language
import Tensors

/// Operators and comparisons of followed values.
extension Traced {
    func combined(
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
        case .power:
            // The commonest exponent costs a product instead of a call.
            if isLeft, other == Value(2.0) { return tracing.value(try tape.apply(.square, variable)) }
            step = .power
        case .maximum: step = .maximum
        case .minimum: step = .minimum
        case .floorDivide: step = .floorDivide
        case .modulo: step = .modulo
        case .and: step = .minimum
        case .or: step = .maximum
        default: return nil
        }
        if operation.isLogical, !isMask || !(other.isBool || Traced.isMask(other)) { return nil }
        guard !other.isObject || other.isTraced || other.isObject(.tensor), let second = try tracing.variable(of: other) else {
            return nil
        }
        return tracing.value(
            try isLeft ? tape.apply(step, variable, second) : tape.apply(step, second, variable), isMask: operation.isLogical)
    }

    private static func isMask(_ value: Value) -> Bool {
        if value.isTraced { return unsafeDowncast(value.tracedObject, to: Traced.self).isMask }
        return value.isObject(.tensor) && TensorBlock(value.object).dtype == .bool
    }

    func multiplied(_ other: Value, isLeft: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard other.isNumber || other.isTraced || other.isObject(.tensor) else { return nil }
        guard settled == nil else {
            let own = try plain()
            defer { own.release() }
            return try isLeft ? interpreter.product(own, other) : interpreter.product(other, own)
        }
        guard let second = try tracing.variable(of: other) else { return nil }
        return tracing.value(try isLeft ? tape.product(variable, second) : tape.product(second, variable))
    }

    func negative() throws(Failure) -> Value {
        if let settled { return Value(reduced: try Mathematics.apply(.negate, settled)) }
        return tracing.value(try tape.apply(.negate, variable))
    }

    /// A mask, which decides what `where` takes; of numbers the answer, by what they are now.
    func compared(
        _ operation: Comparison, _ other: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        guard other.isNumber || other.isBool || other.isTraced || other.isObject(.tensor) else {
            // Numbers in a list or a tuple beside a tensor are one, as they are where nothing is followed.
            guard !shape.isEmpty, let counted = try Conversions.counted(other) else { return nil }
            let value = Value(tensor: counted)
            defer { value.release() }
            return try compared(operation, value, interpreter)
        }
        if settled == nil, !shape.isEmpty || other.isObject(.tensor) || other.isTraced && !other.tracedObject.shape.isEmpty,
            let second = try tracing.variable(of: other)
        {
            return tracing.value(try tape.compare(Traced.rule(operation), variable, second), isMask: true)
        }
        let own = try plain()
        let second = try other.untraced()
        defer {
            own.release()
            second.release()
        }
        return try interpreter.compare(operation, own, second)
    }

    private static func rule(_ comparison: Comparison) -> ComparisonRule {
        switch comparison {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        }
    }
}
