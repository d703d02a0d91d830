import Diagnostics

/// The wording of syntax errors: what was expected, and the nnb way where the mistake is a habit from elsewhere.
extension Parser {
    /// The token looked at, in words.
    private var found: String {
        switch kind {
        case .end: "the end of the text"
        case .newline: "the end of the line"
        case .string, .formatStart: "a string"
        default: "`\(text(token).prefix(40))`"
        }
    }

    /// Signs that other languages have where an operator could stand.
    private static func hint(_ symbol: Symbol) -> String? {
        switch symbol {
        case .andAnd: "write `and`, for tensors `&`"
        case .orOr: "write `or`, for tensors `|`"
        case .exclamation: "write `not x`, and `x != y`"
        case .tilde: "write `not x`; for a tensor of bools `x == false`"
        case .walrus: "an assignment is a statement of its own: `x = 3`"
        case .fatArrow: "a lambda is written `x -> x^2`"
        case .tripleEqual: "write `==`"
        case .lessGreater: "write `!=`"
        case .dotStar, .dotSlash, .dotCaret: "`*`, `/` and `^` are element by element; the matrix product is `@`"
        case .ampersandAssign: "write `x = x & y`"
        case .barAssign: "write `x = x | y`"
        case .dollar: "names have no `$`"
        case .question: "write `if c { x } else { y }`; help on a name is `?name`"
        default: nil
        }
    }

    // MARK: Where an expression should begin

    mutating func missingOperand() -> Stop {
        if case .symbol(let symbol) = kind {
            let before = tokens.list[previous]
            let isDoubled = before.kind == .symbol(.plus) || before.kind == .symbol(.minus)
            if isDoubled, previous > 0, tokens.list[previous - 1].kind == before.kind { return doubledSign() }
            switch symbol {
            case .star, .caret:
                return stop("an expression cannot begin with \(found)", help: "values are not spread by `*`: write them one by one")
            case .rightParenthesis, .rightBracket, .rightBrace:
                if !openBrackets.isEmpty || isInBlock { break }
                return stop("this \(found) closes nothing")
            case .at: return stop("an expression cannot begin with `@`", help: "there are no decorators: write `f = decorate(f)`")
            case .slash where ahead(1).kind == .symbol(.star), .doubleSlash:
                return stop("an expression cannot begin with \(found)", help: "a comment begins with `#`")
            default: break
            }
            if let hint = Parser.hint(symbol) { return stop("\(found) is no sign of the language", help: hint) }
        }
        switch kind {
        case .newline, .end, .symbol(.semicolon), .symbol(.rightBrace):
            if let mistake = doubledSignBefore() { return mistake }
        case .keyword(.fn):
            return stop("`fn` defines a function with a name, on a line of its own", help: "a function without a name is `x -> x^2` or `(x, y) -> { ... }`")
        case .keyword(let keyword):
            return stop("an expression is missing before `\(keyword.rawValue)`")
        default: break
        }
        if at(.pipe) || at(.dot), index == 0 || tokens.list[index - 1].kind == .newline {
            return stop(
                "a line cannot begin with \(found) here: the one before it has ended",
                help: at(.pipe) ? "end the line before with `|>`, or put parentheses around the whole"
                    : "put parentheses around the whole: `(x` on one line, `.name)` on the next")
        }
        if previous == 0, index == 0 { return stop("an expression cannot begin with \(found)") }
        switch kind {
        case .newline, .end: return stop("an expression is missing at \(found)", at: placeAfterPrevious)
        default: return stop("an expression is missing before \(found)", at: placeAfterPrevious)
        }
    }

    private var isInBlock: Bool { depth > 0 }

    /// At the end of a line the mistake is shown after its last word.
    private var placeAfterPrevious: Span {
        let isNewLine = tokens.line(of: Int(span.start)) > tokens.line(of: Int(previousSpan.start))
        switch kind {
        case .newline, .end: return Span(Int(previousSpan.end), Int(previousSpan.end) + 1)
        default: return isNewLine ? Span(Int(previousSpan.end), Int(previousSpan.end) + 1) : span
        }
    }

    private mutating func doubledSignBefore() -> Stop? {
        let before = tokens.list[previous].kind
        guard before == .symbol(.plus) || before == .symbol(.minus), previous > 0 else { return nil }
        return tokens.list[previous - 1].kind == before ? doubledSign() : nil
    }

    private mutating func doubledSign() -> Stop {
        let sign = text(tokens.list[previous])
        return stop(
            "`\(sign)\(sign)` does not count up or down", at: tokens.list[previous - 1].span.joined(previousSpan),
            help: "write `x \(sign)= 1`")
    }

    /// `lambda x: …` and the like, which look like a name with something after it.
    mutating func wordOfAnotherLanguage(_ name: String) -> Stop? {
        switch name {
        case "lambda":
            switch ahead(1).kind {
            case .name, .symbol(.colon): return stop("there is no `lambda`", help: Habits.hint(statement: name))
            default: return nil
            }
        case "await", "yield", "new":
            guard case .name = ahead(1).kind else { return nil }
            return stop("there is no `\(name)`", help: name == "new" ? "an instance is made by `Name(...)`" : Habits.hint(statement: name))
        default: return nil
        }
    }

    /// `%%time`, `%matplotlib inline`, `!pip install`, `@decorator`, at the start of a line.
    mutating func lineOfAnotherTool() -> Stop? {
        switch kind {
        case .symbol(.percent):
            return stop("there are no commands with `%`", at: restOfLine, help: "charts show by themselves; at the prompt `:time` measures and `:help` lists the commands")
        case .symbol(.exclamation):
            guard case .name = ahead(1).kind, !ahead(1).isSpaced else { return nil }
            return stop("there are no commands of the shell", at: restOfLine, help: "nothing has to be installed or imported; not is written `not x`")
        default: return nil
        }
    }

    private var restOfLine: Span {
        var last = index
        while last + 1 < tokens.list.count, tokens.list[last + 1].kind != .newline, tokens.list[last + 1].kind != .end {
            last += 1
        }
        return span.joined(tokens.list[last].span)
    }

    mutating func selfOutsideClass() -> Stop {
        stop("`self` stands outside a class", help: "methods are written inside `class Name { ... }`")
    }

    // MARK: Where a statement should end

    mutating func unexpectedAfterStatement(_ start: Int) -> Stop {
        let first = tokens.list[start]
        if case .name(let word) = first.kind, previous == start, let hint = Habits.hint(statement: word) {
            let isPrint = word == "print"
            return stop(
                isPrint ? "the parentheses of `print` are missing" : "`\(word)` is no word of the language",
                at: isPrint ? nil : first.span, help: hint)
        }
        switch kind {
        case .name("is"): return identity()
        case .name("as"): return stop("there is no `as`")
        case .keyword(.not): return stop("`not` cannot stand here", help: "`not x`, `x not in xs`")
        case .keyword(.if): return conditionalHabit()
        case .keyword(.else), .keyword(.catch): return stop("\(found) cannot stand here")
        case .symbol(.colon): return colonAfterStatement(start)
        case .symbol(.assign): return stop("`=` cannot stand here", help: "`==` compares")
        case .symbol(.rightParenthesis), .symbol(.rightBracket): return stop("this \(found) closes nothing")
        case .symbol(.arrow):
            return stop("the parameters before `->` must be names", help: "`x -> x^2`, `(x, y) -> x + y`")
        case .symbol(.leftBrace):
            return stop("a block cannot stand here", help: blockHint(first))
        case .symbol(let symbol):
            if let hint = Parser.hint(symbol) { return stop("\(found) is no sign of the language", help: hint) }
        case .string, .formatStart:
            if case .string = tokens.list[previous].kind { return stop("two strings stand side by side", help: "strings are joined by `+`") }
            return missingOperator()
        case .number, .name: return missingOperator()
        default: break
        }
        return stop("the line should end before \(found)", help: "`;` separates statements on one line")
    }

    /// `x is None`
    private mutating func identity() -> Stop {
        let isNot = ahead(1).kind == .keyword(.not)
        let place = isNot ? span.joined(ahead(1).span) : span
        return stop("there is no `is`", at: place, help: isNot ? "write `x != none`" : "write `x == none`")
    }

    private func blockHint(_ first: Token) -> String? {
        if case .name(let word) = first.kind, let hint = Habits.hint(statement: word) { return hint }
        return "a block stands after `if`, `else`, `for`, `while`, `try`, `catch`, `->`, and in `fn f(x) { ... }`"
    }

    private mutating func missingOperator() -> Stop {
        let before = tokens.list[previous]
        let left = text(before)
        switch before.kind {
        case _ where text(token).hasPrefix(".") && !token.isSpaced:
            return stop("a field's name must follow the `.`", help: "an element is `x[0]`")
        case .number:
            return stop("an operator is missing before \(found)", help: "a product is written `\(left) * \(text(token))`")
        case .name:
            return stop("an operator or parentheses are missing before \(found)", help: "a call is written `\(left)(\(text(token)))`")
        default: return stop("an operator is missing before \(found)", help: "`;` separates statements on one line")
        }
    }

    private mutating func colonAfterStatement(_ start: Int) -> Stop {
        let first = tokens.list[start].kind
        if previous == start, case .name(let word) = first, ahead(1).kind != .newline, ahead(1).kind != .end {
            return stop("names have no types", help: "write `\(word) = ...`")
        }
        if case .name(let word) = first, let hint = Habits.hint(statement: word) {
            return stop("`\(word)` is no word of the language", at: tokens.list[start].span, help: hint)
        }
        return stop("`:` cannot stand here", help: "a block is written `{ ... }`, a map `{\"a\": 1}`, a slice `x[1:3]`")
    }

    mutating func conditionalHabit() -> Stop {
        stop("there is no `x if c else y`", help: "write `if c { x } else { y }`")
    }

    // MARK: Brackets

    /// After the content of a bracket that is not followed by its closer.
    mutating func unclosed(_ closer: Token.Kind) -> Stop {
        guard let bracket = openBrackets.last else { return missingOperand() }
        switch kind {
        case .newline, .end: return neverClosed(bracket)
        default: break
        }
        if case .symbol(let symbol) = closer { return missingComma(symbol) }
        if case .holeEnd = closer, at(.assign) || at(.leftBrace) || at(.colon) {
            return stop("\(found) cannot stand in the braces of an f-string")
        }
        return stop("`}` is missing before \(found)", help: "the braces of an f-string hold one expression: `{x:.3f}`")
    }

    /// Of a bracket that has no partner. A string that is not closed has taken it in: that is said already.
    private mutating func neverClosed(_ bracket: Int) -> Stop {
        let opener = tokens.list[bracket]
        let line = tokens.line(of: Int(opener.span.start))
        let isSaid = diagnostics.contains { diagnostic in
            diagnostic.kind == .lexical && diagnostic.labels.contains {
                $0.span.start > opener.span.start && tokens.line(of: Int($0.span.start)) == line
            }
        }
        return isSaid ? Stop() : stop("this `\(text(opener))` is never closed", at: opener.span)
    }

    mutating func missingComma(_ closer: Symbol) -> Stop {
        guard let bracket = openBrackets.last else { return missingOperand() }
        let opener = tokens.list[bracket]
        switch kind {
        case .newline, .end: return neverClosed(bracket)
        case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
            guard tokens.line(of: Int(opener.span.start)) == tokens.line(of: Int(span.start)) else {
                return stop("this `\(text(opener))` is never closed", at: opener.span)
            }
            return stop(
                "this `\(text(opener))` is closed by \(found)", at: opener.span, also: (span, "`\(closer.rawValue)` should stand here"))
        case .symbol(.assign) where bracket > 0 && tokens.list[bracket - 1].kind == .keyword(.for): return notALoop()
        case .keyword(.if): return conditionalHabit()
        case .keyword(.for):
            if closer == .rightBracket, case .symbol(.leftBracket) = opener.kind {
                return stop("the tuple before `for` needs parentheses", help: "`[(x, y) for x, y in zip(xs, ys)]`")
            }
            return comprehensionWithoutBrackets()
        case .name("is"): return identity()
        case .symbol(.colon) where closer == .rightParenthesis:
            return stop("`:` cannot stand here", help: "arguments are given as `name=value`, slices stand in `x[1:3]`")
        case .symbol(.assign): return stop("`=` cannot stand here", help: "`==` compares")
        case .symbol(.arrow): return stop("the parameters before `->` must be names", help: "`x -> x^2`, `(x, y) -> x + y`")
        case .symbol(let symbol):
            if let hint = Parser.hint(symbol) { return stop("\(found) is no sign of the language", help: hint) }
        default: break
        }
        let isElement = closer == .rightBracket
        var help: String?
        let also = tokens.line(of: Int(opener.span.start)) == tokens.line(of: Int(span.start)) ? nil : (opener.span, "opened here")
        if isElement, tokens.line(of: Int(span.start)) != tokens.line(of: Int(previousSpan.start)) {
            help = "rows end with `;`: `[1, 2; 3, 4]`"
        } else if isElement {
            help = "elements are separated by commas, rows by `;`"
        }
        return stop("`,` or `\(closer.rawValue)` is missing before \(found)", help: help, also: also)
    }

    mutating func comprehensionWithoutBrackets() -> Stop {
        stop("a `for` inside an expression needs square brackets", help: "`sum([x^2 for x in xs])`; a map is built by a loop")
    }

    mutating func notAMap(_ brace: Span, isFirst: Bool) -> Stop {
        switch kind {
        case .symbol(.comma), .symbol(.rightBrace):
            return stop("`:` and a value must follow this key", at: isFirst ? brace.joined(previousSpan) : previousSpan, help: "there are no sets: write `[1, 2]`, or a map `{\"a\": 1}`")
        case .keyword(.for): return comprehensionWithoutBrackets()
        case .symbol(.assign):
            return stop("`:` must follow the key of a map", help: "write `{\"rate\": 0.1}`; a block stands after `if`, `for`, `fn f(x)`, `->` and the like")
        default:
            return stop("`:` must follow the key of a map, not \(found)", help: "a block stands after `if`, `for`, `fn f(x)`, `->` and the like")
        }
    }

    mutating func missingBlock(after what: String) -> Stop {
        switch kind {
        case .symbol(.colon): return stop("a block is not opened by `:`", help: "write `{ ... }`")
        case .name("is"): return identity()
        case .name("then"), .name("do"): return stop("a block is not opened by \(found)", help: "write `{ ... }`")
        case .symbol(.arrow): return stop("functions do not name the type of their result", help: "write `fn f(x) { ... }`")
        case .symbol(let symbol):
            if let hint = Parser.hint(symbol) { return stop("\(found) is no sign of the language", help: hint) }
        case .newline, .end:
            return stop("`{` must follow \(what)", at: placeAfterPrevious, help: "on the same line: `{ ... }`")
        default: break
        }
        return stop("`{` must follow \(what), not \(found)")
    }

    // MARK: Statements

    mutating func notALoop() -> Stop {
        if at(.assign) { return stop("a loop goes over something", help: "write `for i in range(1, 11) { ... }`") }
        return stop("`in` must follow the variable of `for`", help: "`for x in xs { ... }`, `for i in range(10) { ... }`")
    }

    mutating func notATarget(_ expression: Expression) -> Stop {
        let place = expression.span
        switch expression.form {
        case .call(let call):
            if case .name(let name) = call.callee.form {
                return stop(
                    "a call cannot be assigned to", at: place,
                    help: "an element is `\(name)[0]`; a function is defined by `\(name)(x) = ...`")
            }
            return stop("a call cannot be assigned to", at: place)
        case .binary(let binary) where goesOn(binary.operatorSpan, binary.right):
            return stop("an expression is missing after `\(source.text(binary.operatorSpan))`", at: binary.operatorSpan, help: "a line that ends in an operator goes on with the next")
        case .comparison: return stop("a comparison cannot be assigned to", at: place)
        case .instance: return stop("`self` cannot be assigned to", at: place)
        case .number, .string, .bool, .none, .interpolation:
            return stop("\(source.text(place).prefix(40)) cannot be assigned to", at: place, help: "`==` compares")
        case .conditional, .attempt: return stop("this cannot be assigned to", at: place)
        default: return stop("an expression cannot be assigned to", at: place, help: "a name, an element or a field can")
        }
    }

    /// `f(x)[0] = 9`, `Xᵀ[0] = 9`: what has no name is gone after the line.
    mutating func lostChange(of object: Expression, _ place: Span) -> Stop {
        if case .unary(.transpose, let tensor) = object.form {
            let name = source.text(tensor.span)
            return stop(
                "the transpose is a new tensor: a change of it is lost", at: place,
                help: "a row of \(name)ᵀ is a column of \(name): `\(name)[:, 0] = 9`; or name it, `Y = \(name)ᵀ`, and change Y")
        }
        return stop(
            "`\(source.text(object.span).prefix(40))` has no name: a change of it is lost", at: place,
            help: "name it first: `y = \(source.text(object.span).prefix(40))`, then `y[0] = 9`")
    }

    private func goesOn(_ sign: Span, _ right: Expression) -> Bool {
        tokens.line(of: Int(sign.start)) < tokens.line(of: Int(right.span.start))
    }

    mutating func functionWithoutName() -> Stop {
        if at(.leftParenthesis) {
            return stop("a function needs a name", help: "one without a name is `x -> x^2` or `(x, y) -> { ... }`")
        }
        if case .keyword(let keyword) = kind {
            return stop("`\(keyword.rawValue)` is a word of the language and cannot name a function")
        }
        return stop("a function's name must follow `fn`")
    }

    mutating func notAParameter() -> Stop {
        switch kind {
        case .keyword(.self):
            return stop("methods do not list `self`", help: "leave it out: `fn predict(x) { ... }`; inside, `self` is there")
        case .symbol(.colon): return stop("parameters have no types", help: "leave out the `:` and what follows it")
        case .symbol(.star), .symbol(.caret):
            return stop("a function takes a fixed number of arguments", help: "let it take a list or a map")
        case .symbol(.leftParenthesis): return stop("a parameter must be a name", help: "take the tuple apart inside: `a, b = pair`")
        case .newline, .end: return unclosed(.symbol(.rightParenthesis))
        case .keyword(let keyword): return stop("`\(keyword.rawValue)` is a word of the language and cannot name a parameter")
        default: return stop("a parameter must be a name, not \(found)")
        }
    }

    mutating func importOfAnotherLanguage(_ module: String, _ start: Int) -> Stop {
        let place = tokens.list[start].span.joined(span)
        if let hint = Habits.hint(module: module) { return stop("there is no module `\(module)`", at: place, help: hint) }
        switch kind {
        case .name("as"): return stop("a module keeps its name", help: "write `import \(module)`")
        case .symbol(.dot): return stop("a module's name has no `.`", help: "write `import name`")
        case .symbol(.comma): return stop("`import` brings one module", help: "write a line for each")
        case .symbol(.star): return stop("the names must be listed", help: "`from \(module) import f, g`, or `import \(module)`")
        default: return stop("a name must follow `import`")
        }
    }
}
