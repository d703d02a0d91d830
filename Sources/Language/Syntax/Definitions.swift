import Diagnostics

/// Functions and classes.
extension Parser {
    /// `{ statements }`
    mutating func block(after what: String) throws(Stop) -> Syntax.Block {
        guard at(.leftBrace) else { throw missingBlock(after: what) }
        return try block { (parser) in parser.statements() }
    }

    private mutating func block(_ read: (inout Parser) throws(Stop) -> [Syntax.Statement]) throws(Stop) -> Syntax.Block {
        let start = span
        let brace = index
        let outer = (ignoresNewlines, openBrackets, height)
        try descend()
        ignoresNewlines = false
        openBrackets = []
        advance()
        height = 0
        let statements = try read(&self)
        (ignoresNewlines, openBrackets) = (outer.0, outer.1)
        height = max(outer.2, height) + 1
        guard at(.rightBrace), tokens.partner[brace] >= 0 else {
            throw stop("this `{` is never closed", at: start)
        }
        depth -= 1
        blockEnd = index
        advance()
        return Syntax.Block(statements: statements, span: spanned(from: start))
    }

    // MARK: Functions

    /// `fn name(parameters) { … }`
    mutating func function() throws(Stop) -> Syntax.Function {
        let start = span
        var documentation = remarksAbove(index)
        advance()
        guard case .name(let text) = kind else { throw functionWithoutName() }
        let name = Syntax.Name(text: text, span: span)
        advance()
        guard at(.leftParenthesis) else { throw stop("`(` must follow the function's name") }
        let parameters = try parameters()
        if at(.assign) {
            throw stop(
                "a short definition has no `fn`", help: "`\(text)(x) = ...`, or `fn \(text)(x) { ... }`")
        }
        let body = try body { (parser) throws(Stop) in
            guard parser.at(.leftBrace) else { throw parser.missingBlock(after: "the parameters of a function") }
            return try parser.block { (parser) in
                documentation = documentation ?? parser.remarksInside()
                return parser.statements()
            }
        }
        return Syntax.Function(
            name: name, style: .full, parameters: parameters, body: body, documentation: documentation,
            span: spanned(from: start))
    }

    /// Whether the place is `name(…) =`.
    var isShortFunction: Bool {
        guard case .name = kind, ahead(1).kind == .symbol(.leftParenthesis) else { return false }
        let partner = Int(tokens.partner[index + 1])
        return partner > 0 && tokens.list[partner + 1].kind == .symbol(.assign)
    }

    /// `name(parameters) = …`
    mutating func shortFunction() throws(Stop) -> Syntax.Function {
        let start = span
        let documentation = remarksAbove(index)
        guard let name = fieldName() else { throw missingOperand() }
        let parameters = try parameters()
        advance()
        skipNewlines()
        let body = try body { (parser) throws(Stop) in
            try parser.blockOrExpression { (parser) throws(Stop) in try parser.bareTuple() }
        }
        return Syntax.Function(
            name: name, style: .short, parameters: parameters, body: body, documentation: documentation,
            span: spanned(from: start))
    }

    /// `x -> …`, `(x, y) -> …`
    mutating func lambda() throws(Stop) -> Expression {
        let start = span
        let parameters: [Syntax.Parameter]
        if case .name(let text) = kind {
            parameters = [Syntax.Parameter(name: Syntax.Name(text: text, span: span), defaultValue: nil, span: span)]
            advance()
        } else {
            parameters = try self.parameters()
        }
        advance()
        skipNewlines()
        let body = try body { (parser) throws(Stop) in
            try parser.blockOrExpression { (parser) throws(Stop) in try parser.expression() }
        }
        let function = Syntax.Function(
            name: nil, style: .lambda, parameters: parameters, body: body, documentation: nil,
            span: spanned(from: start))
        return Expression(form: .lambda(function), span: function.span)
    }

    private mutating func blockOrExpression(
        _ read: (inout Parser) throws(Stop) -> Expression
    ) throws(Stop) -> Syntax.Block {
        if at(.leftBrace), !opensMap { return try block { (parser) in parser.statements() } }
        let value = try read(&self)
        return Syntax.Block(statements: [Syntax.Statement(form: .expression(value), span: value.span)], span: value.span)
    }

    /// Reads a body in which `return` is allowed and loops outside do not count.
    private mutating func body(_ read: (inout Parser) throws(Stop) -> Syntax.Block) throws(Stop) -> Syntax.Block {
        let outer = context
        context.isFunction = true
        context.isLoop = false
        let body = try read(&self)
        context = outer
        return body
    }

    private mutating func parameters() throws(Stop) -> [Syntax.Parameter] {
        try bracketed(by: .symbol(.rightParenthesis)) { (parser) throws(Stop) in
            var list: [Syntax.Parameter] = []
            var names: Set<String> = []
            while !parser.at(.rightParenthesis) {
                let parameter = try parser.parameter()
                guard names.insert(parameter.name.text).inserted else {
                    throw parser.stop("two parameters are named `\(parameter.name.text)`", at: parameter.name.span)
                }
                if parameter.defaultValue == nil, let last = list.last, last.defaultValue != nil {
                    throw parser.stop(
                        "a parameter without a default stands after one with a default", at: parameter.span,
                        help: "parameters with defaults come last")
                }
                list.append(parameter)
                guard !parser.at(.rightParenthesis) else { break }
                guard parser.take(.comma) else { throw parser.notAParameter() }
            }
            return list
        }
    }

    private mutating func parameter() throws(Stop) -> Syntax.Parameter {
        let start = span
        guard case .name(let text) = kind else { throw notAParameter() }
        advance()
        var value: Expression?
        if take(.assign) { value = try expression() }
        return Syntax.Parameter(
            name: Syntax.Name(text: text, span: start), defaultValue: value, span: spanned(from: start))
    }

    // MARK: Classes

    /// `class Name { methods }`
    mutating func classDefinition() throws(Stop) -> Syntax.Class {
        let start = span
        var documentation = remarksAbove(index)
        advance()
        guard case .name(let text) = kind else { throw stop("a class needs a name") }
        let name = Syntax.Name(text: text, span: span)
        advance()
        if at(.leftParenthesis) {
            throw stop("classes have no inheritance", help: "write `class \(text) { ... }`; its parameters are those of `fn init`")
        }
        guard at(.leftBrace) else { throw missingBlock(after: "the name of a class") }
        var methods: [Syntax.Function] = []
        let outer = context
        context = Context(isMethod: true)
        _ = try block { (parser) throws(Stop) in
            documentation = documentation ?? parser.remarksInside()
            for statement in parser.statements() {
                switch statement.form {
                case .function(let function): methods.append(try parser.checked(function, among: methods))
                case .invalid: break
                default: parser.report(
                    "a class holds methods only", at: statement.span,
                    help: "fields are set in `fn init(...) { self.name = value }`")
                }
            }
            return []
        }
        context = outer
        return Syntax.Class(name: name, methods: methods, documentation: documentation, span: spanned(from: start))
    }

    private mutating func checked(
        _ method: Syntax.Function, among others: [Syntax.Function]
    ) throws(Stop) -> Syntax.Function {
        guard let name = method.name else { return method }
        if name.text == "__init__" {
            report("the method that makes an instance is named `init`", at: name.span)
        } else if others.contains(where: { $0.name?.text == name.text }) {
            report("two methods are named `\(name.text)`", at: name.span)
        }
        return method
    }
}
