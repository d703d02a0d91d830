import Tensors

/// A map as it lies in memory: the entries in the order in which they were put in, and an open-addressed table of their
/// positions. Keys are numbers and strings. Each key and value has one count that belongs to the map.
///
/// Invariant: `table` has a power of two of cells, at most two thirds of them in use; a cell holds -1 or a position;
/// a removed entry's key is `missing` and its cell stays until the table is rebuilt.
public struct MapBlock {
    struct Entry {
        var key: Value
        var value: Value
        var hash: UInt64
    }

    struct Layout {
        var header: BlockHeader
        /// Entries that are there.
        var count: Int
        /// Entries and holes.
        var used: Int
        var capacity: Int
        var entries: UnsafeMutablePointer<Entry>
        var table: UnsafeMutablePointer<Int32>
        /// Cells less one.
        var mask: Int
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    public var count: Int { layout.pointee.count }

    /// The entries in their order, borrowed.
    public func forEach<E: Error>(_ body: (_ key: Value, _ value: Value) throws(E) -> Void) throws(E) {
        for position in 0..<layout.pointee.used {
            let entry = layout.pointee.entries[position]
            if !entry.key.isMissing { try body(entry.key, entry.value) }
        }
    }

    /// Borrowed.
    public var entries: [(key: Value, value: Value)] {
        var result: [(key: Value, value: Value)] = []
        result.reserveCapacity(count)
        forEach { result.append(($0, $1)) }
        return result
    }

    /// What stands under a key; borrowed.
    public subscript(_ key: Value) -> Value? { MapBlock.isKey(key) ? slot(key)?.pointee : nil }

    static func isKey(_ value: Value) -> Bool { value.isNumber || value.isObject(.string) }

    static func hash(_ key: Value) -> UInt64 {
        if key.isNumber {
            // 0 and -0 are one key.
            let bits = key.number == 0 ? 0 : key.bits
            let mixed = (bits ^ (bits >> 32)) &* 0x9E37_79B9_7F4A_7C15
            return mixed ^ (mixed >> 29)
        }
        return StringBlock(key.object).hash
    }

    private static func equal(_ a: Value, _ b: Value) -> Bool {
        if a.bits == b.bits { return true }
        if a.isNumber || b.isNumber { return a.isNumber && b.isNumber && a.number == b.number }
        return a.isObject(.string) && b.isObject(.string) && StringBlock(a.object).equals(StringBlock(b.object))
    }

    static func make(_ heap: Heap, capacity: Int) -> MapBlock? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        guard let parts = parts(heap, capacity) else {
            heap.free(memory, size: MemoryLayout<Layout>.size)
            return nil
        }
        layout.initialize(
            to: Layout(
                header: BlockHeader(kind: .map), count: 0, used: 0, capacity: parts.capacity, entries: parts.entries,
                table: parts.table, mask: parts.cells - 1))
        return MapBlock(layout)
    }

    private static func parts(_ heap: Heap, _ wanted: Int) -> (
        capacity: Int, cells: Int, entries: UnsafeMutablePointer<Entry>, table: UnsafeMutablePointer<Int32>
    )? {
        guard wanted < Int(Int32.max) / 2 else { return nil }
        var cells = 8
        while cells * 2 / 3 < wanted { cells *= 2 }
        let capacity = cells * 2 / 3
        guard let entries = heap.allocate(capacity * MemoryLayout<Entry>.size) else { return nil }
        guard let table = heap.allocate(cells * 4) else {
            heap.free(entries, size: capacity * MemoryLayout<Entry>.size)
            return nil
        }
        let cell = table.bindMemory(to: Int32.self, capacity: cells)
        cell.update(repeating: -1, count: cells)
        return (capacity, cells, entries.bindMemory(to: Entry.self, capacity: capacity), cell)
    }

    func freeParts(_ heap: Heap) {
        heap.free(layout.pointee.entries, size: layout.pointee.capacity * MemoryLayout<Entry>.size)
        heap.free(layout.pointee.table, size: (layout.pointee.mask + 1) * 4)
    }

    /// Where the value of that key lies, borrowed; nil where there is none. Valid until the map is changed.
    func slot(_ key: Value) -> UnsafeMutablePointer<Value>? {
        guard MapBlock.isKey(key), let position = position(key, MapBlock.hash(key)) else { return nil }
        return slot(at: position)
    }

    func slot(at position: Int) -> UnsafeMutablePointer<Value> {
        UnsafeMutableRawPointer(layout.pointee.entries + position).assumingMemoryBound(to: Value.self) + 1
    }

    func position(_ key: Value, _ hash: UInt64) -> Int? {
        var cell = Int(truncatingIfNeeded: hash) & layout.pointee.mask
        while true {
            let position = Int(layout.pointee.table[cell])
            if position < 0 { return nil }
            let entry = layout.pointee.entries + position
            if entry.pointee.hash == hash, MapBlock.equal(entry.pointee.key, key) { return position }
            cell = (cell &+ 1) & layout.pointee.mask
        }
    }

    /// Puts in an entry that is not there yet; takes over one count of both. False when the memory cannot be had.
    func insert(_ key: Value, _ value: Value, _ hash: UInt64, _ heap: Heap) -> Bool {
        if layout.pointee.used == layout.pointee.capacity, !rebuild(heap, layout.pointee.count * 2 + 1) { return false }
        let position = layout.pointee.used
        layout.pointee.entries[position] = Entry(key: key, value: value, hash: hash)
        layout.pointee.used &+= 1
        layout.pointee.count &+= 1
        place(position, hash)
        return true
    }

    private func place(_ position: Int, _ hash: UInt64) {
        var cell = Int(truncatingIfNeeded: hash) & layout.pointee.mask
        while layout.pointee.table[cell] >= 0 { cell = (cell &+ 1) & layout.pointee.mask }
        layout.pointee.table[cell] = Int32(truncatingIfNeeded: position)
    }

    private func rebuild(_ heap: Heap, _ wanted: Int) -> Bool {
        guard let parts = MapBlock.parts(heap, wanted) else { return false }
        var used = 0
        for position in 0..<layout.pointee.used {
            let entry = layout.pointee.entries[position]
            if entry.key.isMissing { continue }
            parts.entries[used] = entry
            used += 1
        }
        freeParts(heap)
        layout.pointee.entries = parts.entries
        layout.pointee.table = parts.table
        layout.pointee.capacity = parts.capacity
        layout.pointee.mask = parts.cells - 1
        layout.pointee.used = used
        for position in 0..<used { place(position, parts.entries[position].hash) }
        return true
    }

    /// Takes an entry out and gives its value with its count; nil where there is none.
    func remove(_ key: Value, _ heap: Heap) -> Value? {
        guard MapBlock.isKey(key), let position = position(key, MapBlock.hash(key)) else { return nil }
        let entry = layout.pointee.entries[position]
        // The hash stays, so that the chain through this cell holds; no key equals `missing`.
        layout.pointee.entries[position].key = .missing
        layout.pointee.entries[position].value = .none
        layout.pointee.count &-= 1
        entry.key.release(heap)
        return entry.value
    }

    /// A copy that shares keys and values; nil when the memory cannot be had.
    func copy(_ heap: Heap) -> MapBlock? {
        guard let copy = MapBlock.make(heap, capacity: count) else { return nil }
        for position in 0..<layout.pointee.used {
            let entry = layout.pointee.entries[position]
            if entry.key.isMissing { continue }
            entry.key.retain()
            entry.value.retain()
            _ = copy.insert(entry.key, entry.value, entry.hash, heap)
        }
        return copy
    }
}
