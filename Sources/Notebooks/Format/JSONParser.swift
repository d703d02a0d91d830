/// Reads one value of JSON (RFC 8259) from a stretch of UTF-8. Nested at most 100 deep.
package struct JSONParser {
    /// What is wrong, and at which offset of the bytes.
    package struct Mistake: Error {
        package var offset: Int
        package var message: String
    }

    static let deepest = 100

    private let bytes: [UInt8]
    private let end: Int
    /// Where the next byte is read.
    package private(set) var position: Int

    package init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.position = start
        self.end = end
    }

    /// A whole text that holds one value and nothing else.
    package static func parse(_ text: String) throws(Mistake) -> JSON {
        let bytes = Array(text.utf8)
        var parser = JSONParser(bytes, from: 0, to: bytes.count)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.mistake("text after the value") }
        return value
    }

    /// One value; `position` is then behind it.
    package mutating func value(depth: Int = 0) throws(Mistake) -> JSON {
        guard depth <= JSONParser.deepest else { throw mistake("nested more than \(JSONParser.deepest) deep") }
        guard let first = peek else { throw mistake("a value is missing") }
        switch first {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: break
        }
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        throw mistake("not a value: text stands in double quotes, \"like this\"")
    }

    // MARK: - Composite values

    private mutating func array(depth: Int) throws(Mistake) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw mistake("`,` or `]` expected") }
        }
    }

    private mutating func object(depth: Int) throws(Mistake) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw mistake("a name in double quotes expected") }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else {
                throw Mistake(offset: start, message: "the name \"\(name)\" stands here twice")
            }
            skipSpace()
            guard take(":") else { throw mistake("`:` expected") }
            skipSpace()
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw mistake("`,` or `}` expected") }
        }
    }

    // MARK: - Numbers and strings

    private mutating func number() throws(Mistake) -> String {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Mistake) {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw mistake("a digit expected") }
    }

    private mutating func string() throws(Mistake) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw mistake("a control character in a string; write it as an escape")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw mistake("the string does not end")
    }

    private mutating func escape() throws(Mistake) -> Unicode.Scalar {
        let start = position
        position += 1
        let letter = peek
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw Mistake(offset: start, message: "no escape of JSON")
        }
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code), take("\\u") {
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw Mistake(offset: start, message: "half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Mistake(offset: start, message: "half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(Mistake) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw mistake("four hexadecimal digits expected")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    // MARK: - Bytes

    private var peek: UInt8? { position < end ? bytes[position] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= end else { return false }
        let start = text.utf8Start
        for offset in 0..<count where bytes[position + offset] != start[offset] { return false }
        position += count
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C { position += 1 }
    }

    private func mistake(_ message: String) -> Mistake { Mistake(offset: min(position, end), message: message) }
}
