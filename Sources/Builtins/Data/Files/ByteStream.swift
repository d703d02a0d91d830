import CZlib
import Diagnostics

/// The bytes of a file in their order, decompressed on the way if they are gzip, whatever the file is called. Nothing is
/// taken that was not asked for: a small file that promises terabytes costs no memory.
package final class ByteStream {
    private let bytes: [UInt8]
    private let name: String
    private var place = 0
    /// zlib's state, which keeps its own address; nil for a plain file.
    private let inflater: UnsafeMutablePointer<z_stream>?
    private var isFinished = false

    package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B }

    /// `name` is for the errors.
    package init(_ bytes: [UInt8], name: String) throws(Failure) {
        self.bytes = bytes
        self.name = name
        guard ByteStream.isGzip(bytes) else {
            inflater = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 above the window's bits: a gzip header and its checksum are expected.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw Failure(.memory, "no memory is left to decompress \(name)")
        }
        inflater = stream
    }

    deinit {
        if let inflater {
            inflateEnd(inflater)
            inflater.deallocate()
        }
    }

    /// Fills the buffer and says how much came; less than its size only at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        guard let target = buffer.bindMemory(to: UInt8.self).baseAddress else { return 0 }
        guard let inflater else {
            let count = min(buffer.count, bytes.count - place)
            bytes.withUnsafeBytes { source in
                if count > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[place..<(place + count)])) }
            }
            place += count
            return count
        }
        var filled = 0
        while filled < buffer.count, !isFinished {
            // zlib counts in 32 bits: larger files go in pieces.
            let room = min(buffer.count - filled, 1 << 30)
            let piece = min(bytes.count - place, 1 << 30)
            let (status, used) = bytes.withUnsafeBufferPointer { source -> (Int32, Int) in
                inflater.pointee.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + place) }
                inflater.pointee.avail_in = UInt32(piece)
                inflater.pointee.next_out = target + filled
                inflater.pointee.avail_out = UInt32(room)
                let status = inflate(inflater, Z_NO_FLUSH)
                return (status, piece - Int(inflater.pointee.avail_in))
            }
            place += used
            filled += room - Int(inflater.pointee.avail_out)
            switch status {
            case Z_OK: break
            case Z_STREAM_END:
                // Several gzip files may follow each other in one.
                if place + 1 < bytes.count, bytes[place] == 0x1F, bytes[place + 1] == 0x8B {
                    inflateReset(inflater)
                } else {
                    isFinished = true
                }
            case Z_BUF_ERROR where place >= bytes.count:
                throw Failure(.data, "\(name) ends in the middle of its compressed data", help: "fetch it anew")
            default:
                throw Failure(.data, "\(name) is damaged: its compressed data cannot be read", help: "fetch it anew")
            }
        }
        return filled
    }

    /// All that is left, but no more than `limit` bytes.
    package func readAll(limit: Int) throws(Failure) -> [UInt8] {
        if inflater == nil, place == 0, bytes.count <= limit {
            place = bytes.count
            return bytes
        }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            var count = 0
            // The closure cannot throw a typed error through the standard library's, so it hands the result out.
            var failure: Failure?
            buffer.withUnsafeMutableBytes { raw in
                do throws(Failure) { count = try read(into: raw) } catch { failure = error }
            }
            if let failure { throw failure }
            guard all.count + count <= limit else {
                throw Failure(.memory, "\(name) is too large for the memory that is left")
            }
            all += buffer[0..<count]
            if count < buffer.count { return all }
        }
    }
}
