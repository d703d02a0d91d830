import Tensors

/// A list as it lies in memory: a header that stays where it is and a buffer of values that grows. Each item in it
/// has one count that belongs to the list.
public struct ListBlock {
    struct Layout {
        var header: BlockHeader
        var count: Int
        var capacity: Int
        var items: UnsafeMutablePointer<Value>
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    public var count: Int { layout.pointee.count }
    /// Borrowed.
    public var items: UnsafeBufferPointer<Value> {
        UnsafeBufferPointer(start: layout.pointee.items, count: layout.pointee.count)
    }

    /// An empty list with room for so many items; nil when the memory cannot be had.
    static func make(_ heap: Heap, capacity: Int) -> ListBlock? {
        let room = max(capacity, 4)
        guard room < Int.max / 16, let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        guard let buffer = heap.allocate(room &* 8) else {
            heap.free(memory, size: MemoryLayout<Layout>.size)
            return nil
        }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        layout.initialize(
            to: Layout(
                header: BlockHeader(kind: .list), count: 0, capacity: room,
                items: buffer.bindMemory(to: Value.self, capacity: room)))
        return ListBlock(layout)
    }

    /// Takes over one count of the value. False, and nothing done, when the memory cannot be had.
    func append(_ value: Value, _ heap: Heap) -> Bool {
        if layout.pointee.count == layout.pointee.capacity, !grow(heap, layout.pointee.count &+ 1) { return false }
        layout.pointee.items[layout.pointee.count] = value
        layout.pointee.count &+= 1
        return true
    }

    func grow(_ heap: Heap, _ needed: Int) -> Bool {
        if needed <= layout.pointee.capacity { return true }
        let capacity = layout.pointee.capacity
        let room = max(needed, capacity &+ capacity / 2 &+ 4)
        guard room < Int.max / 16, let memory = heap.allocate(room &* 8) else { return false }
        let buffer = memory.bindMemory(to: Value.self, capacity: room)
        buffer.update(from: layout.pointee.items, count: layout.pointee.count)
        heap.free(layout.pointee.items, size: capacity &* 8)
        layout.pointee.items = buffer
        layout.pointee.capacity = room
        return true
    }

    /// A copy that shares the items; nil when the memory cannot be had.
    func copy(_ heap: Heap) -> ListBlock? {
        guard let copy = ListBlock.make(heap, capacity: count) else { return nil }
        for item in items {
            item.retain()
            copy.layout.pointee.items[copy.layout.pointee.count] = item
            copy.layout.pointee.count &+= 1
        }
        return copy
    }
}

/// A tuple as it lies in memory: its items behind the header, each with one count that belongs to the tuple. Never
/// changed once it is made.
public struct TupleBlock {
    struct Layout {
        var header: BlockHeader
        var count: Int
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    static func size(_ count: Int) -> Int { MemoryLayout<Layout>.size &+ 8 &* count }

    var start: UnsafeMutablePointer<Value> {
        UnsafeMutableRawPointer(layout + 1).assumingMemoryBound(to: Value.self)
    }
    public var count: Int { layout.pointee.count }
    /// Borrowed.
    public var items: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: start, count: layout.pointee.count) }

    /// A tuple whose items are not yet set; nil when the memory cannot be had.
    static func make(_ heap: Heap, count: Int, kind: BlockKind = .tuple) -> TupleBlock? {
        guard count < Int.max / 16, let memory = heap.allocate(size(count)) else { return nil }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        layout.initialize(to: Layout(header: BlockHeader(kind: kind), count: count))
        return TupleBlock(layout)
    }
}
