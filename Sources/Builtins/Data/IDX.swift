import Diagnostics
import Tensors

/// The format of MNIST's files (http://yann.lecun.com/exdb/mnist): two zero bytes, the type of the elements, the number
/// of axes, their lengths as 32-bit big-endian numbers, then the elements, big-endian, row by row.
package enum IDX {
    /// How the elements of one type are read.
    private struct Element {
        let size: Int
        let dtype: DType
        let read: @Sendable (UnsafeRawPointer) -> Double
    }

    private static func element(_ code: UInt8) -> Element? {
        switch code {
        case 0x08: Element(size: 1, dtype: .uint8) { Double($0.load(as: UInt8.self)) }
        case 0x09: Element(size: 1, dtype: .float64) { Double($0.load(as: Int8.self)) }
        case 0x0B: Element(size: 2, dtype: .float64) { Double(Int16(bigEndian: $0.loadUnaligned(as: Int16.self))) }
        case 0x0C: Element(size: 4, dtype: .float64) { Double(Int32(bigEndian: $0.loadUnaligned(as: Int32.self))) }
        case 0x0D:
            Element(size: 4, dtype: .float32) {
                Double(Float(bitPattern: UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self))))
            }
        case 0x0E:
            Element(size: 8, dtype: .float64) {
                Double(bitPattern: UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)))
            }
        default: nil
        }
    }

    /// The tensor of a file: uint8 where its elements are bytes, else float32 or float64.
    /// - Parameter name: for the errors, which tell what is wrong with the file.
    package static func read(_ bytes: [UInt8], name: String) throws(Failure) -> Tensor {
        let stream = try ByteStream(bytes, name: name)
        let start = try take(4, stream)
        guard start.count == 4 else { throw Failure(.data, "\(name) is too short for an IDX file: it has \(start.count) bytes") }
        guard start[0] == 0, start[1] == 0, let element = element(start[2]) else {
            throw Failure(
                .data, "\(name) is no IDX file: it begins with the bytes \(start.map(String.init).joined(separator: " "))",
                help: "IDX is the format of MNIST's files; tables are read by read_csv")
        }
        let rank = Int(start[3])
        guard (1...8).contains(rank) else { throw Failure(.data, "\(name) says that it has \(rank) axes; 1 to 8 can be read") }
        let lengths = try take(4 * rank, stream)
        guard lengths.count == 4 * rank else { throw Failure(.data, "\(name) ends in its header") }
        let shape = (0..<rank).map { axis in
            lengths[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        var size = element.size
        var isTooLarge = false
        for length in shape {
            let (product, over) = size.multipliedReportingOverflow(by: length)
            isTooLarge = isTooLarge || over
            size = product
        }
        // Deflate makes a thousandth at best (1032 to 1), so a file cannot hold more than that.
        let most = ByteStream.isGzip(bytes) ? bytes.count.multipliedReportingOverflow(by: 1032) : (bytes.count, false)
        guard !isTooLarge, size <= most.partialValue, !most.overflow else {
            throw Failure(
                .data, "\(name) says that it holds elements of shape \(Tensor.text(of: shape)), more than it has bytes for",
                help: "it is damaged or cut off; fetch it anew")
        }
        let tensor = try Tensor(uninitialized: shape, element.dtype)
        let count: Int
        if element.dtype == .uint8 {
            count = try stream.read(into: UnsafeMutableRawBufferPointer(start: tensor.block.data, count: size))
        } else {
            count = try fill(tensor, element, stream)
        }
        guard count == size else {
            throw Failure(
                .data,
                "\(name) is cut off: elements of shape \(Tensor.text(of: shape)) take \(size) bytes, and \(count) follow the header",
                help: "fetch it anew")
        }
        guard try take(1, stream).isEmpty else {
            throw Failure(.data, "\(name) holds more than the elements of shape \(Tensor.text(of: shape)) that it says it has")
        }
        return tensor
    }

    /// Reads elements piece by piece into a tensor of floats and gives the number of bytes that were there.
    private static func fill(_ tensor: Tensor, _ element: Element, _ stream: ByteStream) throws(Failure) -> Int {
        var place = 0
        var total = 0
        while place < tensor.count {
            let piece = try take(min(tensor.count - place, 1 << 14) * element.size, stream)
            total += piece.count
            piece.withUnsafeBytes { raw in
                guard let base = raw.baseAddress else { return }
                for offset in 0..<(piece.count / element.size) {
                    let value = element.read(base + offset * element.size)
                    if element.dtype == .float32 {
                        tensor.block.float32[place] = Float(value)
                    } else {
                        tensor.block.float64[place] = value
                    }
                    place += 1
                }
            }
            if piece.count % element.size != 0 || piece.isEmpty { break }
        }
        return total
    }

    private static func take(_ count: Int, _ stream: ByteStream) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        var failure: Failure?
        bytes.withUnsafeMutableBytes { raw in
            do throws(Failure) { filled = try stream.read(into: raw) } catch { failure = error }
        }
        if let failure { throw failure }
        return Array(bytes[0..<filled])
    }
}
