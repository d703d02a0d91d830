import Diagnostics

extension Parser {
    mutating func statement() throws(Stop) -> Syntax.Statement {
        let start = span
        let beside = height
        height = 0
        let form = try statementForm()
        height = max(beside, height)
        return Syntax.Statement(form: form, span: spanned(from: start))
    }

    private mutating func statementForm() throws(Stop) -> Syntax.Statement.Form {
        guard case .keyword(let keyword) = kind else { return try simpleStatement() }
        switch keyword {
        case .fn: return .function(try function())
        case .class: return .class(try classDefinition())
        case .for: return try forLoop()
        case .while: return try whileLoop()
        case .return: return try returnStatement()
        case .break, .continue:
            guard context.isLoop || isEcho else { throw stop("`\(keyword.rawValue)` stands outside a loop") }
            advance()
            return keyword == .break ? .break : .continue
        case .assert:
            advance()
            let condition = try expression()
            return .assert(condition: condition, message: take(.comma) ? try expression() : nil)
        case .import: return try importModule()
        case .from: return try importNames()
        case .if, .try:
            let value = keyword == .if ? try conditional() : try attempt()
            // Its `}` has ended it, unless the text insists.
            let goesOn = at(.pipe) || at(.dot) || (kind == .newline && continuation != nil)
            return .expression(goesOn ? try operations(on: value, .lambda) : value)
        case .else, .catch:
            if isEcho { throw Stop() }
            if keyword == .catch {
                throw stop("this `catch` follows no `try`", help: "it begins on the line of the block before it: `} catch e {`")
            }
            throw stop("this `else` follows no `if`", help: "it begins on the line of the block before it: `} else {`")
        default: return try simpleStatement()
        }
    }

    /// After a mistake, what seems to stand outside its place may be inside what could not be read.
    private var isEcho: Bool { !diagnostics.isEmpty }

    /// An expression, an assignment, a short definition, `?name`.
    private mutating func simpleStatement() throws(Stop) -> Syntax.Statement.Form {
        if isShortFunction { return .function(try shortFunction()) }
        if at(.question) { return .expression(try question()) }
        let start = index
        if let mistake = lineOfAnotherTool() { throw mistake }
        let left = try bareTuple()
        if at(.assign) { return try assignment(left, start) }
        if case .symbol(let symbol) = kind, let operation = symbol.updateOperation {
            let operatorSpan = span
            let target = try target(left)
            if case .tuple = target.form { throw stop("`\(symbol.rawValue)` changes one thing at a time", at: left.span) }
            advance()
            skipNewlines()
            return .update(
                Syntax.Update(
                    target: target, operation: operation, operatorSpan: operatorSpan, value: try bareTuple()))
        }
        return .expression(left)
    }

    /// `?name` is `help(name)`, and `?` alone `help()`.
    private mutating func question() throws(Stop) -> Expression {
        let start = span
        advance()
        var arguments: [Expression] = []
        if case .keyword(let keyword) = kind {
            arguments = [leaf(.string(keyword.rawValue))]
        } else if case .name(let name) = kind, Compiler.changingMethods.contains(name), name != "sort" {
            arguments = [leaf(.string(name))]
        } else if kind != .newline, kind != .end {
            arguments = [try expression(.postfix)]
        }
        let call = Syntax.Call(
            callee: Expression(form: .name("help"), span: start),
            arguments: arguments.map { Syntax.Call.Argument(name: nil, value: $0) },
            argumentsSpan: arguments.first?.span ?? start)
        return Expression(form: .call(call), span: spanned(from: start))
    }

    // MARK: Assignment

    private mutating func assignment(_ first: Expression, _ start: Int) throws(Stop) -> Syntax.Statement.Form {
        var targets: [Syntax.Target] = []
        var last = first
        while at(.assign) {
            targets.append(try target(last))
            advance()
            skipNewlines()
            last = try bareTuple()
        }
        return .assignment(Syntax.Assignment(targets: targets, value: last))
    }

    /// What is on the left of `=`, as a thing to assign to.
    private mutating func target(_ expression: Expression) throws(Stop) -> Syntax.Target {
        let form: Syntax.Target.Form
        switch expression.form {
        case .name(let name): form = .name(name)
        case .field(let field): form = .field(field)
        case .index(let index):
            var object = index.object
            while case .index(let inner) = object.form { object = inner.object }
            switch object.form {
            case .name, .instance, .field: form = .index(index)
            default: throw lostChange(of: object, expression.span)
            }
        case .unary(.transpose, _):
            throw stop("a transpose cannot be assigned to", at: expression.span, help: "assign to the tensor itself")
        case .tuple(let elements) where !elements.isEmpty:
            var targets: [Syntax.Target] = []
            for element in elements { targets.append(try target(element)) }
            form = .tuple(targets)
        case .bracket(let bracket) where !bracket.hasRows && !(bracket.rows.first ?? []).isEmpty:
            var targets: [Syntax.Target] = []
            for element in bracket.rows[0] { targets.append(try target(element)) }
            form = .tuple(targets)
        default: throw notATarget(expression)
        }
        return Syntax.Target(form: form, span: expression.span)
    }

    // MARK: Branches and loops

    /// What stands between `if` or `while` and its block.
    private mutating func condition(after keyword: String) throws(Stop) -> Expression {
        if at(.leftBrace), !opensMap { throw stop("a condition must follow `\(keyword)`") }
        let condition = try expression()
        if at(.assign) { throw stop("`=` assigns, it does not compare", help: "write `==`") }
        guard at(.leftBrace) else { throw missingBlock(after: "the condition of `\(keyword)`") }
        return condition
    }

    /// Takes a keyword that may stand on the next line.
    private mutating func takeNext(_ keyword: Keyword) -> Bool {
        if kind == .newline, ahead(1).kind == .keyword(keyword) { skipNewlines() }
        return take(keyword)
    }

    /// `if … { } else if … { } else { }`
    mutating func conditional() throws(Stop) -> Expression {
        let start = span
        var conditional = Syntax.Conditional(branches: [], otherwise: nil)
        advance()
        while true {
            let condition = try condition(after: "if")
            let body = try block(after: "a condition")
            conditional.branches.append(.init(condition: condition, body: body))
            guard takeNext(.else) else { break }
            if take(.if) { continue }
            conditional.otherwise = try block(after: "`else`")
            break
        }
        return Expression(form: .conditional(conditional), span: spanned(from: start))
    }

    /// `try { } catch e { }`
    mutating func attempt() throws(Stop) -> Expression {
        let start = span
        advance()
        let body = try block(after: "`try`")
        guard takeNext(.catch) else {
            throw stop("`catch` must follow the block of `try`", help: "`try { ... } catch e { ... }`")
        }
        var name: Syntax.Name?
        if case .name(let text) = kind {
            name = Syntax.Name(text: text, span: span)
            advance()
        }
        let handler = try block(after: "`catch`")
        let form = Expression.Form.attempt(Syntax.Attempt(body: body, name: name, handler: handler))
        return Expression(form: form, span: spanned(from: start))
    }

    private mutating func whileLoop() throws(Stop) -> Syntax.Statement.Form {
        advance()
        let condition = try condition(after: "while")
        return .while(Syntax.While(condition: condition, body: try loopBody(after: "the condition of `while`")))
    }

    private mutating func forLoop() throws(Stop) -> Syntax.Statement.Form {
        advance()
        let target = try loopTarget()
        guard take(.in) else { throw notALoop() }
        let sequence = try expression()
        return .for(Syntax.For(target: target, sequence: sequence, body: try loopBody(after: "the sequence of `for`")))
    }

    private mutating func loopBody(after what: String) throws(Stop) -> Syntax.Block {
        let outer = context.isLoop
        context.isLoop = true
        let body = try block(after: what)
        context.isLoop = outer
        return body
    }

    /// The variables of a loop: names, and tuples of names in parentheses.
    mutating func loopTarget() throws(Stop) -> Syntax.Target {
        let start = span
        try descend()
        var targets: [Syntax.Target] = []
        var isTuple = false
        repeat {
            if case .name(let name) = kind {
                targets.append(Syntax.Target(form: .name(name), span: span))
                advance()
            } else if at(.leftParenthesis) {
                targets.append(
                    try bracketed(by: .symbol(.rightParenthesis)) { (parser) throws(Stop) in try parser.loopTarget() })
            } else if isTuple, at(.in) || at(.rightParenthesis) {
                break
            } else {
                throw stop("the variable of a loop must be a name", help: "`for x in xs { ... }`, `for i, x in enumerate(xs) { ... }`")
            }
            if at(.comma) { isTuple = true }
        } while take(.comma)
        depth -= 1
        height += 1
        if !isTuple, let only = targets.first { return only }
        return Syntax.Target(form: .tuple(targets), span: spanned(from: start))
    }

    private mutating func returnStatement() throws(Stop) -> Syntax.Statement.Form {
        guard context.isFunction || isEcho else {
            throw stop("`return` stands outside a function", help: "the last expression of a cell shows by itself")
        }
        advance()
        switch kind {
        case .newline, .end, .symbol(.semicolon), .symbol(.rightBrace): return .return(nil)
        default: return .return(try bareTuple())
        }
    }

    // MARK: Modules

    private mutating func importModule() throws(Stop) -> Syntax.Statement.Form {
        let start = index
        advance()
        guard case .name(let text) = kind else { throw stop("a module's name must follow `import`") }
        let name = Syntax.Name(text: text, span: span)
        advance()
        if at(.dot) || at(.comma) || kind == .name("as") { throw importOfAnotherLanguage(text, start) }
        return .import(name)
    }

    private mutating func importNames() throws(Stop) -> Syntax.Statement.Form {
        let start = index
        advance()
        guard case .name(let text) = kind else { throw stop("a module's name must follow `from`") }
        let module = Syntax.Name(text: text, span: span)
        advance()
        if at(.dot) { throw importOfAnotherLanguage(text, start) }
        guard take(.import) else { throw stop("`import` must follow the module's name", help: "`from metrics import f1`") }
        var names: [Syntax.Name] = []
        repeat {
            if !names.isEmpty { skipNewlines() }
            guard case .name(let name) = kind else { throw importOfAnotherLanguage(text, start) }
            names.append(Syntax.Name(text: name, span: span))
            advance()
            if kind == .name("as") { throw importOfAnotherLanguage(text, start) }
        } while take(.comma)
        return .importNames(module: module, names: names)
    }
}
