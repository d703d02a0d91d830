import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Memory of the engine, aligned to a cache line, set to 0 at first. It is owned by whoever holds the object; the caller
/// vouches for offsets.
final class Buffer {
    let bytes: UnsafeMutableRawPointer
    let count: Int

    init(bytes count: Int, for purpose: String) throws(Failure) {
        var pointer: UnsafeMutableRawPointer?
        guard count >= 0, count < MemoryLimit.available(), posix_memalign(&pointer, 64, max(count, 64)) == 0,
            let pointer
        else {
            throw Failure(
                .memory, "\(purpose) need \(count / 1_000_000) MB, and that much memory is not left",
                help: "take a smaller batch_size or fewer units")
        }
        memset(pointer, 0, max(count, 64))
        bytes = pointer
        self.count = count
    }

    deinit { free(bytes) }

    func clear() { memset(bytes, 0, count) }
}
