import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Values for the results of builtins; each carries one count for whoever takes it.
///
/// Makers that take values take over one count of each: a value that was borrowed (an argument, an item of one) is
/// passed as `value.retained`.
extension Value {
    public init(_ number: Int) { self.init(Double(number)) }

    public init(tensor: Tensor) {
        tensor.block.retain()
        self.init(object: tensor.block.pointer)
    }

    /// Takes over the block's count.
    public init(adopting block: TensorBlock) { self.init(object: block.pointer) }

    /// Takes over the count of the tensor in it.
    public init(item: Item) {
        switch item {
        case .number(let number): self.init(canonical: number)
        case .bool(let truth): self.init(truth)
        case .tensor(let block): self.init(object: block.pointer)
        }
    }

    public init(string: String) {
        self = Value.insisting { heap in StringBlock.make(heap, string).map { Value(object: $0.layout) } }
    }

    public init(list: [Value]) {
        self = Value.insisting { heap in
            ListBlock.make(heap, capacity: list.count).map { block in
                for (index, item) in list.enumerated() { block.layout.pointee.items[index] = item }
                block.layout.pointee.count = list.count
                return Value(object: block.layout)
            }
        }
    }

    public init(tuple: [Value]) {
        self = Value.insisting { heap in
            TupleBlock.make(heap, count: tuple.count).map { block in
                for (index, item) in tuple.enumerated() { block.start[index] = item }
                return Value(object: block.layout)
            }
        }
    }

    /// Keys are numbers or strings; of equal keys the last value stays, in the first one's place.
    public init(map: [(Value, Value)]) {
        self = Value.insisting { heap in
            MapBlock.make(heap, capacity: map.count).map { block in
                for (key, value) in map {
                    let hash = MapBlock.hash(key)
                    if let position = block.position(key, hash) {
                        let slot = block.slot(at: position)
                        slot.pointee.release(heap)
                        slot.pointee = value
                        key.release(heap)
                    } else {
                        _ = block.insert(key, value, hash, heap)
                    }
                }
                return Value(object: block.layout)
            }
        }
    }

    public init(map: [(String, Value)]) { self.init(map: map.map { (Value(string: $0.0), $0.1) }) }

    public init(traced: TracedObject) {
        self = Value.insisting { heap in ReferenceBlock.make(heap, traced: traced) }
    }

    public init(native: NativeObject) {
        self = Value.insisting { heap in ReferenceBlock.make(heap, native, kind: .native) }
    }

    /// `range(start, start + count * step, step)`.
    public init(rangeFrom start: Double, step: Double, count: Int) {
        self = Value.insisting { heap in RangeBlock.make(heap, start: start, step: step, count: count) }
    }

    /// What a builtin has already in Swift's own memory is not refused for want of it; nothing this small fails
    /// while the process can go on at all.
    static func insisting(_ make: (Heap) -> Value?) -> Value {
        let heap = Heap.current
        if let value = make(heap) { return value }
        // The limit was met: asking again takes from what is kept back for the rest of the process.
        if let value = make(heap) { return value }
        let message: StaticString = "nnb: the system gives no more memory\n"
        _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
        exit(70)
    }
}

/// A value that an object of Swift keeps: holds one count for as long as it lives.
public final class Held {
    public let value: Value

    /// Takes over one count.
    public init(adopting value: Value) { self.value = value }

    /// Adds a count of its own.
    public init(sharing value: Value) { self.value = value.retained }

    deinit { value.release() }
}
