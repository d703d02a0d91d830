/// Reads one value of JSON (RFC 8259) from a stretch of UTF-8.
package struct JSONParser {
    /// What is wrong, from the byte where it begins to the one where reading stopped. Its words are the reader's, who knows
    /// whether a hand or a program has written the bytes.
    package struct Mistake: Error, Equatable {
        package enum Kind: Equatable, Sendable {
            case valueMissing, noValue, tooDeep(most: Int), textAfterValue
            /// Where a comma may stand too.
            case closeExpected(Character)
            case nameExpected, nameTwice(String), colonExpected
            case digitExpected, leadingZero
            case endlessText, controlCharacter, unknownEscape, halfSurrogatePair, hexadecimalExpected
        }

        package let kind: Kind
        package let range: Range<Int>

        package init(kind: Kind, range: Range<Int>) {
            self.kind = kind
            self.range = range
        }
    }

    private let bytes: [UInt8]
    private let end: Int
    /// How many lists and objects may stand within each other.
    private let deepest: Int
    /// Where the next byte is read.
    package private(set) var position: Int

    package init(_ bytes: [UInt8], in range: Range<Int>, deepest: Int) {
        self.bytes = bytes
        self.position = range.lowerBound
        self.end = min(range.upperBound, bytes.count)
        self.deepest = deepest
    }

    /// The one value in the bytes, which hold nothing else.
    package static func parse(_ bytes: [UInt8], in range: Range<Int>, deepest: Int) throws(Mistake) -> JSON {
        var parser = JSONParser(bytes, in: range, deepest: deepest)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == parser.end else { throw parser.mistake(.textAfterValue) }
        return value
    }

    /// One value; `position` is then behind it.
    package mutating func value() throws(Mistake) -> JSON { try value(depth: 0) }

    private mutating func value(depth: Int) throws(Mistake) -> JSON {
        guard let first = peek else { throw mistake(.valueMissing) }
        switch first {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard depth < deepest else { throw mistake(.tooDeep(most: deepest)) }
            return try first == UInt8(ascii: "[") ? array(depth: depth) : object(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number(isInside: depth > 0))
        default: break
        }
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        throw mistake(.noValue)
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
            guard take(",") else { throw mistake(.closeExpected("]")) }
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
            guard peek == UInt8(ascii: "\"") else { throw mistake(.nameExpected) }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else { throw mistake(.nameTwice(name), from: start) }
            skipSpace()
            guard take(":") else { throw mistake(.colonExpected) }
            skipSpace()
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw mistake(.closeExpected("}")) }
        }
    }

    // MARK: - Numbers and strings

    /// By itself a number ends behind a 0 at its head, and who reads it sees what follows.
    private mutating func number(isInside: Bool) throws(Mistake) -> String {
        let start = position
        _ = take("-")
        if !take("0") {
            try digits()
        } else if isInside, peekIsDigit {
            try digits()
            throw mistake(.leadingZero, from: start)
        }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Mistake) {
        let start = position
        while peekIsDigit { position += 1 }
        guard position > start else { throw mistake(.digitExpected) }
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
                position += 1
                throw mistake(.controlCharacter, from: position - 1)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw mistake(.endlessText)
    }

    private mutating func escape() throws(Mistake) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let letter = peek else { throw mistake(.endlessText) }
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
        default: throw mistake(.unknownEscape, from: start)
        }
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code), take("\\u") {
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw mistake(.halfSurrogatePair, from: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw mistake(.halfSurrogatePair, from: start) }
        return scalar
    }

    private mutating func hexadecimal() throws(Mistake) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw mistake(.hexadecimalExpected)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    // MARK: - Bytes

    private var peek: UInt8? { position < end ? bytes[position] : nil }

    private var peekIsDigit: Bool { peek.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }

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

    private func mistake(_ kind: Mistake.Kind, from start: Int? = nil) -> Mistake {
        Mistake(kind: kind, range: (start ?? position)..<position)
    }
}
