import Diagnostics
import Tensors

/// JSON as it stands in headers of files, which anyone may have written: read strictly, to a depth that no header needs.
indirect enum SmallJSON {
    case null
    case bool(Bool)
    /// Without a fraction, and small enough to count bytes.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([SmallJSON])
    /// In their order; no name twice.
    case object([Entry])

    struct Entry {
        let name: String
        let value: SmallJSON
    }

    /// A text between its quotes, with escapes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Reads one value and what may stand around it.
struct SmallJSONReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    static let deepest = 16

    static func read(_ bytes: ArraySlice<UInt8>) throws(Failure) -> SmallJSON {
        var reader = SmallJSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.place == bytes.endIndex else { throw reader.failure("something follows its end") }
        return value
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    private func failure(_ what: String) -> Failure {
        Failure(.data, "its header is no JSON: \(what) (byte \(place - bytes.startIndex))")
    }

    private var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> SmallJSON {
        guard depth < SmallJSONReader.deepest else { throw failure("it is nested too deep") }
        skipBlanks()
        guard let byte = next else { throw failure("it ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where take(word: "true"): return .bool(true)
        case UInt8(ascii: "f") where take(word: "false"): return .bool(false)
        case UInt8(ascii: "n") where take(word: "null"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value is expected")
        }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> SmallJSON {
        place += 1
        var entries: [SmallJSON.Entry] = []
        var names: Set<String> = []
        skipBlanks()
        if take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw failure("a name is expected") }
            let name = try string()
            guard names.insert(name).inserted else { throw failure("the name \(SmallJSON.quoted(name)) stands there twice") }
            skipBlanks()
            guard take(":") else { throw failure("a colon is expected") }
            entries.append(SmallJSON.Entry(name: name, value: try value(depth: depth + 1)))
            skipBlanks()
            if take("}") { return .object(entries) }
            guard take(",") else { throw failure("a comma or } is expected") }
        }
    }

    private mutating func array(_ depth: Int) throws(Failure) -> SmallJSON {
        place += 1
        var items: [SmallJSON] = []
        skipBlanks()
        if take("]") { return .array([]) }
        while true {
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .array(items) }
            guard take(",") else { throw failure("a comma or ] is expected") }
        }
    }

    private mutating func number() throws(Failure) -> SmallJSON {
        let start = place
        func digits(_ reader: inout SmallJSONReader) -> Int {
            let from = reader.place
            while let byte = reader.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { reader.place += 1 }
            return reader.place - from
        }
        _ = take("-")
        let whole = place
        guard digits(&self) > 0 else { throw failure("a digit is expected") }
        guard place - whole == 1 || bytes[whole] != UInt8(ascii: "0") else { throw failure("a number begins with 0") }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard digits(&self) > 0 else { throw failure("a digit is expected") }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard digits(&self) > 0 else { throw failure("a digit is expected") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isInteger, let number = Int(text) { return .integer(number) }
        guard let number = Double(text) else { throw failure("a number is expected") }
        return .number(number)
    }

    private mutating func string() throws(Failure) -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw failure("a text is no UTF-8") }
                return string
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<0x20: throw failure("a text holds a control character")
            default: text.append(byte)
            }
        }
        throw failure("a text does not end")
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        guard let byte = next else { throw failure("a text does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            guard (0xD800..<0xDC00).contains(unit) else {
                guard let scalar = Unicode.Scalar(unit) else { throw failure("an escape is half a character") }
                return scalar
            }
            guard take("\\"), take("u") else { throw failure("an escape is half a character") }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw failure("an escape is half a character") }
            return scalar
        default: throw failure("an escape is unknown")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard bytes.endIndex - place >= 4,
            let value = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
            bytes[place] != UInt8(ascii: "+"), bytes[place] != UInt8(ascii: "-")
        else { throw failure("four hexadecimal digits are expected") }
        place += 4
        return value
    }
}
