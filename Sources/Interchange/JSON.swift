/// A value of JSON. Numbers keep their spelling and objects the order of their members, so that what is not
/// understood is passed on unchanged.
public indirect enum JSON: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public var name: String
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    /// As it is written; always a valid number of JSON.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    public init(_ integer: Int) { self = .number(String(integer)) }

    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The number as an integer that is not negative; nil where it is none or too large.
    public var unsigned: UInt64? {
        if case .number(let text) = self { UInt64(text) } else { nil }
    }

    /// The number as an integer that is spelled like one; nil where it is none or too large.
    public var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    public var number: Double? {
        if case .number(let text) = self { Double(text) } else { nil }
    }

    /// The member of that name; nil where there is none, or where this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

// MARK: - Printing

extension JSON {
    /// On one line, with a space after each comma and colon, and no escape that is not needed.
    public var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let truth): text += truth ? "true" : "false"
        case .number(let spelling): text += spelling
        case .string(let string): text += JSON.quoted(string)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += ", " }
                text += JSON.quoted(member.name) + ": "
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// A text between its quotes.
    public static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
