import Diagnostics
import Tensors

/// A number or a tensor that is followed: what is done to it is recorded for a gradient. To a user it is the number or
/// tensor that it stands for, so the machine asks it wherever it knows its own numbers and tensors by heart. It is a
/// value as they are: what changes it puts another in its place.
///
/// Arguments are borrowed, results carry one count, as everywhere.
open class TracedObject: NativeObject {
    /// Empty for a number.
    open var shape: [Int] { [] }
    /// What it stands for, now: a number, a bool or a tensor of its own, nothing of which is recorded any more.
    open func plain() throws(Failure) -> Value { .none }
    /// What it stands for, on its way to being written.
    open func printed() -> Value { .none }
    /// `object @ other`, or `other @ object`.
    open func product(_ other: Value, isLeft: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? { nil }
    /// `-object`.
    open func negated() throws(Failure) -> Value { .none }
    /// The tensor `whole` with its elements at the keys set to `part`, or changed by `operation`; one of the two is
    /// this object, or both are followed.
    open func changed(
        _ whole: Value, _ keys: [Value], _ operation: BinaryOperation?, _ part: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value { .none }
    /// A tensor of items, this one among them: numbers, or tensors of one shape along a new first axis. Numbers are laid
    /// out in so many rows where `rows` is given.
    open func joined(_ items: [Value], rows: Int?, _ interpreter: Interpreter) throws(Failure) -> Value { .none }
    /// What a body gives that only arranges the elements of its arguments, this object among them, in another way.
    open func moved(_ call: borrowing Call, _ body: Builtin.Body) throws(Failure) -> Value { .none }
    /// A changing method of tensors on `whole`: what stands in its place after, and what the call gives. Nil where there
    /// is no such method.
    open func method(
        _ name: String, _ whole: Value, _ arguments: [Value], _ interpreter: Interpreter
    ) throws(Failure) -> (whole: Value, result: Value)? { nil }
}

extension Value {
    /// A number or tensor that is followed for a gradient.
    @inlinable @inline(__always)
    public var isTraced: Bool {
        isObject && header.pointee.kind == BlockKind.native.rawValue && header.pointee.detail == 1
    }

    /// Valid only where `isTraced`.
    public var tracedObject: TracedObject {
        unsafeDowncast(ReferenceBlock(object).native, to: TracedObject.self)
    }

    /// Whether something in it is followed: looks into lists, tuples, maps and what runs through them, not into objects.
    public var holdsTraced: Bool { holdsTraced(depth: 0) }

    private func holdsTraced(depth: Int) -> Bool {
        guard isObject, let kind = BlockKind(rawValue: header.pointee.kind), depth < 64 else { return false }
        switch kind {
        case .native: return header.pointee.detail == 1
        case .list: return ListBlock(object).items.contains { $0.holdsTraced(depth: depth + 1) }
        case .tuple, .sequence: return TupleBlock(object).items.contains { $0.holdsTraced(depth: depth + 1) }
        case .map:
            var found = false
            MapBlock(object).forEach { _, value in found = found || value.holdsTraced(depth: depth + 1) }
            return found
        default: return false
        }
    }

    /// What stands for it without being followed, with one count: lists, tuples and maps are copied where they hold
    /// something that is.
    public func untraced() throws(Failure) -> Value {
        guard holdsTraced, let kind = BlockKind(rawValue: header.pointee.kind) else { return retained }
        if isTraced { return try tracedObject.plain() }
        if kind == .map {
            var entries: [(Value, Value)] = []
            for (key, value) in MapBlock(object).entries {
                do throws(Failure) {
                    let plain = try value.untraced()
                    entries.append((key.retained, plain))
                } catch {
                    for (key, value) in entries {
                        key.release()
                        value.release()
                    }
                    throw error
                }
            }
            return Value(map: entries)
        }
        var items: [Value] = []
        for item in kind == .list ? ListBlock(object).items : TupleBlock(object).items {
            do throws(Failure) {
                items.append(try item.untraced())
            } catch {
                for item in items { item.release() }
                throw error
            }
        }
        switch kind {
        case .list: return Value(list: items)
        case .tuple: return Value(tuple: items)
        default: return Value(sequence: items)
        }
    }
}

extension Call {
    /// The first thing in the arguments that is followed.
    public var firstTraced: TracedObject? {
        for value in arguments { if let found = value.firstTraced { return found } }
        for value in rest { if let found = value.firstTraced { return found } }
        return nil
    }

    /// Calls a body with other arguments: what `change` makes of each, with one count.
    public func with(
        _ change: (Value) throws(Failure) -> Value, _ body: (borrowing Call) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let values = UnsafeMutableBufferPointer<Value>.allocate(capacity: arguments.count + rest.count)
        values.initialize(repeating: .none)
        defer {
            for value in values { value.release() }
            values.deallocate()
        }
        for index in 0..<arguments.count { values[index] = try change(arguments[index]) }
        for index in 0..<rest.count { values[arguments.count + index] = try change(rest[index]) }
        let all = UnsafeBufferPointer(values)
        return try body(
            Call(
                arguments: UnsafeBufferPointer(rebasing: all[..<arguments.count]),
                rest: UnsafeBufferPointer(rebasing: all[arguments.count...]), signature: signature, interpreter: interpreter))
    }
}

extension Value {
    fileprivate var firstTraced: TracedObject? {
        if isTraced { return tracedObject }
        guard holdsTraced else { return nil }
        if let items { for item in items { if let found = item.firstTraced { return found } } }
        if isObject(.sequence) { for item in TupleBlock(object).items { if let found = item.firstTraced { return found } } }
        var found: TracedObject?
        map?.forEach { _, value in found = found ?? value.firstTraced }
        return found
    }
}

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
