import Tensors

/// A string as it lies in memory: UTF-8 behind a header, with room to grow, so that `s += "ab"` is linear.
///
/// A character is a Unicode scalar, as in Python; their number is counted when first asked for.
public struct StringBlock {
    struct Layout {
        var header: BlockHeader
        /// Bytes of text.
        var count: Int
        /// Bytes there is room for.
        var capacity: Int
        /// Characters; -1 while nobody has counted them.
        var characters: Int
        /// 0 while nobody has asked for it.
        var hash: UInt64
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    static func size(_ capacity: Int) -> Int { MemoryLayout<Layout>.size &+ capacity }

    var bytes: UnsafeMutablePointer<UInt8> {
        UnsafeMutableRawPointer(layout + 1).assumingMemoryBound(to: UInt8.self)
    }
    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: layout.pointee.count) }

    public var byteCount: Int { layout.pointee.count }
    public var string: String { String(decoding: buffer, as: UTF8.self) }

    /// The number of characters.
    public var count: Int {
        if layout.pointee.characters < 0 {
            var characters = 0
            for byte in buffer where byte & 0xC0 != 0x80 { characters += 1 }
            layout.pointee.characters = characters
        }
        return layout.pointee.characters
    }

    var isASCII: Bool { count == layout.pointee.count }

    /// Room for so many bytes, none of them set; nil when the memory cannot be had.
    static func make(_ heap: Heap, count: Int, capacity: Int) -> StringBlock? {
        guard let memory = heap.allocate(size(capacity)) else { return nil }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        layout.initialize(
            to: Layout(header: BlockHeader(kind: .string), count: count, capacity: capacity, characters: -1, hash: 0))
        return StringBlock(layout)
    }

    static func make(_ heap: Heap, _ text: String) -> StringBlock? {
        var text = text
        return text.withUTF8 { make(heap, $0) }
    }

    static func make(_ heap: Heap, _ bytes: UnsafeBufferPointer<UInt8>) -> StringBlock? {
        guard let block = make(heap, count: bytes.count, capacity: bytes.count) else { return nil }
        if let base = bytes.baseAddress { block.bytes.update(from: base, count: bytes.count) }
        return block
    }

    /// The bytes of the characters from `start` up to `stop`, which are within the text.
    func range(_ start: Int, _ stop: Int) -> UnsafeBufferPointer<UInt8> {
        let first = offset(ofCharacter: start, from: 0, at: 0)
        let last = offset(ofCharacter: stop, from: start, at: first)
        return UnsafeBufferPointer(start: bytes + first, count: last - first)
    }

    private func offset(ofCharacter index: Int, from known: Int, at offset: Int) -> Int {
        if isASCII { return index }
        var (character, position) = (known, offset)
        let end = layout.pointee.count
        while character < index, position < end {
            position += 1
            while position < end, bytes[position] & 0xC0 == 0x80 { position += 1 }
            character += 1
        }
        return position
    }

    /// FNV-1a over the bytes, never 0.
    var hash: UInt64 {
        if layout.pointee.hash == 0 {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in buffer { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            layout.pointee.hash = hash == 0 ? 1 : hash
        }
        return layout.pointee.hash
    }

    func equals(_ other: StringBlock) -> Bool {
        let (a, b) = (buffer, other.buffer)
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a[index] != b[index] { return false }
        return true
    }

    /// By code points, which is the order of the UTF-8 bytes.
    func precedes(_ other: StringBlock, orEqual: Bool) -> Bool {
        let (a, b) = (buffer, other.buffer)
        for index in 0..<min(a.count, b.count) where a[index] != b[index] { return a[index] < b[index] }
        return orEqual ? a.count <= b.count : a.count < b.count
    }

    /// `a + b` as a block of its own; nil when the memory cannot be had.
    static func joined(_ heap: Heap, _ a: StringBlock, _ b: StringBlock) -> StringBlock? {
        let (m, n) = (a.byteCount, b.byteCount)
        guard let block = make(heap, count: m &+ n, capacity: m &+ n) else { return nil }
        block.bytes.update(from: a.bytes, count: m)
        (block.bytes + m).update(from: b.bytes, count: n)
        return block
    }

    /// `a + b` where nobody else holds `a`: into it where there is room, else into a block with room for as much again,
    /// and `a` is given back. Nil, and `a` untouched, when the memory cannot be had.
    static func appended(_ heap: Heap, _ a: StringBlock, _ b: StringBlock) -> StringBlock? {
        let (m, n) = (a.byteCount, b.byteCount)
        let total = m &+ n
        if total <= a.layout.pointee.capacity {
            (a.bytes + m).update(from: b.bytes, count: n)
            a.layout.pointee.count = total
            a.layout.pointee.characters = -1
            a.layout.pointee.hash = 0
            return a
        }
        guard let block = make(heap, count: total, capacity: total &+ total / 2 &+ 24) else { return nil }
        block.bytes.update(from: a.bytes, count: m)
        (block.bytes + m).update(from: b.bytes, count: n)
        heap.free(a.layout, size: size(a.layout.pointee.capacity))
        return block
    }
}
