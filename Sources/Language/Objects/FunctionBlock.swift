import Tensors

/// A function of the language with the values that it captured when it was made.
struct FunctionBlock {
    struct Layout {
        var header: BlockHeader
        /// Lives as long as the interpreter.
        var code: UnsafeMutablePointer<Code>
        var count: Int
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    static func size(_ count: Int) -> Int { MemoryLayout<Layout>.size &+ 8 &* count }

    var captures: UnsafeMutablePointer<Value> {
        UnsafeMutableRawPointer(layout + 1).assumingMemoryBound(to: Value.self)
    }

    static func make(_ heap: Heap, _ code: UnsafeMutablePointer<Code>, captures: Int) -> FunctionBlock? {
        guard let memory = heap.allocate(size(captures)) else { return nil }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        layout.initialize(to: Layout(header: BlockHeader(kind: .function), code: code, count: captures))
        return FunctionBlock(layout)
    }
}

/// A function with its first argument: `neuron.predict` not yet called.
struct BoundMethodBlock {
    struct Layout {
        var header: BlockHeader
        var receiver: Value
        var function: Value
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    /// Takes over one count of both.
    static func make(_ heap: Heap, receiver: Value, function: Value) -> Value? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        memory.bindMemory(to: Layout.self, capacity: 1).initialize(
            to: Layout(header: BlockHeader(kind: .boundMethod), receiver: receiver, function: function))
        return Value(object: memory)
    }
}

/// A block that holds an object of Swift: an engine object or the record of a function of the prelude.
struct ReferenceBlock {
    struct Layout {
        var header: BlockHeader
        /// One count of Swift's.
        var object: Unmanaged<AnyObject>
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    static func make(_ heap: Heap, _ object: AnyObject, kind: BlockKind) -> Value? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        memory.bindMemory(to: Layout.self, capacity: 1).initialize(
            to: Layout(header: BlockHeader(kind: kind), object: Unmanaged.passRetained(object)))
        return Value(object: memory)
    }

    /// A followed number or tensor: `detail` says so, for `Value.isTraced`.
    static func make(_ heap: Heap, traced: TracedObject) -> Value? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        memory.bindMemory(to: Layout.self, capacity: 1).initialize(
            to: Layout(header: BlockHeader(kind: .native, detail: 1), object: Unmanaged.passRetained(traced)))
        return Value(object: memory)
    }

    /// Valid only where the block's kind is `native`.
    var native: NativeObject { unsafeDowncast(layout.pointee.object.takeUnretainedValue(), to: NativeObject.self) }
    /// Valid only where the block's kind is `builtin`.
    var builtin: BuiltinFunction {
        unsafeDowncast(layout.pointee.object.takeUnretainedValue(), to: BuiltinFunction.self)
    }
}
