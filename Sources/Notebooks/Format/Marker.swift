import Interchange

/// The words that may follow `%% `.
enum Marker: String, CaseIterable {
    case nnb, code, md, raw, out, att, run

    /// The only version of the format so far.
    static let version = "1"

    /// The attributes that are written first, in this order; the others follow sorted.
    var firstKeys: [String] {
        switch self {
        case .nnb: ["lang", "seed", "title"]
        case .code, .md, .raw: ["id"]
        case .out: ["kind", "mime", "group", "file", "src"]
        case .att: ["name", "mime", "file"]
        case .run: ["code", "nnb", "isa"]
        }
    }

    /// What the attributes that have a meaning must be; all others may be anything.
    var rules: [String: AttributeRule] {
        switch self {
        case .nnb: ["lang": .text, "seed": .seed, "title": .text]
        case .code, .md, .raw: ["id": .identifier, "tags": .words, "tol": .tolerance]
        case .out: ["kind": .text, "mime": .text, "file": .path, "src": .text]
        case .att: ["name": .text, "mime": .text, "file": .path]
        case .run: ["code": .text, "nnb": .text, "isa": .text]
        }
    }

    var requiredKeys: [String] {
        switch self {
        case .out: ["kind"]
        case .att: ["name"]
        default: []
        }
    }

    /// Whether a blank line stands before it, which belongs to nobody.
    var hasBlankLineBefore: Bool { self != .nnb && self != .out && self != .att }

    var cellKind: Cell.Kind? {
        switch self {
        case .code: .code
        case .md: .md
        case .raw: .raw
        case .nnb, .out, .att, .run: nil
        }
    }
}

/// What the value of an attribute must be.
enum AttributeRule {
    case text, seed, identifier, words, tolerance, path

    /// What was expected, where the value is something else.
    func complaint(about value: JSON) -> String? {
        switch self {
        case .text:
            return value.string == nil ? "a text in double quotes" : nil
        case .seed:
            return value.unsigned == nil ? "a whole number from 0 to \(UInt64.max)" : nil
        case .identifier:
            return Identifier.isValid(value.string) ? nil : "1 to 64 letters, digits, `-` or `_` in double quotes"
        case .words:
            let isList = value.array?.allSatisfy { $0.string != nil } ?? false
            return isList ? nil : "a list of texts, [\"like\", \"this\"]"
        case .tolerance:
            return value.number.map { $0 >= 0 && $0.isFinite } ?? false ? nil : "a number that is not negative"
        case .path:
            return AttributeRule.staysInside(value.string) ? nil : "the path of a file in the notebook's folder"
        }
    }

    /// Whether the path is relative, and no step of it leads up.
    static func staysInside(_ path: String?) -> Bool {
        guard let path, !path.isEmpty, !path.utf8.contains(0), !path.utf8.contains(UInt8(ascii: "\\")) else { return false }
        return path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { step in
            !step.isEmpty && !step.elementsEqual(".".utf8) && !step.elementsEqual("..".utf8)
        }
    }
}
