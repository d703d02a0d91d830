import Diagnostics
import Tensors

extension Comparison {
    /// What `b op a` is called when `a op b` was asked.
    var mirrored: Comparison {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    var operation: BinaryOperation {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterEqual
        }
    }
}

extension Machine {
    @inline(never)
    func compare(_ comparison: Comparison, _ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let left = registers + Int(i.b), right = registers + Int(i.c)
        return attempt { () throws(Failure) in
            let result = try compared(comparison, left.pointee, right.pointee)
            dropTemporary(left)
            dropTemporary(right)
            put(registers + Int(i.a), result)
        }
    }

    /// The truth of a comparison that stands as a condition; nil where it failed.
    @inline(never)
    func truth(
        _ comparison: Comparison, _ i: Instruction, _ left: UnsafeMutablePointer<Value>,
        _ right: UnsafeMutablePointer<Value>
    ) -> Bool? {
        do throws(Failure) {
            let isK = i.op.operands.dropFirst().first == "k"
            let result = try compared(comparison, left.pointee, right.pointee)
            guard result.isBool else {
                let failure = notABool(result, isNot: false)
                result.release(heap)
                throw failure
            }
            dropTemporary(left)
            if !isK { dropTemporary(right) }
            // The loop looks for interruption only where it compares numbers.
            try Interruption.check()
            return result.isTrue
        } catch {
            _ = fail(error)
            return nil
        }
    }

    func compared(_ comparison: Comparison, _ x: Value, _ y: Value) throws(Failure) -> Value {
        if let a = Machine.arithmeticNumber(x), let b = Machine.arithmeticNumber(y) {
            return Value(comparison.operation(a, b) != 0)
        }
        if x.isObject(.tensor) {
            if y.isObject(.tensor) {
                return Value(
                    adopting: try Elementwise.binary(comparison.operation, TensorBlock(x.object), TensorBlock(y.object), heap))
            }
            if let b = Machine.arithmeticNumber(y) {
                return Value(adopting: try Elementwise.binary(comparison.operation, TensorBlock(x.object), b, heap))
            }
        } else if y.isObject(.tensor), let a = Machine.arithmeticNumber(x) {
            return Value(adopting: try Elementwise.binary(comparison.operation, a, TensorBlock(y.object), heap))
        }
        // Numbers in a list or a tuple beside a tensor are one; nothing at all is not compared with anything.
        if x.isObject(.tensor) != y.isObject(.tensor), let other = try Conversions.counted(x.isObject(.tensor) ? y : x) {
            let value = Value(tensor: other)
            defer { value.release(heap) }
            return try x.isObject(.tensor) ? compared(comparison, x, value) : compared(comparison, value, y)
        }
        if let native = x.native, let result = try native.compare(comparison, y, state.pointee.interpreter) { return result }
        if let native = y.native, let result = try native.compare(comparison.mirrored, x, state.pointee.interpreter) {
            return result
        }
        switch comparison {
        case .equal: return Value(try Equality.equal(x, y))
        case .notEqual: return Value(!(try Equality.equal(x, y)))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            if x.isObject(.string), y.isObject(.string) {
                let (a, b) = (StringBlock(x.object), StringBlock(y.object))
                switch comparison {
                case .less: return Value(a.precedes(b, orEqual: false))
                case .lessOrEqual: return Value(a.precedes(b, orEqual: true))
                case .greater: return Value(b.precedes(a, orEqual: false))
                default: return Value(b.precedes(a, orEqual: true))
                }
            }
            throw Failure(
                .type, "\(x.inWords) and \(y.inWords) have no order", label: "{0} is \(x.inWords), {1} is \(y.inWords)",
                help: Machine.isNumbers(x) || Machine.isNumbers(y) ? Machine.numbersHelp : nil)
        }
    }

    @inline(never)
    func contains(_ i: Instruction, wanted: Bool) -> Bool {
        let registers = state.pointee.registers
        let left = registers + Int(i.b), right = registers + Int(i.c)
        if let map = right.pointee.map, MapBlock.isKey(left.pointee) {
            let found = map.slot(left.pointee) != nil
            dropTemporary(left)
            dropTemporary(right)
            put(registers + Int(i.a), Value(found == wanted))
            return true
        }
        return attempt { () throws(Failure) in
            let found = try contains(right.pointee, left.pointee)
            dropTemporary(left)
            dropTemporary(right)
            put(registers + Int(i.a), Value(found == wanted))
        }
    }

    private func contains(_ collection: Value, _ item: Value) throws(Failure) -> Bool {
        // What a list holds is compared as it comes; to look through all of it first would make a short search long.
        if item.isTraced || collection.isTraced {
            let (plainCollection, plainItem) = (try collection.untraced(), try item.untraced())
            defer {
                plainCollection.release(heap)
                plainItem.release(heap)
            }
            return try contains(plainCollection, plainItem)
        }
        if let text = collection.string {
            guard let part = item.string else {
                throw Failure(.type, "a string holds strings, not \(item.inWords)", label: "{0} is \(item.inWords)")
            }
            return Machine.contains(text, part)
        }
        if let map = collection.map { return MapBlock.isKey(item) && map.slot(item) != nil }
        if collection.isObject(.range), item.isNumber {
            let range = RangeBlock(collection.object)
            let position = (item.number - range.start) / range.step
            return position >= 0 && position < Double(range.count) && position.rounded(.down) == position
        }
        if collection.isObject(.tensor) {
            guard let number = Machine.arithmeticNumber(item) else {
                throw Failure(.type, "a tensor holds numbers, not \(item.inWords)", label: "{0} is \(item.inWords)")
            }
            let block = TensorBlock(collection.object)
            for index in 0..<block.count where block.number(at: index) == number { return true }
            return false
        }
        var found = false
        guard
            try Iteration.forEach(collection, { (element) throws(Failure) in
                if !found { found = try Equality.equal(element, item) }
            })
        else {
            throw Failure(
                .type, "`in` looks into a list, tuple, map, string, range or tensor, not \(collection.inWords)",
                label: "{1} is \(collection.inWords)")
        }
        return found
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let (a, b) = (Array(text.utf8), Array(part.utf8))
        guard b.count <= a.count else { return false }
        if b.isEmpty { return true }
        for start in 0...(a.count - b.count) where a[start] == b[0] && a[start..<(start + b.count)].elementsEqual(b) {
            return true
        }
        return false
    }
}

/// `==` of everything that is not compared element by element.
enum Equality {
    /// Lists, tuples and maps are equal if what they hold is; tensors within them if all their elements are; objects if
    /// they are the same one.
    static func equal(_ x: Value, _ y: Value, depth: Int = 0) throws(Failure) -> Bool {
        if x.isTraced || y.isTraced {
            let (a, b) = (try x.untraced(), try y.untraced())
            defer {
                a.release()
                b.release()
            }
            return try equal(a, b, depth: depth)
        }
        if let a = Machine.arithmeticNumber(x), let b = Machine.arithmeticNumber(y) { return a == b }
        guard x.isObject, y.isObject else { return x.bits == y.bits }
        if x.object == y.object { return !x.isObject(.tensor) || !hasNaN(TensorBlock(x.object)) }
        guard x.header.pointee.kind == y.header.pointee.kind, let kind = BlockKind(rawValue: x.header.pointee.kind) else {
            return false
        }
        guard depth < 500 else { throw Failure(.recursion, "these values are nested too deep to be compared") }
        // Parts that are shared are gone through each time.
        try Interruption.check()
        switch kind {
        case .tensor:
            let (a, b) = (TensorBlock(x.object), TensorBlock(y.object))
            guard a.hasShape(of: b) else { return false }
            for index in 0..<a.count where a.number(at: index) != b.number(at: index) { return false }
            return true
        case .string: return StringBlock(x.object).equals(StringBlock(y.object))
        case .list, .tuple, .sequence:
            let (a, b) = kind == .list
                ? (ListBlock(x.object).items, ListBlock(y.object).items) : (TupleBlock(x.object).items, TupleBlock(y.object).items)
            guard a.count == b.count else { return false }
            for index in 0..<a.count where !(try equal(a[index], b[index], depth: depth + 1)) { return false }
            return true
        case .map:
            let (a, b) = (MapBlock(x.object), MapBlock(y.object))
            guard a.count == b.count else { return false }
            for (key, value) in a.entries {
                guard let other = b.slot(key), try equal(value, other.pointee, depth: depth + 1) else { return false }
            }
            return true
        case .range:
            let (a, b) = (RangeBlock(x.object), RangeBlock(y.object))
            return a.count == b.count && (a.count == 0 || a.start == b.start && (a.count == 1 || a.step == b.step))
        case .boundMethod:
            let (a, b) = (BoundMethodBlock(x.object).layout.pointee, BoundMethodBlock(y.object).layout.pointee)
            return a.receiver == b.receiver && a.function == b.function
        case .native: return ReferenceBlock(x.object).native === ReferenceBlock(y.object).native
        case .builtin: return ReferenceBlock(x.object).builtin === ReferenceBlock(y.object).builtin
        case .slice, .function, .class, .instance: return false
        }
    }

    private static func hasNaN(_ block: TensorBlock) -> Bool {
        guard block.dtype == .float64 || block.dtype == .float32 else { return false }
        for index in 0..<block.count where block.number(at: index).isNaN { return true }
        return false
    }
}
