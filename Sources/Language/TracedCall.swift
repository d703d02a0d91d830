import Diagnostics
import Tensors

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
    var firstTraced: TracedObject? {
        if isTraced { return tracedObject }
        guard holdsTraced else { return nil }
        if let items { for item in items { if let found = item.firstTraced { return found } } }
        if isObject(.sequence) { for item in TupleBlock(object).items { if let found = item.firstTraced { return found } } }
        var found: TracedObject?
        map?.forEach { _, value in found = found ?? value.firstTraced }
        return found
    }
}
