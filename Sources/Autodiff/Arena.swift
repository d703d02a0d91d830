import Diagnostics
import Tensors

/// Memory that is only ever taken, and given back all at once. Chunks do not move, so pointers into them stay.
struct Arena {
    private var chunks: [(start: UnsafeMutableRawPointer, size: Int)] = []
    private var next: UnsafeMutableRawPointer?
    private var left = 0
    /// Which chunk is being filled.
    private var current = -1

    /// Room for so many elements of eight bytes, not set.
    @inline(__always)
    mutating func take<Element>(_ count: Int, of type: Element.Type) throws(Failure) -> UnsafeMutablePointer<Element> {
        let size = (count &* 8 &+ 15) & ~15
        if size > left || next == nil { try grow(size) }
        // `grow` has seen to it that there is a chunk.
        let start = next.unsafelyUnwrapped
        next = start + size
        left -= size
        return start.bindMemory(to: type, capacity: count)
    }

    private mutating func grow(_ size: Int) throws(Failure) {
        while current + 1 < chunks.count {
            current += 1
            if chunks[current].size >= size {
                (next, left) = (chunks[current].start, chunks[current].size)
                return
            }
        }
        let wanted = max(size, min((1 << 16) << min(chunks.count, 10), 1 << 26))
        guard size >= 0, let start = Heap.current.allocate(max(wanted, 1 << 12)) else {
            throw Failure(.memory, "the gradient needs more memory than is left", help: "take fewer samples at a time")
        }
        chunks.append((start, max(wanted, 1 << 12)))
        current = chunks.count - 1
        (next, left) = (start, chunks[current].size)
    }

    /// Everything that was taken is given back; the chunks are kept.
    mutating func reset() {
        current = -1
        next = nil
        left = 0
    }

    /// In bytes, what is taken and what is kept.
    var size: Int { chunks.reduce(0) { $0 + $1.size } }

    func free() {
        let heap = Heap.current
        for chunk in chunks { heap.free(chunk.start, size: chunk.size) }
    }
}
