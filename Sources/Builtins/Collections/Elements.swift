import Diagnostics
import Language
import Tensors

/// What the functions on collections share.
enum Elements {
    /// All that `for` would run through, each with a count.
    static func retained(of value: Value, _ call: borrowing Call) throws(Failure) -> [Value] {
        var elements: [Value] = []
        if let items = value.items { return items.map(\.retained) }
        do throws(Failure) {
            try forEach(value, call, 0) { elements.append($0.retained) }
        } catch {
            for element in elements { element.release() }
            throw error
        }
        return elements
    }

    /// Runs through a value that is an argument, or one of the variadic parameter's.
    static func forEach(
        _ value: Value, _ call: borrowing Call, _ argument: Int, _ body: (Value) throws(Failure) -> Void
    ) throws(Failure) {
        // What is gathered lies in memory that nobody else counts.
        let (size, isOver) = (value.elementCount ?? 0).multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
        guard !isOver, size < 64 << 20 || size < MemoryLimit.available() else {
            throw Failure(.memory, "a list of \(value.elementCount ?? 0) elements needs more memory than is left", argument: argument)
        }
        guard try value.forEach(body) else {
            throw call.unexpected(argument, "something to run through", given: value.inWords)
        }
    }

    /// The function and the sequence, whichever stands first: `map(f, xs)` and `xs.map(f)`.
    static func functionAndSequence(_ call: borrowing Call) throws(Failure) -> (function: Int, sequence: Int) {
        if call[0].isCallable, !call[1].isCallable || call[1].isIterable { return (0, 1) }
        if call[1].isCallable { return (1, 0) }
        throw call.unexpected(0, "a function")
    }

    /// A value as a bracket literal makes it of its elements: a tensor of numbers or of bools, else a list. Takes over
    /// the counts.
    static func collected(_ values: [Value], _ interpreter: Interpreter) throws(Failure) -> Value {
        let list = Value(list: values)
        if let tracing = Tracing.current(interpreter), values.contains(where: { $0.isTraced }),
            values.allSatisfy({ $0.isNumber || $0.isBool || $0.isTraced && $0.tracedObject.shape.isEmpty }),
            let joined = try tracing.stacked(values)
        {
            list.release()
            return tracing.value(joined)
        }
        guard !values.isEmpty, values.allSatisfy({ $0.isNumber }) || values.allSatisfy({ $0.isBool }) else { return list }
        defer { list.release() }
        return try Conversions.tensor(list).map { Value(tensor: $0) } ?? list.retained
    }

    static func entries(_ call: borrowing Call) throws(Failure) -> [(key: Value, value: Value)] {
        guard let map = call[0].map else { throw call.unexpected(0, "a map") }
        return map.entries
    }
}

/// The order of numbers, strings, bools, and of lists and tuples of these element by element.
enum ElementOrder {
    /// The positions of the keys in their order; equal ones keep theirs, also where the order is reversed. NaN comes
    /// last.
    static func positions(_ keys: [Value], isReversed: Bool) throws(Failure) -> [Int] {
        guard let first = keys.first else { return [] }
        for key in keys { try check(first, key, 0) }
        return keys.indices.sorted { a, b in
            let order = isReversed ? compare(keys[b], keys[a]) : compare(keys[a], keys[b])
            return order < 0 || (order == 0 && a < b)
        }
    }

    private static func check(_ a: Value, _ b: Value, _ depth: Int) throws(Failure) {
        if a.isNumber && b.isNumber || a.isBool && b.isBool || a.string != nil && b.string != nil { return }
        if depth < 8, let a = a.items, let b = b.items {
            for (x, y) in zip(a, b) { try check(x, y, depth + 1) }
            return
        }
        throw Failure(
            .type, "\(a.inWords) and \(b.inWords) have no order",
            help: "`sorted(xs, key=x -> ...)` says what to order by")
    }

    /// Negative where `a` comes first.
    private static func compare(_ a: Value, _ b: Value) -> Int {
        if a.isNumber, b.isNumber {
            let (x, y) = (a.number, b.number)
            if x.isNaN || y.isNaN { return x.isNaN ? (y.isNaN ? 0 : 1) : -1 }
            return x < y ? -1 : x > y ? 1 : 0
        }
        if let x = a.bool, let y = b.bool { return (x ? 1 : 0) - (y ? 1 : 0) }
        if let x = a.string, let y = b.string {
            return x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : y.utf8.lexicographicallyPrecedes(x.utf8) ? 1 : 0
        }
        guard let x = a.items, let y = b.items else { return 0 }
        for (left, right) in zip(x, y) {
            let order = compare(left, right)
            if order != 0 { return order }
        }
        return x.count - y.count
    }
}
