import CKernels

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// This thread's allocator. Blocks are plain `malloc` chunks rounded up to 16 bytes; small ones are recycled
/// through free lists of their size, so a block may be freed on another thread than the one that made it.
@frozen public struct Heap: @unchecked Sendable {
    // Sendable only so that it can stand in a local of a closure; `current` must be asked on the thread that uses it.
    public let state: UnsafeMutablePointer<nnb_heap>

    /// The heap of the thread that asks. Ask once at the entry of a hot path and pass the value on.
    public static var current: Heap { Heap(state: nnb_heap_current()) }

    @inlinable init(state: UnsafeMutablePointer<nnb_heap>) { self.state = state }

    /// A block of at least `size` bytes, 16-byte aligned, or nil when the memory cannot be had.
    @inlinable @inline(__always)
    public func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        #if DEBUG
        state.pointee.live &+= 1
        #endif
        // -Xswiftc -DNNB_PLAIN_HEAP --sanitize=address: every block comes from the system, where misuse is seen.
        #if !NNB_PLAIN_HEAP
        if size <= Int(NNB_SMALL) {
            let cell = freeList(size)
            if let block = cell.pointee {
                cell.pointee = block.load(as: UnsafeMutableRawPointer?.self)
                return block
            }
        }
        #endif
        return allocateSlow(size)
    }

    /// Gives back a block that `allocate(size)` made.
    @inlinable @inline(__always)
    public func free(_ block: UnsafeMutableRawPointer, size: Int) {
        #if DEBUG
        state.pointee.live &-= 1
        #endif
        #if NNB_PLAIN_HEAP
        freeSlow(block)
        #else
        if size <= Int(NNB_SMALL) {
            let cell = freeList(size)
            block.storeBytes(of: cell.pointee, as: UnsafeMutableRawPointer?.self)
            cell.pointee = block
        } else {
            freeSlow(block)
        }
        #endif
    }

    #if DEBUG
    /// Blocks made on this thread less blocks given back on it: tests look here for leaks.
    public var liveBlocks: Int { state.pointee.live }
    #endif

    @inlinable @inline(__always)
    func freeList(_ size: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
        UnsafeMutableRawPointer(state).assumingMemoryBound(to: UnsafeMutableRawPointer?.self) + ((size &+ 15) &>> 4)
    }

    @usableFromInline @inline(never)
    func allocateSlow(_ size: Int) -> UnsafeMutableRawPointer? {
        let block = systemBlock(size)
        #if DEBUG
        if block == nil { state.pointee.live &-= 1 }
        #endif
        return block
    }

    private func systemBlock(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size >= 0, size < Int.max - 16 else { return nil }
        state.pointee.since_check &+= size
        if state.pointee.since_check > MemoryLimit.step {
            state.pointee.since_check = 0
            if size > MemoryLimit.available() { return nil }
        }
        #if os(Linux)
        if size >= Heap.large { return largeBlock(size) }
        #endif
        return malloc((size + 15) & ~15)
    }

    #if os(Linux)
    /// From here on a block lies on pages of 2 MB: samples that are gathered from all over a data set then seldom miss the
    /// table of pages (an epoch of MNIST by batches of 32 takes a tenth less).
    private static let large = 1 << 23

    private func largeBlock(_ size: Int) -> UnsafeMutableRawPointer? {
        var block: UnsafeMutableRawPointer?
        guard posix_memalign(&block, 1 << 21, (size + 15) & ~15) == 0, let block else { return nil }
        // Advice: where the system has no such pages nothing is lost.
        _ = madvise(block, size & ~0xfff, MADV_HUGEPAGE)
        return block
    }
    #endif

    @usableFromInline @inline(never)
    func freeSlow(_ block: UnsafeMutableRawPointer) { systemFree(block) }
}

@inline(__always) private func systemFree(_ block: UnsafeMutableRawPointer) { free(block) }
