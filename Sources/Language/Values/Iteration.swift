import Diagnostics
import Tensors

/// What `for` runs through: ranges, tensors (first axis), lists, tuples, maps (keys), strings, what `zip` and `enumerate`
/// give, and engine objects that can be run through.
enum Iteration {
    /// How many there are; nil for what cannot be run through, or is an engine object that says so when asked.
    static func length(_ value: Value) -> Int? {
        guard value.isObject, let kind = BlockKind(rawValue: value.header.pointee.kind) else { return nil }
        switch kind {
        case .tensor:
            let block = TensorBlock(value.object)
            return block.rank == 0 ? nil : block.dims[0]
        case .string: return StringBlock(value.object).count
        case .list: return ListBlock(value.object).count
        case .tuple: return TupleBlock(value.object).count
        case .map: return MapBlock(value.object).count
        case .range: return RangeBlock(value.object).count
        case .sequence:
            var least: Int?
            for part in SequenceBlock(value.object).parts {
                guard let length = length(part) else { return nil }
                least = min(least ?? length, length)
            }
            return least ?? 0
        case .native: return ReferenceBlock(value.object).native.length
        case .slice, .function, .builtin, .boundMethod, .class, .instance: return nil
        }
    }

    /// The element at a position below the length, with one count. Of maps and strings it is linear in the position.
    static func element(_ value: Value, _ position: Int, _ heap: Heap) throws(Failure) -> Value {
        guard value.isObject, let kind = BlockKind(rawValue: value.header.pointee.kind) else { return .none }
        switch kind {
        case .tensor: return Value(item: try Indexing.get(TensorBlock(value.object), position, heap))
        case .list: return ListBlock(value.object).items[position].retained
        case .tuple: return TupleBlock(value.object).items[position].retained
        case .range: return Value(RangeBlock(value.object)[position])
        case .string:
            guard let block = StringBlock.make(heap, StringBlock(value.object).range(position, position + 1)) else {
                throw Machine.outOfMemory
            }
            return Value(object: block.layout)
        case .sequence:
            let sequence = SequenceBlock(value.object)
            guard let tuple = TupleBlock.make(heap, count: sequence.width) else { throw Machine.outOfMemory }
            var filled = 0
            if let start = sequence.start {
                tuple.start[0] = Value(start + Double(position))
                filled = 1
            }
            for part in sequence.parts {
                do throws(Failure) {
                    tuple.start[filled] = try element(part, position, heap)
                } catch {
                    tuple.layout.pointee.count = filled
                    Value(object: tuple.layout).release(heap)
                    throw error
                }
                filled += 1
            }
            return Value(object: tuple.layout)
        default: return .none
        }
    }

    /// Runs through the elements, each borrowed for the time of the body; false, and nothing done, for what cannot be
    /// run through.
    static func forEach(_ value: Value, _ body: (Value) throws(Failure) -> Void) throws(Failure) -> Bool {
        guard let items = try snapshot(value) else { return false }
        defer { items.release() }
        let heap = Heap.current
        for position in 0..<(length(items) ?? 0) {
            if position & 0xFFF == 0xFFF { try Interruption.check() }
            // What the body gathers grows with the elements, and is moved when it does.
            if position & 0xFFFFF == 0xFFFFF { try MemoryLimit.check(3 * MemoryLayout<Value>.stride * position) }
            let element = try element(items, position, heap)
            defer { element.release(heap) }
            try body(element)
        }
        return true
    }

    /// Something of which `element` gives each position at once, with one count: the value itself or, of strings, maps
    /// and engine objects, the list of what they hold. Nil for what cannot be run through.
    static func snapshot(_ value: Value) throws(Failure) -> Value? {
        guard value.isObject, let kind = BlockKind(rawValue: value.header.pointee.kind) else { return nil }
        switch kind {
        case .tensor:
            guard TensorBlock(value.object).rank > 0 else { return nil }
            return value.retained
        case .list, .tuple, .range: return value.retained
        case .string:
            let text = StringBlock(value.object)
            if text.isASCII { return value.retained }
            return Value(list: text.string.unicodeScalars.map { Value(string: String($0)) })
        case .map: return Value(list: MapBlock(value.object).entries.map { $0.key.retained })
        case .native: return try ReferenceBlock(value.object).native.iterate().map { Value(list: $0) }
        case .sequence:
            let sequence = SequenceBlock(value.object)
            var parts: [Value] = sequence.start.map { [Value($0)] } ?? [.missing]
            for part in sequence.parts {
                guard let ready = try snapshot(part) else {
                    for part in parts { part.release() }
                    return nil
                }
                parts.append(ready)
            }
            return Value(sequence: parts)
        case .slice, .function, .builtin, .boundMethod, .class, .instance: return nil
        }
    }
}

extension Value {
    /// What `zip` (first item `missing`) and `enumerate` (first item a number) give; takes over the counts.
    init(sequence parts: [Value]) {
        self = Value.insisting { heap in
            TupleBlock.make(heap, count: parts.count, kind: .sequence).map { block in
                for (index, part) in parts.enumerated() { block.start[index] = part }
                return Value(object: block.layout)
            }
        }
    }
}

extension Value {
    /// Runs through several values side by side; takes over their counts. Each is iterable.
    public init(zip values: [Value]) { self.init(sequence: [.missing] + Value.prepared(values)) }

    /// Runs through a value with numbers from `start` on; takes over its count. It is iterable.
    public init(enumerate value: Value, from start: Double) {
        self.init(sequence: [Value(start)] + Value.prepared([value]))
    }

    /// Whether `for` runs through it.
    public var isIterable: Bool { native.map { $0.length != nil } ?? (Iteration.length(self) != nil) }

    /// How many things `for` would run through; nil for what cannot be run through.
    public var elementCount: Int? { Iteration.length(self) }

    /// Strings, maps and engine objects as lists of what they hold, so that each position is at hand.
    private static func prepared(_ values: [Value]) -> [Value] {
        values.map { value in
            guard let ready = try? Iteration.snapshot(value) else { return value }
            value.release()
            return ready
        }
    }
}

/// The failure that `catch e` caught.
public enum CaughtFailure {
    public static func of(_ value: Value) -> Failure? { (value.native as? CaughtError)?.failure }
}
