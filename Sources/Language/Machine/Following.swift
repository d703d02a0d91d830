import Diagnostics
import Tensors

/// What the machine does where a followed value meets its instructions.
extension Machine {
    /// `x op y`, one of them followed. With `isCompound`, `x op= y`: the shape must stay.
    @inline(never)
    func combinedTraced(_ operation: BinaryOperation, _ x: Value, _ y: Value, isCompound: Bool) throws(Failure) -> Value {
        let interpreter = state.pointee.interpreter
        let result = try x.isTraced
            ? x.tracedObject.combine(operation, y, isLeft: true, interpreter)
            : y.tracedObject.combine(operation, x, isLeft: false, interpreter)
        guard let result else {
            if let combined = try combinedStructures(operation, x, y) { return combined }
            throw Machine.unsupported(operation.symbol, x, y)
        }
        if isCompound, result.isTraced {
            let (before, after) = (Machine.shape(x), result.tracedObject.shape)
            if before != after {
                result.release(heap)
                let words = before.isEmpty ? "a number" : Tensor.text(of: before)
                throw Failure(
                    .shape, "`\(operation.symbol)=` may not change the shape \(words) into \(Tensor.text(of: after))",
                    label: "{0} is \(words)", help: "write {0} = {0} \(operation.symbol) {1} if that is meant")
            }
        }
        return result
    }

    static func shape(_ value: Value) -> [Int] {
        if value.isObject(.tensor) { return TensorBlock(value.object).shape }
        return value.isTraced ? value.tracedObject.shape : []
    }

    /// `x @ y`, one of them followed.
    func productTraced(_ x: Value, _ y: Value) throws(Failure) -> Value {
        let interpreter = state.pointee.interpreter
        let result = try x.isTraced
            ? x.tracedObject.product(y, isLeft: true, interpreter) : y.tracedObject.product(x, isLeft: false, interpreter)
        guard let result else { throw Machine.unsupported("@", x, y) }
        return result
    }

    /// `x @ y` of values that stand in no registers.
    func product(_ x: Value, _ y: Value) throws(Failure) -> Value {
        if x.isObject(.tensor), y.isObject(.tensor) {
            return Value(item: try MatrixProduct.product(TensorBlock(x.object), TensorBlock(y.object), heap))
        }
        if x.isTraced || y.isTraced { return try productTraced(x, y) }
        return try operated(.multiply, x, y)
    }

    /// `slot[keys] = value`, or `op= value`, where the tensor or the value is followed. The value is borrowed.
    func changeTraced(
        _ slot: UnsafeMutablePointer<Value>, _ keys: UnsafeBufferPointer<Value>, _ operation: BinaryOperation?, _ value: Value
    ) throws(Failure) {
        let whole = slot.pointee
        let object = whole.isTraced ? whole.tracedObject : value.tracedObject
        try withPlain(keys) { (keys) throws(Failure) in
            let changed = try object.changed(whole, Array(keys), operation, value, state.pointee.interpreter)
            put(slot, changed)
        }
    }

    /// Keys are numbers, also where they were followed until here.
    func withPlain<Result>(
        _ keys: UnsafeBufferPointer<Value>, _ body: (UnsafeBufferPointer<Value>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard keys.contains(where: { $0.holdsTraced }) else { return try body(keys) }
        let plain = UnsafeMutableBufferPointer<Value>.allocate(capacity: keys.count)
        plain.initialize(repeating: .none)
        defer {
            for key in plain { key.release(heap) }
            plain.deallocate()
        }
        for (number, key) in keys.enumerated() { plain[number] = try key.untraced() }
        return try body(UnsafeBufferPointer(plain))
    }

    /// A bracket literal with something followed in it; nil where it is a list.
    func joinedTraced(_ items: UnsafeBufferPointer<Value>, _ isLiteral: (Int) -> Bool) throws(Failure) -> Value? {
        guard let first = items.first(where: { $0.isTraced }) else { return nil }
        var tensors = 0
        for (number, item) in items.enumerated() {
            if item.isNumber || item.isBool { continue }
            if item.isTraced, item.tracedObject.shape.isEmpty { continue }
            guard item.isTraced || item.isObject(.tensor), isLiteral(number) else { return nil }
            tensors += 1
        }
        if tensors > 0, tensors < items.count {
            let number = items.firstIndex { $0.isNumber || $0.isBool || $0.isTraced && $0.tracedObject.shape.isEmpty } ?? 0
            throw Failure(.shape, "row \(number) is a number, other rows are vectors")
        }
        return try first.tracedObject.joined(Array(items), rows: nil, state.pointee.interpreter)
    }

    /// The body of a function of the prelude that is called with something followed; nil where the call failed.
    func tracedBody(
        _ builtin: BuiltinFunction, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
    ) -> Builtin.Body? {
        var holds = false
        for number in 0..<count where arguments[number].isObject && arguments[number].holdsTraced {
            holds = true
            break
        }
        guard holds else { return builtin.body }
        switch builtin.record.tracing {
        case .itself: return builtin.body
        case .body(let body): return body
        case .constant:
            let body = builtin.body
            return { (call: borrowing Call) throws(Failure) -> Value in
                try call.with({ (value) throws(Failure) in try value.untraced() }, body)
            }
        case .moves:
            let body = builtin.body
            return { (call: borrowing Call) throws(Failure) -> Value in
                guard let object = call.firstTraced else { return try body(call) }
                return try object.moved(call, body)
            }
        case .refused(let help):
            _ = fail(
                Failure(
                    .type, "`\(builtin.signature.name)` has no derivative: a gradient cannot go through it", help: help))
            return nil
        }
    }
}
