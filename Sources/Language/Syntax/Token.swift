import Diagnostics

/// A word of the source.
struct Token {
    enum Kind: Equatable {
        case number(Double)
        case string(String)
        case name(String)
        case keyword(Keyword)
        case symbol(Symbol)
        /// `f"`, then texts and holes, then the closing quote.
        case formatStart
        case formatText(String)
        case holeStart
        case holeEnd(Hole)
        case formatEnd
        /// One or more line ends, with blank lines and comments between them.
        case newline
        case end
        /// Text that is no word; its mistake has been reported.
        case invalid
    }

    /// What stood between a hole's expression and its `}`.
    struct Hole: Equatable {
        var format: Format?
        var isRepr = false
        /// `{x=}`: the text up to and with the `=`, to be shown before the value.
        var label: String?
    }

    var kind: Kind
    var span: Span
    /// Whether white space or a line's start stands before it.
    var isSpaced: Bool
}

enum Keyword: String, CaseIterable {
    case and, assert, `break`, `catch`, `class`, `continue`, `else`, `false`, fn, `for`, from, `if`, `import`, `in`
    case none, not, or, `return`, `self`, `true`, `try`, `while`

    static let byName: [String: Keyword] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

enum Symbol: String, CaseIterable {
    case leftParenthesis = "(", rightParenthesis = ")", leftBracket = "[", rightBracket = "]"
    case leftBrace = "{", rightBrace = "}"
    case comma = ",", semicolon = ";", colon = ":", dot = ".", ellipsis = "...", assign = "=", arrow = "->"
    case plus = "+", minus = "-", star = "*", slash = "/", doubleSlash = "//", percent = "%", caret = "^", at = "@"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case ampersand = "&", bar = "|", pipe = "|>"
    case plusAssign = "+=", minusAssign = "-=", starAssign = "*=", slashAssign = "/=", doubleSlashAssign = "//="
    case percentAssign = "%=", caretAssign = "^=", atAssign = "@="
    case element = "∈", notElement = "∉", gradient = "∇", root = "√", transpose = "ᵀ", question = "?"
    // No part of the language; read as one word so that the parser can say what to write instead.
    case andAnd = "&&", orOr = "||", exclamation = "!", tilde = "~"
    case walrus = ":=", fatArrow = "=>", tripleEqual = "===", lessGreater = "<>", dotStar = ".*", dotCaret = ".^"
    case dotSlash = "./", ampersandAssign = "&=", barAssign = "|=", dollar = "$"

    /// Other spellings; all of one scalar but `**`.
    static let aliases: [String: Symbol] = [
        "**": .caret, "**=": .caretAssign, "·": .at, "⋅": .at, "∙": .at, "⊙": .star, "≠": .notEqual, "≤": .lessOrEqual,
        "≥": .greaterOrEqual, "←": .assign, "−": .minus,
    ]

    /// Spellings in ASCII by their first byte, the longest first.
    static let ascii: [[(spelling: [UInt8], symbol: Symbol)]] = {
        var table = [[(spelling: [UInt8], symbol: Symbol)]](repeating: [], count: 128)
        let spellings = allCases.map { ($0.rawValue, $0) } + aliases.map { ($0.key, $0.value) }
        for (text, symbol) in spellings {
            let bytes = Array(text.utf8)
            if bytes[0] < 128 { table[Int(bytes[0])].append((bytes, symbol)) }
        }
        return table.map { $0.sorted { $0.spelling.count > $1.spelling.count } }
    }()

    static let scalars: [Unicode.Scalar: Symbol] = {
        var table: [Unicode.Scalar: Symbol] = [:]
        for (text, symbol) in allCases.map({ ($0.rawValue, $0) }) + aliases.map({ ($0.key, $0.value) }) {
            if let scalar = text.unicodeScalars.first, scalar.value >= 128 { table[scalar] = symbol }
        }
        return table
    }()

    var opensBracket: Bool { self == .leftParenthesis || self == .leftBracket || self == .leftBrace }
    var closesBracket: Bool { self == .rightParenthesis || self == .rightBracket || self == .rightBrace }

    /// The operation of `+=` and its kin.
    var updateOperation: Syntax.BinaryOperator? {
        switch self {
        case .plusAssign: .add
        case .minusAssign: .subtract
        case .starAssign: .multiply
        case .slashAssign: .divide
        case .doubleSlashAssign: .floorDivide
        case .percentAssign: .remainder
        case .caretAssign: .power
        case .atAssign: .matrixMultiply
        default: nil
        }
    }
}
