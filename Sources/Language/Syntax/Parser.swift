import Diagnostics

/// Reads a source text into a tree. It never fails: it gives what it could read and what was wrong with the rest.
///
/// Statements are read by recursive descent, expressions by precedence climbing over the table in `Grammar`. After a
/// mistake it goes on at the next line, so that several are found at once.
public struct Parser {
    /// The program with all its mistakes of spelling and of syntax, in the order of their places. A program with any
    /// diagnostic of severity `error` is not to be compiled.
    public static func parse(_ source: Source) -> (program: Syntax.Program, diagnostics: [Diagnostic]) {
        var parser = Parser(source)
        let body = parser.program()
        return (Syntax.Program(source: source, body: body), parser.sortedDiagnostics())
    }

    /// Whether the text, typed so far at the prompt, waits for another line: an open bracket, an open triple-quoted
    /// string, or a line that ends in an operator. An empty line ends the last of these.
    public static func isIncomplete(_ text: String) -> Bool {
        let tokens = Lexer.read(Source(name: "input", text: text))
        if tokens.diagnostics.count > (tokens.hasOpenString ? 1 : 0) { return false }
        if tokens.isOpen || tokens.hasOpenString { return true }
        guard !text.utf8.reversed().prefix(while: { $0 == 0x0a || $0 == 0x20 || $0 == 0x09 }).contains(0x0a) else {
            return false
        }
        switch tokens.list.dropLast().last?.kind {
        case .symbol(let symbol):
            return symbol == .comma || symbol == .arrow || symbol == .assign || symbol.updateOperation != nil
                || Grammar.infix(symbol).map { $0.precedence < .postfix } ?? false
        case .keyword(let keyword): return keyword == .and || keyword == .or || keyword == .not || keyword == .in
        default: return false
        }
    }

    /// Unwinds to the statement; the mistake has been written down.
    struct Stop: Error {}

    /// What may stand where.
    struct Context {
        var isFunction = false
        var isLoop = false
        var isMethod = false
    }

    /// Levels of brackets, blocks and operands inside each other.
    static let depthAtMost = 200
    /// Levels of the tree, which grows by one with each operator of a chain `a + b + c`.
    static let heightAtMost = 1000

    let source: Source
    let tokens: Tokens
    /// The token that is looked at; never past `end`.
    var index = 0
    /// The token before it.
    var previous = 0
    /// Inside `(`, `[` and a map's `{` line ends are white space.
    var ignoresNewlines = false
    var context = Context()
    /// The brackets around the place, by their token, out to the innermost block.
    var openBrackets: [Int] = []
    /// The `}` that closed a block last: it ends a statement.
    var blockEnd = -1
    var depth = 0
    /// The height of what was read last, see `expression(_:)`.
    var height = 0
    var diagnostics: [Diagnostic] = []
    /// Remarks by the token that follows them.
    private var remarks: [Int: Range<Int>] = [:]

    init(_ source: Source) {
        self.source = source
        tokens = Lexer.read(source)
        diagnostics = tokens.diagnostics
        for (index, remark) in tokens.remarks.enumerated() {
            remarks[remark.next] = (remarks[remark.next]?.lowerBound ?? index)..<(index + 1)
        }
    }

    // MARK: Tokens

    var token: Token { tokens.list[index] }
    var kind: Token.Kind { tokens.list[index].kind }
    var span: Span { tokens.list[index].span }
    var previousSpan: Span { tokens.list[previous].span }

    /// The token so many after this one, newlines counted.
    func ahead(_ count: Int) -> Token { tokens.list[min(index + count, tokens.list.count - 1)] }

    func at(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
    func at(_ keyword: Keyword) -> Bool { kind == .keyword(keyword) }

    mutating func advance() {
        previous = index
        if index + 1 < tokens.list.count { index += 1 }
        if ignoresNewlines { skipNewlines() }
    }

    mutating func skipNewlines() {
        while kind == .newline { index += 1 }
    }

    mutating func take(_ symbol: Symbol) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    mutating func take(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    /// From a start to the end of the last token read.
    func spanned(from start: Span) -> Span { Span(Int(start.start), max(Int(start.end), Int(previousSpan.end))) }

    func text(_ token: Token) -> String { source.text(token.span) }

    /// Reads what stands inside a bracket of any kind but a block's, up to and with its partner.
    mutating func bracketed<Content>(
        by closer: Token.Kind, _ read: (inout Parser) throws(Stop) -> Content
    ) throws(Stop) -> Content {
        let outer = ignoresNewlines
        openBrackets.append(index)
        // Without its partner a bracket ends with its line, and the mistake stays there.
        ignoresNewlines = tokens.partner[index] >= 0
        advance()
        let content = try read(&self)
        guard kind == closer || isHoleEnd(closer) else { throw unclosed(closer) }
        ignoresNewlines = outer
        openBrackets.removeLast()
        advance()
        return content
    }

    private func isHoleEnd(_ closer: Token.Kind) -> Bool {
        if case .holeEnd = kind, case .holeEnd = closer { return true }
        return false
    }

    // MARK: Mistakes

    /// Writes a mistake down, under the token looked at unless another place is given.
    /// Another place may be shown with it.
    mutating func stop(
        _ message: String, at place: Span? = nil, help: String? = nil, also: (span: Span, text: String)? = nil
    ) -> Stop {
        // What the lexer could not read has its mistake already.
        if kind != .invalid || diagnostics.isEmpty { report(message, at: place ?? span, help: help, also: also) }
        return Stop()
    }

    mutating func report(
        _ message: String, at place: Span, help: String? = nil, also: (span: Span, text: String)? = nil
    ) {
        var labels = [Diagnostic.Label(source, place)]
        if let also { labels.append(.init(source, also.span, also.text)) }
        diagnostics.append(Diagnostic(.error, .syntax, message, labels: labels, help: help.map { [$0] } ?? []))
    }

    /// By place, one a line: what follows the first mistake of a line is mostly its echo.
    private func sortedDiagnostics() -> [Diagnostic] {
        func start(_ diagnostic: Diagnostic) -> Int { Int(diagnostic.labels.first?.span.start ?? 0) }
        let sorted = diagnostics.enumerated().sorted {
            (start($0.element), $0.offset) < (start($1.element), $1.offset)
        }
        var kept: [Diagnostic] = []
        var line = -1
        for (_, diagnostic) in sorted where kept.count < Lexer.mistakesAtMost {
            let next = tokens.line(of: start(diagnostic))
            if next != line { kept.append(diagnostic) }
            line = next
        }
        return kept
    }

    /// Goes deeper by one level; the statement's recovery takes it back after a mistake.
    mutating func descend() throws(Stop) {
        depth += 1
        if depth > Parser.depthAtMost {
            throw stop("this is nested deeper than \(Parser.depthAtMost) levels", help: "give parts of it names")
        }
    }

    // MARK: Lines

    private mutating func program() -> [Syntax.Statement] {
        var body: [Syntax.Statement] = []
        while kind != .end {
            body += statements()
            if at(.rightBrace) {
                report("this `}` closes nothing", at: span)
                advance()
            }
        }
        return body
    }

    /// Statements up to a `}` or the end, each mistake costing its line.
    mutating func statements() -> [Syntax.Statement] {
        var list: [Syntax.Statement] = []
        while true {
            while kind == .newline || at(.semicolon) { advance() }
            if kind == .end || at(.rightBrace) { return list }
            guard diagnostics.count < Lexer.mistakesAtMost else {
                index = tokens.list.count - 1
                return list
            }
            let start = index
            let saved = (depth, context, ignoresNewlines)
            do throws(Stop) {
                var statement = try statement()
                try endStatement(start, &statement)
                list.append(statement)
            } catch {
                let bracket = openBrackets.first
                openBrackets = []
                (depth, context, ignoresNewlines) = saved
                let place = tokens.list[start].span
                recover(from: start, outermost: bracket)
                list.append(Syntax.Statement(form: .invalid, span: spanned(from: place)))
            }
            if index == start { advance() }
        }
    }

    private mutating func endStatement(_ start: Int, _ statement: inout Syntax.Statement) throws(Stop) {
        switch kind {
        case .newline, .end, .symbol(.rightBrace): return
        case .symbol(.semicolon): statement.isSilent = true
        default: if previous != blockEnd { throw unexpectedAfterStatement(start) }
        }
    }

    /// Goes to the end of the line, past the brackets that the mistake stands in. A block that the line opens is read
    /// for its own mistakes.
    private mutating func recover(from start: Int, outermost bracket: Int?) {
        if let bracket, tokens.partner[bracket] >= Int32(clamping: index) {
            index = Int(tokens.partner[bracket])
            previous = index
        }
        while true {
            switch kind {
            case .newline where isBlockNext(from: start): skipNewlines()
            case .newline, .end: return
            case .symbol(.rightBrace) where !tokens.isClosed(from: start, at: index): return
            case .symbol(.leftBrace) where ahead(1).kind == .newline && tokens.partner[index] >= 0:
                let saved = (depth, context)
                depth += 1
                context = Context(isFunction: true, isLoop: true, isMethod: true)
                advance()
                if depth <= Parser.depthAtMost { _ = statements() } else { index = tokens.list.count - 1 }
                (depth, context) = saved
                if at(.rightBrace) {
                    blockEnd = index
                    advance()
                }
            case .symbol(let symbol) where symbol.opensBracket:
                if tokens.partner[index] > 0 { index = Int(tokens.partner[index]) }
                advance()
            default: advance()
            }
        }
    }

    /// Whether the line looked at begins with the brace of a block, whose head began at `start`; it is no map then.
    private func isBlockNext(from start: Int) -> Bool {
        var next = 1
        while ahead(next).kind == .newline { next += 1 }
        guard ahead(next).kind == .symbol(.leftBrace) else { return false }
        return tokens.list[start..<index].contains { token in
            guard case .keyword(let keyword) = token.kind else { return false }
            switch keyword {
            case .if, .else, .for, .while, .fn, .class, .try, .catch: return true
            default: return false
            }
        }
    }

    // MARK: Documentation

    /// The `##` lines directly above a token.
    func remarksAbove(_ start: Int) -> String? {
        guard let range = remarks[start] else { return nil }
        var line = tokens.line(of: Int(tokens.list[start].span.start))
        var lines: [String] = []
        for remark in tokens.remarks[range].reversed() {
            guard remark.line == line - 1 else { break }
            lines.append(remark.text)
            line = remark.line
        }
        return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
    }

    /// The `##` lines first in a body that has just been opened, unless they stand directly above a definition in it.
    mutating func remarksInside() -> String? {
        skipNewlines()
        guard let range = remarks[index] else { return nil }
        if at(.fn) || at(.class) || isShortFunction, remarksAbove(index) != nil { return nil }
        return tokens.remarks[range].map(\.text).joined(separator: "\n")
    }
}

extension Tokens {
    /// Whether a `}` belongs to a `{` at or after a token.
    func isClosed(from start: Int, at brace: Int) -> Bool { opener[brace] >= Int32(clamping: start) }
}
