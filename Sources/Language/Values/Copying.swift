import Diagnostics
import Tensors

extension Value {
    /// Whether the two are equal as `==` has it for lists: tensors if all their elements are, objects if they are the
    /// same one.
    public func equals(_ other: Value) throws(Failure) -> Bool { try Equality.equal(self, other) }

    /// Runs through what `for` runs through, each element borrowed for the time of the body; false, and nothing done,
    /// for what cannot be run through.
    public func forEach(_ body: (Value) throws(Failure) -> Void) throws(Failure) -> Bool {
        try Iteration.forEach(self, body)
    }
}

extension Interpreter {
    /// A value of its own, with one count: of an instance one with the same fields, of an engine object what it gives;
    /// nil where that cannot be copied. Everything else is a value already.
    public func copy(_ value: Value) throws(Failure) -> Value? {
        if value.isTraced { return value.retained }
        if let native = value.native { return try native.copied().map { Value(native: $0) } }
        guard value.isObject(.instance) else { return value.retained }
        let heap = Heap.current
        let original = InstanceBlock(value.object)
        guard let copy = InstanceBlock.make(heap, original.class, chain: machine.state.pointee.chain) else {
            throw Machine.outOfMemory
        }
        for number in 0..<original.layout.pointee.capacity {
            let field = original.field(number)
            guard !field.isMissing else { continue }
            guard let slot = copy.slot(number, heap) else {
                Value(object: copy.layout).release(heap)
                throw Machine.outOfMemory
            }
            slot.pointee = field.retained
        }
        return Value(object: copy.layout)
    }
}
