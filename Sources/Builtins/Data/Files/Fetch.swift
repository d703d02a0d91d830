import CCurl
import Diagnostics

/// Files over HTTP, by libcurl.
package enum Fetch {
    /// What one fetch hands to C and gets back.
    private final class Transfer {
        var bytes: [UInt8] = []
        let progress: (Int, Int) -> Bool
        init(progress: @escaping (Int, Int) -> Bool) { self.progress = progress }
    }

    /// The bytes at an address, at most `limit`. `progress` is told how many have come, of how many (0 if unknown), and
    /// stops the fetch by returning false.
    package static func bytes(
        of address: String, limit: Int, progress: @escaping (_ done: Int, _ total: Int) -> Bool
    ) throws(Failure) -> [UInt8] {
        let transfer = Transfer(progress: progress)
        var message = [CChar](repeating: 0, count: Int(NNB_FETCH_MESSAGE))
        let code = withExtendedLifetime(transfer) {
            nnb_fetch(
                address, Int64(limit),
                { bytes, count, context in
                    guard let bytes, let context else { return 1 }
                    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                    transfer.bytes += UnsafeRawBufferPointer(start: bytes, count: count)
                    return 0
                },
                { done, total, context in
                    guard let context else { return 1 }
                    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                    return transfer.progress(Int(done), Int(total)) ? 0 : 1
                },
                Unmanaged.passUnretained(transfer).toOpaque(), &message)
        }
        let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch code {
        case Int32(NNB_FETCH_DONE): return transfer.bytes
        case Int32(NNB_FETCH_STOPPED): throw Failure(.interrupt, "the fetch was stopped")
        default: throw Failure(.file, reason.isEmpty ? "it could not be fetched" : reason)
        }
    }
}
