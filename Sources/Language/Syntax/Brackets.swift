import Diagnostics

/// What stands in brackets: groups, tuples, tensors and lists, maps, arguments, indices.
extension Parser {
    /// Elements up to the closer, separated by commas, one more allowed at the end.
    private mutating func separated(
        until closer: Symbol, _ element: (inout Parser) throws(Stop) -> Void
    ) throws(Stop) {
        while !at(closer) {
            try element(&self)
            guard !at(closer) else { return }
            guard take(.comma) else { throw missingComma(closer) }
        }
    }

    // MARK: Groups and tuples

    mutating func group() throws(Stop) -> Expression {
        let start = span
        var elements: [Expression] = []
        var isTuple = false
        try bracketed(by: .symbol(.rightParenthesis)) { (parser) throws(Stop) in
            isTuple = parser.at(.rightParenthesis)
            while !parser.at(.rightParenthesis) {
                elements.append(try parser.expression())
                if parser.at(.for) { throw parser.comprehensionWithoutBrackets() }
                guard parser.take(.comma) else { break }
                isTuple = true
            }
            if !parser.at(.rightParenthesis), isTuple { throw parser.missingComma(.rightParenthesis) }
        }
        if !isTuple, var only = elements.first {
            only.span = spanned(from: start)
            return only
        }
        return Expression(form: .tuple(elements), span: spanned(from: start))
    }

    // MARK: Tensors, lists, comprehensions

    mutating func bracket() throws(Stop) -> Expression {
        let start = span
        let form = try bracketed(by: .symbol(.rightBracket)) { (parser) throws(Stop) in try parser.bracketContent() }
        return Expression(form: form, span: spanned(from: start))
    }

    private mutating func bracketContent() throws(Stop) -> Expression.Form {
        var rows: [[Expression]] = []
        var row: [Expression] = []
        var hasRows = false
        while !at(.rightBracket) {
            row.append(try expression())
            if at(.for), rows.isEmpty, row.count == 1, !hasRows { return try comprehension(of: row[0]) }
            if at(.semicolon) {
                advance()
                hasRows = true
                rows.append(row)
                row = []
            } else if !take(.comma), !at(.rightBracket) {
                throw missingComma(.rightBracket)
            }
        }
        if !row.isEmpty || rows.isEmpty { rows.append(row) }
        return .bracket(Syntax.Bracket(rows: rows, hasRows: hasRows))
    }

    private mutating func comprehension(of element: Expression) throws(Stop) -> Expression.Form {
        var clauses: [Syntax.Comprehension.Clause] = []
        while true {
            if take(.for) {
                let target = try loopTarget()
                guard take(.in) else { throw stop("`in` must follow the variable of `for`") }
                clauses.append(.loop(target, try expression(.pipe)))
            } else if take(.if) {
                clauses.append(.condition(try expression()))
            } else {
                if at(.else) { throw conditionalHabit() }
                return .comprehension(Syntax.Comprehension(element: element, clauses: clauses))
            }
        }
    }

    // MARK: Maps

    mutating func map() throws(Stop) -> Expression {
        let start = span
        let entries = try bracketed(by: .symbol(.rightBrace)) { (parser) throws(Stop) in
            var entries: [Syntax.Entry] = []
            try parser.separated(until: .rightBrace) { (parser) throws(Stop) in
                let key = try parser.expression()
                guard parser.take(.colon) else { throw parser.notAMap(start, isFirst: entries.isEmpty) }
                let value = try parser.expression()
                if parser.at(.for) { throw parser.comprehensionWithoutBrackets() }
                entries.append(Syntax.Entry(key: key, value: value))
            }
            return entries
        }
        return Expression(form: .map(entries), span: spanned(from: start))
    }

    /// Whether the `{` looked at, after `->` or the `=` of a short definition, opens a map: `}`, or a key and `:` follow.
    var opensMap: Bool {
        var next = 1
        while ahead(next).kind == .newline { next += 1 }
        if ahead(next).kind == .symbol(.rightBrace) { return true }
        if ahead(next).kind == .symbol(.minus) { next += 1 }
        switch ahead(next).kind {
        case .number, .string, .name:
            next += 1
            while ahead(next).kind == .newline { next += 1 }
            return ahead(next).kind == .symbol(.colon)
        default: return false
        }
    }

    // MARK: Calls

    mutating func call(_ callee: Expression) throws(Stop) -> Expression {
        let start = span
        let arguments = try bracketed(by: .symbol(.rightParenthesis)) { (parser) throws(Stop) in
            var arguments: [Syntax.Call.Argument] = []
            var names: Set<String> = []
            try parser.separated(until: .rightParenthesis) { (parser) throws(Stop) in
                arguments.append(try parser.argument(&names))
            }
            return arguments
        }
        let form = Expression.Form.call(
            Syntax.Call(callee: callee, arguments: arguments, argumentsSpan: spanned(from: start)))
        return Expression(form: form, span: spanned(from: callee.span))
    }

    private mutating func argument(_ names: inout Set<String>) throws(Stop) -> Syntax.Call.Argument {
        let start = span
        if at(.star) || at(.caret) {
            throw stop("arguments are not spread by `\(text(token))`", help: "write them one by one")
        }
        var next = 1
        while ahead(next).kind == .newline { next += 1 }
        if ahead(next).kind == .symbol(.assign), let name = fieldName() {
            advance()
            guard names.insert(name.text).inserted else {
                throw stop("`\(name.text)` is given twice", at: name.span)
            }
            return Syntax.Call.Argument(name: name, value: try expression())
        }
        let value = try expression()
        if at(.for) { throw comprehensionWithoutBrackets() }
        if at(.assign) {
            throw stop("an argument's name must stand before `=`", at: value.span, help: "`==` compares")
        }
        if !names.isEmpty {
            throw stop(
                "an argument without a name stands after one with a name", at: start.joined(value.span),
                help: "arguments by position come first: `f(x, rate=0.1)`")
        }
        return Syntax.Call.Argument(name: nil, value: value)
    }

    // MARK: Indices

    mutating func indexed(_ object: Expression) throws(Stop) -> Expression {
        let items = try bracketed(by: .symbol(.rightBracket)) { (parser) throws(Stop) in
            var items: [Syntax.Index.Item] = []
            try parser.separated(until: .rightBracket) { (parser) throws(Stop) in items.append(try parser.item()) }
            if items.isEmpty { throw parser.stop("an index is missing between `[` and `]`") }
            return items
        }
        return Expression(
            form: .index(Syntax.Index(object: object, items: items)), span: spanned(from: object.span))
    }

    private mutating func item() throws(Stop) -> Syntax.Index.Item {
        let start = span
        if take(.ellipsis) { return .ellipsis(start) }
        if kind == .name("new") {
            let next = ahead(1).kind
            if next == .symbol(.comma) || next == .symbol(.rightBracket) || next == .newline {
                advance()
                return .newAxis(start)
            }
        }
        var first: Expression?
        if !at(.colon) {
            first = try expression()
            guard at(.colon) else { return first.map { .expression($0) } ?? .ellipsis(start) }
        }
        var slice = Syntax.Index.Slice(start: first, stop: nil, step: nil, span: start)
        advance()
        slice.stop = try bound()
        if take(.colon) { slice.step = try bound() }
        slice.span = spanned(from: start)
        return .slice(slice)
    }

    private mutating func bound() throws(Stop) -> Expression? {
        at(.colon) || at(.comma) || at(.rightBracket) ? nil : try expression()
    }
}
