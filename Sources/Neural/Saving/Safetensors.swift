import Diagnostics
import Interchange
import Tensors

/// The format of tensors in files that holds nothing which could run (https://github.com/huggingface/safetensors): 8 bytes
/// with the length of the header, the header in JSON with the type, the shape and the place of each tensor, and their
/// numbers one after the other, little-endian, without gaps.
public struct Safetensors {
    public var tensors: [(name: String, tensor: Tensor)]
    /// Texts by name.
    public var metadata: [(name: String, value: String)]

    public init(_ tensors: [(name: String, tensor: Tensor)], metadata: [(name: String, value: String)] = []) {
        self.tensors = tensors
        self.metadata = metadata
    }

    public subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }
    public func metadata(_ name: String) -> String? { metadata.first { $0.name == name }?.value }

    /// No header is longer, as in the reference implementation.
    static let longestHeader = 100_000_000
    /// Three deep is enough for all that the format has.
    private static let deepestHeader = 16
    static let reserved = "__metadata__"

    // MARK: writing

    /// The file's bytes.
    public func bytes() throws(Failure) -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.map { "\(JSON.quoted($0.name)):\(JSON.quoted($0.value))" }
            entries.append("\"\(Safetensors.reserved)\":{\(texts.joined(separator: ","))}")
        }
        var place = 0
        var names: Set<String> = [Safetensors.reserved]
        for (name, tensor) in tensors {
            guard names.insert(name).inserted else {
                throw Failure(.value, "the name \(JSON.quoted(name)) cannot be given to a tensor twice, nor be \(Safetensors.reserved)")
            }
            let end = place + tensor.count * tensor.dtype.size
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\(JSON.quoted(name)):{\"dtype\":\"\(Safetensors.name(tensor.dtype))\",\"shape\":[\(shape)],\"data_offsets\":[\(place),\(end)]}")
            place = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        // The numbers begin at a multiple of 8.
        while header.count % 8 != 0 { header.append(0x20) }
        guard header.count <= Safetensors.longestHeader else { throw Failure(.value, "there are too many tensors for one file") }
        guard place < MemoryLimit.available() else {
            throw Failure(.memory, "a file of \(place / 1_000_000) MB is too large for the memory that is left")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + place)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
        bytes += header
        for (_, tensor) in tensors {
            bytes += UnsafeRawBufferPointer(start: tensor.block.data, count: tensor.count * tensor.dtype.size)
        }
        return bytes
    }

    private static func name(_ dtype: DType) -> String {
        switch dtype {
        case .float64: "F64"
        case .float32: "F32"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }

    // MARK: reading

    /// The tensors in a file's bytes; everything about it is checked before it is believed. Types that the language has not
    /// become one that holds them: halves float32, integers float64.
    public init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count >= 8 else { throw Failure(.data, "it has \(bytes.count) bytes, too few for a header") }
        var length: UInt64 = 0
        for shift in 0..<8 { length |= UInt64(bytes[shift]) << (8 * UInt64(shift)) }
        guard length <= UInt64(Safetensors.longestHeader) else {
            throw Failure(.data, "it says that its header has \(length) bytes; at most \(Safetensors.longestHeader) are allowed")
        }
        let start = 8 + Int(length)
        guard start <= bytes.count else {
            throw Failure(.data, "it is cut off: its header has \(length) bytes and only \(bytes.count - 8) are there")
        }
        guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { throw Failure(.data, "its header is no JSON: it does not begin with {") }
        guard String(validating: bytes[8..<start], as: UTF8.self) != nil else {
            throw Failure(.data, "its header is no JSON: it is no text in UTF-8")
        }
        guard case .object(let entries) = try Safetensors.header(bytes, in: 8..<start) else {
            throw Failure(.data, "its header is no JSON object")
        }
        tensors = []
        metadata = []
        var places: [Place] = []
        for entry in entries {
            if entry.name == Safetensors.reserved {
                metadata = try Safetensors.texts(entry.value)
            } else {
                places.append(try Place(entry.name, entry.value))
            }
        }
        // In the order of their bytes they must follow each other to the end of the file.
        var next = 0
        for place in places.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            guard place.start >= next else {
                throw Failure(.data, "the numbers of \(JSON.quoted(place.name)) overlap those of another tensor")
            }
            guard place.start == next else {
                throw Failure(.data, "there is a gap of \(place.start - next) bytes before the numbers of \(JSON.quoted(place.name))")
            }
            guard place.end <= bytes.count - start else {
                throw Failure(
                    .data,
                    "it is cut off: the numbers of \(JSON.quoted(place.name)) end at byte \(place.end), and only \(bytes.count - start) are there")
            }
            next = place.end
        }
        guard next == bytes.count - start else {
            throw Failure(.data, "\(bytes.count - start - next) bytes at its end belong to no tensor")
        }
        for place in places { tensors.append((place.name, try place.tensor(bytes, from: start))) }
    }

    private static func header(_ bytes: [UInt8], in range: Range<Int>) throws(Failure) -> JSON {
        do {
            return try JSONParser.parse(bytes, in: range, deepest: deepestHeader)
        } catch {
            throw Failure(.data, "its header is no JSON: \(error.words) (byte \(error.range.upperBound - range.lowerBound))")
        }
    }

    private static func texts(_ value: JSON) throws(Failure) -> [(name: String, value: String)] {
        guard case .object(let entries) = value else { throw Failure(.data, "its \(reserved) is no object") }
        return try entries.map { (entry) throws(Failure) in
            guard case .string(let text) = entry.value else {
                throw Failure(.data, "its \(reserved) holds something that is no text: \(JSON.quoted(entry.name))")
            }
            return (entry.name, text)
        }
    }

    /// What the header says of one tensor, in itself consistent.
    private struct Place {
        let name: String
        let type: NumberType
        let shape: [Int]
        let count: Int
        let start: Int
        let end: Int

        init(_ name: String, _ value: JSON) throws(Failure) {
            let quoted = JSON.quoted(name)
            guard case .object(let entries) = value else { throw Failure(.data, "what its header says of \(quoted) is no object") }
            var found: [String: JSON] = [:]
            for entry in entries { found[entry.name] = entry.value }
            guard entries.count == 3, let dtype = found["dtype"], let dims = found["shape"], let offsets = found["data_offsets"] else {
                throw Failure(.data, "its header does not say dtype, shape and data_offsets of \(quoted), and nothing else")
            }
            guard case .string(let typeName) = dtype else { throw Failure(.data, "the dtype of \(quoted) is no text") }
            guard let type = NumberType(rawValue: typeName) else {
                throw Failure(
                    .data, "the dtype of \(quoted) is \(JSON.quoted(typeName)), which cannot be read",
                    help: "there are " + NumberType.allCases.map(\.rawValue).joined(separator: ", "))
            }
            guard case .array(let lengths) = dims, lengths.count <= 32 else { throw Failure(.data, "the shape of \(quoted) is no list of lengths") }
            var shape: [Int] = [], count = 1
            for length in lengths {
                guard let length = length.integer, length >= 0 else {
                    throw Failure(.data, "the shape of \(quoted) holds something that is no length")
                }
                let (product, overflow) = count.multipliedReportingOverflow(by: length)
                guard !overflow, product < 1 << 48 else { throw Failure(.data, "the shape of \(quoted) is too large") }
                shape.append(length)
                count = product
            }
            guard case .array(let bounds) = offsets, bounds.count == 2, let start = bounds[0].integer,
                let end = bounds[1].integer, start >= 0, end >= start
            else { throw Failure(.data, "the data_offsets of \(quoted) are no two places in order") }
            guard end - start == count * type.size else {
                throw Failure(
                    .data, "\(quoted) has \(count) numbers of \(type.size) bytes by its shape, and \(end - start) bytes by its data_offsets")
            }
            (self.name, self.type, self.shape, self.count, self.start, self.end) = (name, type, shape, count, start, end)
        }

        func tensor(_ bytes: [UInt8], from base: Int) throws(Failure) -> Tensor {
            let result = try Tensor(uninitialized: shape, type.dtype)
            guard count > 0 else { return result }
            bytes.withUnsafeBytes { all in
                guard let source = all.baseAddress.map({ $0 + base + start }) else { return }
                if type.isKept {
                    result.block.data.copyMemory(from: source, byteCount: end - start)
                } else {
                    for index in 0..<count { _ = Conversion.store(type.number(source, index), in: result.block, at: index) }
                }
            }
            if type == .bool { Safetensors.cleanBools(result) }
            return result
        }
    }

    /// Whatever is not 0 is true.
    private static func cleanBools(_ tensor: Tensor) {
        let bytes = tensor.block.data.assumingMemoryBound(to: UInt8.self)
        for index in 0..<tensor.count where bytes[index] > 1 { bytes[index] = 1 }
    }
}

extension JSONParser.Mistake {
    /// For who has a file that a program wrote.
    fileprivate var words: String {
        switch kind {
        case .valueMissing: "it ends too early"
        case .noValue: "a value is expected"
        case .tooDeep: "it is nested too deep"
        case .textAfterValue: "something follows its end"
        case .closeExpected(let bracket): "a comma or \(bracket) is expected"
        case .nameExpected: "a name is expected"
        case .nameTwice(let name): "the name \(JSON.quoted(name)) stands there twice"
        case .colonExpected: "a colon is expected"
        case .digitExpected: "a digit is expected"
        case .leadingZero: "a number begins with 0"
        case .endlessText: "a text does not end"
        case .controlCharacter: "a text holds a control character"
        case .unknownEscape: "an escape is unknown"
        case .halfSurrogatePair: "an escape is half a character"
        case .hexadecimalExpected: "four hexadecimal digits are expected"
        }
    }
}

/// The types of numbers in such files that can be read.
private enum NumberType: String, CaseIterable {
    case float64 = "F64", float32 = "F32", float16 = "F16", bfloat16 = "BF16"
    case int64 = "I64", int32 = "I32", int16 = "I16", int8 = "I8"
    case uint64 = "U64", uint32 = "U32", uint16 = "U16", uint8 = "U8", bool = "BOOL"

    var size: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    var dtype: DType {
        switch self {
        case .float32, .float16, .bfloat16: .float32
        case .uint8: .uint8
        case .bool: .bool
        default: .float64
        }
    }

    /// Whether its bytes are those of the tensor.
    var isKept: Bool { self == .float64 || self == .float32 || self == .uint8 || self == .bool }

    func number(_ data: UnsafeRawPointer, _ index: Int) -> Double {
        let at = data + index * size
        switch self {
        case .float64: return at.loadUnaligned(as: Double.self)
        case .float32: return Double(at.loadUnaligned(as: Float.self))
        case .float16: return NumberType.half(at.loadUnaligned(as: UInt16.self))
        case .bfloat16: return Double(Float(bitPattern: UInt32(at.loadUnaligned(as: UInt16.self)) << 16))
        case .int64: return Double(at.loadUnaligned(as: Int64.self))
        case .int32: return Double(at.loadUnaligned(as: Int32.self))
        case .int16: return Double(at.loadUnaligned(as: Int16.self))
        case .int8: return Double(at.loadUnaligned(as: Int8.self))
        case .uint64: return Double(at.loadUnaligned(as: UInt64.self))
        case .uint32: return Double(at.loadUnaligned(as: UInt32.self))
        case .uint16: return Double(at.loadUnaligned(as: UInt16.self))
        case .uint8, .bool: return Double(at.loadUnaligned(as: UInt8.self))
        }
    }

    /// IEEE's half: 1 bit of sign, 5 of exponent, 10 of significand.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10) & 31, fraction = Double(bits & 1023) / 1024
        let size: Double =
            switch exponent {
            case 0: fraction * 0x1p-14
            case 31: bits & 1023 == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
            }
        return bits & 0x8000 == 0 ? size : -size
    }
}
