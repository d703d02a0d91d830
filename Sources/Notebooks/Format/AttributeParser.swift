import Interchange

/// Reads what stands on a marker's line behind its word.
struct AttributeParser {
    struct Mistake: Error {
        var message: String
        var range: Range<Int>
        var help: String?
    }

    /// No value of an attribute is nested deeper.
    private static let deepest = 100

    private let bytes: [UInt8]
    private let end: Int
    private var position: Int

    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.position = start
        self.end = end
    }

    /// The version behind `%% nnb`.
    mutating func version() throws(Mistake) {
        skipSpaces()
        let start = position
        while position < end, bytes[position] != UInt8(ascii: " ") { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard word != Marker.version else { return }
        throw Mistake(
            message: word.isEmpty ? "the version is missing" : "version \(word) of the format is not known here",
            range: max(start - 1, 0)..<position, help: "a notebook begins with `%% nnb \(Marker.version)`")
    }

    mutating func attributes(of marker: Marker) throws(Mistake) -> Attributes {
        var attributes = Attributes()
        let rules = marker.rules
        let lineEnd = position
        while true {
            let spaces = skipSpaces()
            guard position < end else { break }
            guard spaces > 0 else {
                throw Mistake(message: "a space is missing", range: position..<position + 1, help: "attributes are `key=value`, with spaces between them")
            }
            let start = position
            let (key, value) = try attribute()
            guard attributes[key] == nil else {
                throw Mistake(message: "`\(key)` stands here twice", range: start..<position)
            }
            if let expected = rules[key]?.complaint(about: value) {
                throw Mistake(message: "`\(key)` must be \(expected)", range: start..<position)
            }
            attributes[key] = value
        }
        for key in marker.requiredKeys where attributes[key] == nil {
            throw Mistake(message: "`%% \(marker.rawValue)` needs `\(key)=`", range: max(lineEnd - 3, 0)..<lineEnd)
        }
        return attributes
    }

    private mutating func attribute() throws(Mistake) -> (String, JSON) {
        let start = position
        while position < end, Attributes.isKeyByte(bytes[position], first: position == start) { position += 1 }
        let key = String(decoding: bytes[start..<position], as: UTF8.self)
        guard position > start, position < end, bytes[position] == UInt8(ascii: "=") else {
            throw Mistake(
                message: "`key=value` expected", range: start..<max(position, start + 1),
                help: "the value is written as in JSON: a number, true, a text in double quotes, a list")
        }
        position += 1
        var parser = JSONParser(bytes, in: position..<end, deepest: AttributeParser.deepest)
        do {
            let value = try parser.value()
            position = parser.position
            return (key, value)
        } catch {
            let start = error.range.lowerBound
            throw Mistake(message: "the value of `\(key)`: \(error.message)", range: start..<min(start + 1, max(start, end)))
        }
    }

    @discardableResult
    private mutating func skipSpaces() -> Int {
        let start = position
        while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
        return position - start
    }
}

extension JSONParser.Mistake {
    /// For who writes a notebook by hand.
    fileprivate var message: String {
        switch kind {
        case .valueMissing: "a value is missing"
        case .noValue: "not a value: text stands in double quotes, \"like this\""
        case .tooDeep(let most): "nested more than \(most) deep"
        case .textAfterValue: "text after the value"
        case .closeExpected(let bracket): "`,` or `\(bracket)` expected"
        case .nameExpected: "a name in double quotes expected"
        case .nameTwice(let name): "the name \"\(name)\" stands here twice"
        case .colonExpected: "`:` expected"
        case .digitExpected: "a digit expected"
        case .leadingZero: "a number begins with 0"
        case .endlessText: "the string does not end"
        case .controlCharacter: "a control character in a string; write it as an escape"
        case .unknownEscape: "no escape of JSON"
        case .halfSurrogatePair: "half a surrogate pair"
        case .hexadecimalExpected: "four hexadecimal digits expected"
        }
    }
}
