import Diagnostics

/// The words of a source, with what the parser wants to know of them beforehand.
struct Tokens {
    /// A `##` comment that stands alone on its line or after a `{`.
    struct Remark {
        var text: String
        /// Lines are numbered from 0.
        var line: Int
        /// The index of the first token after it that is no newline.
        var next: Int
        var span: Span
    }

    /// Ends with `end`.
    var list: [Token] = []
    /// For an opening bracket or the start of a hole, the index of its partner; -1 where it has none.
    var partner: [Int32] = []
    /// For a closing bracket, the index of its partner; -1 where it has none.
    var opener: [Int32] = []
    var remarks: [Remark] = []
    var diagnostics: [Diagnostic] = []
    /// Offsets of the lines' first bytes.
    var lineStarts: [Int] = [0]
    /// The text ends inside a bracket: more may follow.
    var isOpen = false
    /// The text ends inside a triple-quoted string.
    var hasOpenString = false

    /// The line, from 0, that holds the offset.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    func isSameLine(_ first: Int, _ second: Int) -> Bool {
        line(of: Int(list[first].span.start)) == line(of: Int(list[second].span.start))
    }
}

/// Splits a source into words in one pass. Newlines are given everywhere; whether one ends a statement, the parser
/// knows, as it knows which `{` is a map's.
struct Lexer {
    /// An f-string that is being read.
    struct FormatString {
        var quote: UInt8
        var isTriple: Bool
        var isRaw: Bool
        /// The `f`'s offset.
        var start: Int
        /// Open brackets inside the hole; -1 while its text is read.
        var depth = -1
        /// Where the hole's expression starts.
        var holeStart = 0
    }

    /// Past so many mistakes there is no use in finding more.
    static let mistakesAtMost = 20

    let source: Source
    let bytes: [UInt8]
    var position = 0
    var tokens = Tokens()
    var formats: [FormatString] = []
    private var isSpaced = true
    /// Remarks whose next token has not been seen.
    private var openRemarks = 0

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
    }

    static func read(_ source: Source) -> Tokens {
        var lexer = Lexer(source)
        lexer.run()
        return lexer.tokens
    }

    private mutating func run() {
        while position < bytes.count {
            if let format = formats.last, format.depth < 0 { formatText() } else { word() }
        }
        if let format = formats.first {
            mistake("this f-string is never closed", format.start, format.start + 2)
            if formats.contains(where: \.isTriple) { tokens.hasOpenString = true }
            while !formats.isEmpty { closeFormat() }
        }
        emit(.end, position)
        pairBrackets()
    }

    // MARK: Words

    private mutating func word() {
        let start = position
        let byte = bytes[position]
        switch byte {
        case 0x20, 0x09, 0x0d, 0x0c:
            position += 1
            isSpaced = true
        case 0x0a: newline()
        case UInt8(ascii: "#"): comment()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
        case UInt8(ascii: "."):
            if isDigit(position + 1) { number() } else { symbol() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            if byte == UInt8(ascii: "'"), !isSpaced, endsOperand { prime() } else { string(start, prefix: "") }
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): name()
        case UInt8(ascii: "\\"): backslash()
        case 0x80...: beyondASCII()
        default: symbol()
        }
    }

    private mutating func newline() {
        let start = position
        position += 1
        tokens.lineStarts.append(position)
        if let format = formats.last, !format.isTriple {
            mistake("the `{` of this f-string is never closed", format.holeStart - 1, format.holeStart)
            while let format = formats.last, !format.isTriple { closeFormat() }
        }
        isSpaced = true
        if let last = tokens.list.last, last.kind != .newline {
            tokens.list.append(Token(kind: .newline, span: Span(start, start), isSpaced: true))
        }
    }

    private mutating func comment() {
        let start = position
        while position < bytes.count, bytes[position] != 0x0a { position += 1 }
        guard position - start >= 2, bytes[start + 1] == UInt8(ascii: "#"), byte(start + 2) != UInt8(ascii: "#") else {
            return
        }
        switch tokens.list.last?.kind {
        case nil, .newline, .symbol(.leftBrace): break
        default: return
        }
        var from = start + 2
        if byte(from) == 0x20 { from += 1 }
        var to = position
        while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x0d || bytes[to - 1] == 0x09 { to -= 1 }
        tokens.remarks.append(
            Tokens.Remark(
                text: text(from, max(from, to)), line: tokens.lineStarts.count - 1, next: -1, span: Span(start, to)))
        openRemarks += 1
    }

    private mutating func name() {
        let start = position
        var isASCII = true
        while position < bytes.count {
            let byte = bytes[position]
            if isNameByte(byte) {
                position += 1
            } else if byte >= 0x80 {
                let (scalar, length) = scalar(position)
                guard Characters.continuesName(scalar) else { break }
                isASCII = false
                position += length
            } else {
                break
            }
        }
        let spelling = text(start, position)
        if let next = byte(position), next == UInt8(ascii: "\"") || next == UInt8(ascii: "'"), isASCII {
            switch spelling {
            case "f" where isDerivative:
                emit(.name(spelling), start)
                return prime()
            case "r", "f", "rf", "fr", "R", "F": return string(start, prefix: spelling.lowercased())
            case "b", "u", "rb", "br", "B", "U":
                mistake(
                    "there are no \(spelling)\"…\" strings", start, position, help: "leave out the `\(spelling)`")
                return string(position, prefix: "")
            default: break
            }
        }
        if isASCII, let keyword = Keyword.byName[spelling] {
            emit(.keyword(keyword), start)
        } else {
            emit(.name(isASCII ? spelling : Characters.canonical(spelling)), start)
        }
    }

    private mutating func symbol() {
        let start = position
        for candidate in Symbol.ascii[Int(bytes[start] & 127)] where matches(candidate.spelling, start) {
            // Inside a hole, `:`, `!`, `=` and `}` may end its expression.
            if let format = formats.last, format.depth == 0, endsHole() { return }
            position += candidate.spelling.count
            if !formats.isEmpty {
                if candidate.symbol.opensBracket { formats[formats.count - 1].depth += 1 }
                if candidate.symbol.closesBracket { formats[formats.count - 1].depth -= 1 }
                if formats[formats.count - 1].depth < 0 { formats[formats.count - 1].depth = 0 }
            }
            return emit(.symbol(candidate.symbol), start)
        }
        position += 1
        let character = bytes[start]
        if character < 0x20 || character == 0x7f {
            unexpected("a control character (code \(character))", start)
        } else {
            unexpected("`\(text(start, position))`", start)
        }
    }

    private mutating func beyondASCII() {
        let start = position
        let (scalar, length) = scalar(position)
        if Characters.startsName(scalar) { return name() }
        position += length
        if let symbol = Symbol.scalars[scalar] {
            // `−=`, `⊙=` and `·=` are `-=`, `*=` and `@=`.
            if let compound = Symbol(rawValue: symbol.rawValue + "="), compound.updateOperation != nil, position < bytes.count,
                bytes[position] == UInt8(ascii: "="),
                position + 1 == bytes.count || bytes[position + 1] != UInt8(ascii: "=")
            {
                position += 1
                return emit(.symbol(compound), start)
            }
            return emit(.symbol(symbol), start)
        }
        if Characters.isSpace(scalar) {
            isSpaced = true
            return
        }
        while position < bytes.count, bytes[position] & 0xc0 == 0x80 { position += 1 }
        unexpected("`\(text(start, position))`", start, help: Habits.character(scalar))
    }

    private mutating func backslash() {
        let start = position
        position += 1
        var after = position
        while let next = byte(after), next == 0x20 || next == 0x09 || next == 0x0d { after += 1 }
        if after >= bytes.count || bytes[after] == 0x0a {
            mistake(
                "a line is not continued by `\\`", start, position,
                help: "a line goes on by itself inside ( ) and [ ], or where it ends in an operator or a comma")
            position = min(after + 1, bytes.count)
            if after < bytes.count { tokens.lineStarts.append(position) }
        } else {
            unexpected("`\\`", start)
        }
    }

    /// `W'`: MATLAB's transpose or a derivative, directly after a value.
    private mutating func prime() {
        let start = position
        position += 1
        mistake(
            "`'` after a value means nothing here", start, position,
            help: "the transpose of W is `Wᵀ` or `W.T`; the derivative of f is `∇f`")
        emit(.invalid, start)
    }

    /// Whether the `'` after an `f` opens no string: none closes it on its line, and a call or nothing more follows.
    private var isDerivative: Bool {
        guard byte(position) == UInt8(ascii: "'") else { return false }
        var end = position + 1
        while let next = byte(end), next != 0x0a {
            if next == UInt8(ascii: "'") { return false }
            end += 1
        }
        switch byte(position + 1) {
        case nil, 0x0a, 0x0d, 0x20, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","): return true
        default: return false
        }
    }

    // MARK: Tools

    mutating func emit(_ kind: Token.Kind, _ start: Int) {
        if openRemarks > 0 {
            for index in tokens.remarks.indices.suffix(openRemarks) { tokens.remarks[index].next = tokens.list.count }
            openRemarks = 0
        }
        tokens.list.append(Token(kind: kind, span: Span(start, position), isSpaced: isSpaced))
        isSpaced = false
    }

    mutating func mistake(_ message: String, _ start: Int, _ end: Int, help: String? = nil) {
        guard tokens.diagnostics.count < Lexer.mistakesAtMost else { return }
        tokens.diagnostics.append(
            Diagnostic(
                .error, .lexical, message, labels: [.init(source, Span(start, end))], help: help.map { [$0] } ?? []))
    }

    private mutating func unexpected(_ what: String, _ start: Int, help: String? = nil) {
        mistake("\(what) is no sign of the language", start, position, help: help)
        emit(.invalid, start)
    }

    /// Whether the last token can be the end of a value.
    private var endsOperand: Bool {
        switch tokens.list.last?.kind {
        case .name, .number, .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.transpose): true
        default: false
        }
    }

    func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    func isDigit(_ index: Int) -> Bool {
        index < bytes.count && bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
    }

    func isNameByte(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_")
    }

    func matches(_ spelling: [UInt8], _ start: Int) -> Bool {
        guard start + spelling.count <= bytes.count else { return false }
        for index in spelling.indices where bytes[start + index] != spelling[index] { return false }
        return true
    }

    func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// The scalar that starts at the index, and its length in bytes.
    func scalar(_ index: Int) -> (Unicode.Scalar, Int) {
        let first = bytes[index]
        let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard index + length <= bytes.count else { return ("\u{fffd}", bytes.count - index) }
        var code = UInt32(first) & (length == 1 ? 0x7f : length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
        for offset in 1..<4 where offset < length { code = code << 6 | UInt32(bytes[index + offset] & 0x3f) }
        return (Unicode.Scalar(code) ?? "\u{fffd}", length)
    }

    // MARK: Brackets

    /// Finds each bracket's partner. One that is closed by a bracket of another kind has none, so that a forgotten `)`
    /// costs no more than its own line.
    private mutating func pairBrackets() {
        tokens.partner = [Int32](repeating: -1, count: tokens.list.count)
        tokens.opener = tokens.partner
        var open: [(index: Int, closer: Symbol?)] = []
        var waiting: [Symbol?: Int] = [:]
        func closer(_ symbol: Symbol) -> Symbol {
            symbol == .leftParenthesis ? .rightParenthesis : symbol == .leftBracket ? .rightBracket : .rightBrace
        }
        var isBroken = false
        for (index, token) in tokens.list.enumerated() {
            let closing: Symbol?
            switch token.kind {
            case .symbol(let symbol) where symbol.opensBracket:
                open.append((index, closer(symbol)))
                waiting[closer(symbol), default: 0] += 1
                continue
            case .holeStart:
                open.append((index, nil))
                waiting[nil, default: 0] += 1
                continue
            case .symbol(let symbol) where symbol.closesBracket: closing = symbol
            case .holeEnd: closing = nil
            default: continue
            }
            guard waiting[closing, default: 0] > 0 else {
                // `[1, 2)`: the wrong closer ends what was opened on its line.
                if let last = open.last, tokens.isSameLine(last.index, index) {
                    open.removeLast()
                    waiting[last.closer, default: 0] -= 1
                }
                isBroken = true
                continue
            }
            while let last = open.popLast() {
                waiting[last.closer, default: 0] -= 1
                if last.closer == closing {
                    tokens.partner[last.index] = Int32(clamping: index)
                    tokens.opener[index] = Int32(clamping: last.index)
                    break
                }
                isBroken = true
            }
        }
        if !open.isEmpty, !isBroken { tokens.isOpen = true }
    }
}
