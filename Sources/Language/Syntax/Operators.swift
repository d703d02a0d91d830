import Diagnostics

/// Expressions, by precedence climbing.
extension Parser {
    typealias Expression = Syntax.Expression

    /// An expression whose operators are all at least as tight as the one given.
    ///
    /// Keeps `height`: on entry that of what the caller has read beside this, on exit the larger of both.
    mutating func expression(_ minimum: Grammar.Precedence = .lambda) throws(Stop) -> Expression {
        try descend()
        let beside = height
        height = 0
        let left = try operand()
        height += 1
        let whole = try operations(on: left, minimum)
        height = max(beside, height)
        depth -= 1
        return whole
    }

    /// Applies what stands after a value to it.
    mutating func operations(on first: Expression, _ minimum: Grammar.Precedence) throws(Stop) -> Expression {
        var left = first
        while let infix = infix(tighterThan: minimum) {
            let leftHeight = height
            height = 0
            left = try apply(infix, left)
            height = max(leftHeight, height) + 1
            if height > Parser.heightAtMost {
                throw stop(
                    "this has more than \(Parser.heightAtMost) operations in a row", help: "give parts of it names")
            }
        }
        return left
    }

    /// `a, b` without parentheses, where the language has it: after `=`, after `return`, as a statement.
    mutating func bareTuple() throws(Stop) -> Expression {
        let first = try expression()
        guard at(.comma) else { return first }
        var elements = [first]
        while take(.comma) {
            guard !endsTuple else { break }
            skipNewlines()
            elements.append(try expression())
        }
        return Expression(form: .tuple(elements), span: spanned(from: first.span))
    }

    /// After `a, ` at the end of the text or before `=` nothing more comes.
    private var endsTuple: Bool {
        switch kind {
        case .end, .symbol(.assign), .symbol(.semicolon), .symbol(.rightBrace), .symbol(.rightParenthesis): return true
        case .newline:
            let next = ahead(1).kind
            return next == .end || next == .symbol(.rightBrace)
        default: return false
        }
    }

    /// The operator looked at, if it goes on with the value before it and is tight enough. A line that begins `|>` or
    /// `.name` goes on.
    private mutating func infix(tighterThan minimum: Grammar.Precedence) -> Grammar.Infix? {
        let infix: Grammar.Infix?
        switch kind {
        case .symbol(let symbol): infix = Grammar.infix(symbol)
        case .keyword(.not): infix = ahead(1).kind == .keyword(.in) ? Grammar.infix(.not) : nil
        case .keyword(let keyword): infix = Grammar.infix(keyword)
        case .newline: infix = continuation
        default: infix = nil
        }
        guard let infix, infix.precedence >= minimum else { return nil }
        skipNewlines()
        return infix
    }

    /// What the next line goes on with.
    var continuation: Grammar.Infix? {
        guard case .symbol(let symbol) = ahead(1).kind, symbol == .pipe || symbol == .dot else { return nil }
        return Grammar.infix(symbol)
    }

    private mutating func apply(_ infix: Grammar.Infix, _ left: Expression) throws(Stop) -> Expression {
        let operatorSpan = span
        let form: Expression.Form
        switch infix.action {
        case .call: return try call(left)
        case .index: return try indexed(left)
        case .field: return try field(left)
        case .comparison: return try comparison(left)
        case .transpose:
            advance()
            form = .unary(.transpose, left)
        case .power:
            let right = try rightOperand(.unary)
            form = .binary(Syntax.Binary(operation: .power, left: left, right: right, operatorSpan: operatorSpan))
        case .binary(let operation):
            if at(.not) { advance() }
            let whole = operation == .lacks ? operatorSpan.joined(span) : operatorSpan
            let right = try rightOperand(infix.precedence.tighter)
            form = .binary(Syntax.Binary(operation: operation, left: left, right: right, operatorSpan: whole))
        case .and: form = .and(left, try rightOperand(.not))
        case .or: form = .or(left, try rightOperand(.and))
        case .pipe:
            let right = try rightOperand(.or)
            form = .pipe(Syntax.Pipe(left: left, right: right, operatorSpan: operatorSpan))
        }
        return Expression(form: form, span: spanned(from: left.span))
    }

    /// A line that ends in an operator goes on.
    private mutating func rightOperand(_ minimum: Grammar.Precedence) throws(Stop) -> Expression {
        advance()
        skipNewlines()
        return try expression(minimum)
    }

    private mutating func comparison(_ left: Expression) throws(Stop) -> Expression {
        var links: [Syntax.Comparison.Link] = []
        while case .symbol(let symbol) = kind, let operation = Grammar.comparison(symbol) {
            let operatorSpan = span
            let operand = try rightOperand(.sum)
            links.append(.init(operation: operation, operatorSpan: operatorSpan, operand: operand))
        }
        return Expression(
            form: .comparison(Syntax.Comparison(first: left, links: links)), span: spanned(from: left.span))
    }

    private mutating func field(_ object: Expression) throws(Stop) -> Expression {
        advance()
        guard let name = fieldName() else {
            if text(token).hasPrefix(".") {
                throw stop("there is no `..`", at: previousSpan.joined(span), help: "`range(a, b)` goes from a to below b")
            }
            throw stop("a field's name must follow the `.`", help: kindIsNumber ? "an element is `x[0]`" : nil)
        }
        return Expression(
            form: .field(Syntax.Field(object: object, name: name)), span: spanned(from: object.span))
    }

    private var kindIsNumber: Bool {
        if case .number = kind { return true }
        return false
    }

    /// After a `.` keywords are ordinary names.
    mutating func fieldName() -> Syntax.Name? {
        let text: String
        switch kind {
        case .name(let name): text = name
        case .keyword(let keyword): text = keyword.rawValue
        default: return nil
        }
        let name = Syntax.Name(text: text, span: span)
        advance()
        return name
    }

    // MARK: What begins an expression

    private mutating func operand() throws(Stop) -> Expression {
        let start = span
        switch kind {
        case .number(let value): return leaf(.number(value))
        case .string(let value): return leaf(.string(value))
        case .name(let name):
            if ahead(1).kind == .symbol(.arrow) { return try lambda() }
            if let mistake = wordOfAnotherLanguage(name) { throw mistake }
            return leaf(.name(name))
        case .formatStart: return try interpolation()
        case .keyword(let keyword): return try operand(keyword)
        case .symbol(let symbol): return try operand(symbol, start)
        case .formatText, .holeStart, .holeEnd, .formatEnd, .newline, .end, .invalid: throw missingOperand()
        }
    }

    private mutating func operand(_ keyword: Keyword) throws(Stop) -> Expression {
        let start = span
        switch keyword {
        case .true: return leaf(.bool(true))
        case .false: return leaf(.bool(false))
        case .none: return leaf(.none)
        case .if: return try conditional()
        case .try: return try attempt()
        case .not:
            advance()
            let right = try expression(.not)
            return Expression(form: .unary(.not, right), span: spanned(from: start))
        case .self:
            guard context.isMethod else { throw selfOutsideClass() }
            return leaf(.instance)
        default: throw missingOperand()
        }
    }

    private mutating func operand(_ symbol: Symbol, _ start: Span) throws(Stop) -> Expression {
        switch symbol {
        case .leftParenthesis:
            let partner = Int(tokens.partner[index])
            if partner > 0, tokens.list[partner + 1].kind == .symbol(.arrow) { return try lambda() }
            return try group()
        case .leftBracket: return try bracket()
        case .leftBrace: return try map()
        case .minus:
            advance()
            return Expression(form: .unary(.negate, try expression(.unary)), span: spanned(from: start))
        case .plus:
            advance()
            var operand = try expression(.unary)
            operand.span = spanned(from: start)
            return operand
        case .root:
            advance()
            return Expression(form: .unary(.root, try expression(.postfix)), span: spanned(from: start))
        case .gradient: return try gradient()
        default: throw missingOperand()
        }
    }

    /// `∇f`, `∇net.loss`, `∇∇f`, `∇(x -> x^2)`: binds to the dotted name, so that a call after it is the gradient's.
    private mutating func gradient() throws(Stop) -> Expression {
        let start = span
        try descend()
        advance()
        var function: Expression
        switch kind {
        case .symbol(.gradient): function = try gradient()
        case .symbol(.leftParenthesis): function = try group()
        case .name(let name): function = leaf(.name(name))
        case .keyword(.self) where context.isMethod: function = leaf(.instance)
        default: throw stop("`∇` stands before the name of a function", help: "`∇f` is `grad(f)`")
        }
        while at(.dot) {
            function = try field(function)
            height += 1
        }
        height += 1
        depth -= 1
        return Expression(form: .unary(.gradient, function), span: spanned(from: start))
    }

    mutating func leaf(_ form: Expression.Form) -> Expression {
        let expression = Expression(form: form, span: span)
        advance()
        return expression
    }

    private mutating func interpolation() throws(Stop) -> Expression {
        let start = span
        advance()
        var pieces: [Syntax.Piece] = []
        while true {
            switch kind {
            case .formatText(let text):
                pieces.append(.text(text))
                advance()
            case .holeStart:
                if case .holeEnd = ahead(1).kind {
                    throw stop("an expression is missing between `{` and `}`", help: "braces themselves are written `{{` and `}}`")
                }
                var hole = Token.Hole()
                let value = try bracketed(by: .holeEnd(hole)) { (parser) throws(Stop) in
                    let value = try parser.expression()
                    if case .holeEnd(let end) = parser.kind { hole = end }
                    return value
                }
                if let label = hole.label { pieces.append(.text(label)) }
                pieces.append(.value(value, format: hole.format, isRepr: hole.isRepr && hole.format == nil))
            case .formatEnd:
                advance()
                return Expression(form: .interpolation(pieces), span: spanned(from: start))
            default: throw missingOperand()
            }
        }
    }
}
