import Diagnostics

/// What a cell has to do with names outside itself, told from its text alone: more rather than less.
///
/// The notebook's runner makes of it which cells depend on which. Names of the prelude count like all others; who asks
/// leaves out those that no cell defines.
public struct Dependencies: Equatable, Sendable {
    /// What a function of the prelude can do to an argument.
    public enum Effect: Sendable {
        /// Makes a new value of its value.
        case computes
        /// Changes nothing, but may give back or keep what it was given.
        case passes
        /// May change the object that it is given, or call a function that does.
        case changes
    }

    /// What a function of the prelude does to each of its parameters, in their order; the last stands for all beyond.
    public struct Effects: Sendable {
        public var parameters: [(name: String, effect: Effect)]

        public init(_ parameters: [(name: String, effect: Effect)]) { self.parameters = parameters }

        func at(_ position: Int) -> Effect {
            position < parameters.count ? parameters[position].effect : parameters.last?.effect ?? .computes
        }

        func at(_ name: String) -> Effect { parameters.first { $0.name == name }?.effect ?? .computes }
    }

    /// Names that the cell may bind at top level.
    public var defines: Set<String> = []
    /// Of these, the names that it binds whenever it runs to its end.
    public var overwrites: Set<String> = []
    /// Names that it may read before it has bound them.
    public var reads: Set<String> = []
    /// Names whose objects may be reachable through what the cell defines.
    public var keeps: Set<String> = []
    /// Names that functions which it defines read when they run.
    public var captures: Set<String> = []
    /// Names whose objects it may change: by a method, by a field, by handing them to a function.
    public var changes: Set<String> = []
    /// Names of methods of the classes that it defines.
    public var methods: Set<String> = []

    public init() {}

    /// - Parameter effects: of the function of the prelude of that name; nil where there is none, or a cell hides it.
    public init(of program: Syntax.Program, effects: (String) -> Effects?) {
        withoutActuallyEscaping(effects) { effects in
            var reader = DependencyReader(effects: effects)
            reader.top(program.body)
            self = reader.found
        }
    }
}

/// Walks through the tree with what is bound where.
private struct DependencyReader {
    /// What happens to a name where it is read.
    enum Use { case computed, kept, changed }

    let effects: (String) -> Dependencies.Effects?
    var found = Dependencies()
    /// Names that are bound at top level for certain by now.
    var bound: Set<String> = []
    /// The names of each function and comprehension around the place, innermost last.
    var scopes: [Set<String>] = []
    /// Functions around the place.
    var functions = 0
    /// Statements around the place that may not run.
    var branches = 0
    /// Names of a comprehension whose objects it may change.
    var changedLocals: Set<String> = []

    mutating func top(_ statements: [Syntax.Statement]) {
        for statement in statements { self.statement(statement) }
        found.overwrites = bound
    }

    // MARK: Names

    mutating func read(_ name: String, _ use: Use) {
        if scopes.contains(where: { $0.contains(name) }) {
            if use == .changed { changedLocals.insert(name) }
            return
        }
        if !bound.contains(name) { found.reads.insert(name) }
        if functions > 0 {
            found.captures.insert(name)
            // It is changed only when the function runs.
            if use != .computed { found.keeps.insert(name) }
        } else {
            if use == .kept { found.keeps.insert(name) }
            if use == .changed { found.changes.insert(name) }
        }
    }

    mutating func define(_ name: String) {
        guard scopes.isEmpty else { return }
        found.defines.insert(name)
        if branches == 0 { bound.insert(name) }
    }

    mutating func target(_ target: Syntax.Target) {
        switch target.form {
        case .name(let name): define(name)
        case .tuple(let targets): for target in targets { self.target(target) }
        case .field(let field): expression(field.object, .changed)
        case .index(let index):
            items(index.items)
            // The variable gets a new value; what is further out, an object, is changed.
            if case .name(let name) = index.object.form {
                read(name, .changed)
                define(name)
            } else {
                expression(index.object, .changed)
            }
        }
    }

    // MARK: Statements

    mutating func block(_ block: Syntax.Block) {
        for statement in block.statements { self.statement(statement) }
    }

    mutating func branch(_ block: Syntax.Block) {
        branches += 1
        self.block(block)
        branches -= 1
    }

    mutating func statement(_ statement: Syntax.Statement) {
        switch statement.form {
        case .expression(let value): expression(value, .kept)
        case .assignment(let assignment):
            expression(assignment.value, .kept)
            for target in assignment.targets { self.target(target) }
        case .update(let update):
            expression(update.value, .computed)
            if case .name(let name) = update.target.form { read(name, .computed) }
            target(update.target)
        case .function(let function):
            if let name = function.name { define(name.text) }
            self.function(function)
        case .class(let definition):
            define(definition.name.text)
            for method in definition.methods {
                if let name = method.name { found.methods.insert(name.text) }
                function(method)
            }
        case .while(let loop):
            expression(loop.condition, .computed)
            branch(loop.body)
        case .for(let loop):
            expression(loop.sequence, .kept)
            branches += 1
            target(loop.target)
            block(loop.body)
            branches -= 1
        case .return(let value): if let value { expression(value, .kept) }
        case .assert(let condition, let message):
            expression(condition, .computed)
            if let message { expression(message, .computed) }
        case .import(let name): define(name.text)
        case .importNames(_, let names): for name in names { define(name.text) }
        case .break, .continue, .invalid: break
        }
    }

    mutating func function(_ function: Syntax.Function) {
        for parameter in function.parameters {
            if let value = parameter.defaultValue { expression(value, .kept) }
        }
        var names = Set(function.parameters.map(\.name.text))
        LocalNames.collect(function.body, into: &names)
        scopes.append(names)
        functions += 1
        block(function.body)
        functions -= 1
        scopes.removeLast()
    }

    // MARK: Expressions

    mutating func expression(_ expression: Syntax.Expression, _ use: Use) {
        switch expression.form {
        case .number, .bool, .none, .string, .instance, .invalid: break
        case .name(let name): read(name, use)
        case .interpolation(let pieces):
            for case .value(let value, _, _) in pieces { self.expression(value, .computed) }
        case .tuple(let elements): for element in elements { self.expression(element, kept(use)) }
        case .bracket(let bracket):
            for row in bracket.rows { for element in row { self.expression(element, kept(use)) } }
        case .comprehension(let comprehension): self.comprehension(comprehension, use)
        case .map(let entries):
            for entry in entries {
                self.expression(entry.key, .computed)
                self.expression(entry.value, kept(use))
            }
        case .lambda(let function): self.function(function)
        case .call(let call): self.call(call)
        case .index(let index):
            self.expression(index.object, use)
            items(index.items)
        case .field(let field): self.expression(field.object, use)
        case .unary(let operation, let operand):
            self.expression(operand, operation == .gradient ? .changed : .computed)
        case .binary(let binary):
            self.expression(binary.left, .computed)
            self.expression(binary.right, .computed)
        case .comparison(let comparison):
            self.expression(comparison.first, .computed)
            for link in comparison.links { self.expression(link.operand, .computed) }
        case .and(let left, let right), .or(let left, let right):
            self.expression(left, .computed)
            branches += 1
            self.expression(right, .computed)
            branches -= 1
        case .pipe(let pipe):
            let arguments = [Syntax.Call.Argument(name: nil, value: pipe.left)]
            self.call(Syntax.Call(callee: pipe.right, arguments: arguments, argumentsSpan: pipe.left.span))
        case .conditional(let conditional):
            for branch in conditional.branches {
                self.expression(branch.condition, .computed)
                self.branch(branch.body)
            }
            if let otherwise = conditional.otherwise { branch(otherwise) }
        case .attempt(let attempt):
            branch(attempt.body)
            branches += 1
            if let name = attempt.name { define(name.text) }
            block(attempt.handler)
            branches -= 1
        }
    }

    private func kept(_ use: Use) -> Use { use == .changed ? .changed : .kept }

    private mutating func items(_ items: [Syntax.Index.Item]) {
        for item in items {
            switch item {
            case .expression(let value): expression(value, .computed)
            case .slice(let slice):
                for bound in [slice.start, slice.stop, slice.step] { if let bound { expression(bound, .computed) } }
            case .ellipsis, .newAxis: break
            }
        }
    }

    private mutating func call(_ call: Syntax.Call) {
        var known: Dependencies.Effects?
        var position = 0
        switch call.callee.form {
        case .name(let name):
            known = scopes.contains { $0.contains(name) } ? nil : effects(name)
            if known == nil { read(name, .changed) }
        case .field(let field):
            // `a.f(b)` is `f(a, b)`.
            known = effects(field.name.text)
            expression(field.object, use(known?.at(0)))
            position = 1
        default: expression(call.callee, .changed)
        }
        for argument in call.arguments {
            let effect = argument.name.map { name in known?.at(name.text) } ?? known?.at(position)
            expression(argument.value, use(effect))
            position += 1
        }
    }

    private func use(_ effect: Dependencies.Effect?) -> Use {
        switch effect {
        case .computes: .computed
        case .passes: .kept
        case .changes, nil: .changed
        }
    }

    private mutating func comprehension(_ comprehension: Syntax.Comprehension, _ use: Use) {
        var names: Set<String> = []
        for case .loop(let target, _) in comprehension.clauses { LocalNames.collect(target, into: &names) }
        let outer = changedLocals
        changedLocals = []
        scopes.append(names)
        expression(comprehension.element, kept(use))
        for case .condition(let condition) in comprehension.clauses { expression(condition, .computed) }
        let isChanging = !changedLocals.isDisjoint(with: names)
        for case .loop(_, let sequence) in comprehension.clauses { expression(sequence, isChanging ? .changed : .kept) }
        scopes.removeLast()
        changedLocals.formUnion(outer)
    }
}

/// The names that a function binds: its own, whatever is outside.
enum LocalNames {
    static func collect(_ target: Syntax.Target, into names: inout Set<String>) {
        switch target.form {
        case .name(let name): names.insert(name)
        case .tuple(let targets): for target in targets { collect(target, into: &names) }
        case .field, .index: break
        }
    }

    static func collect(_ block: Syntax.Block, into names: inout Set<String>) {
        for statement in block.statements {
            switch statement.form {
            case .assignment(let assignment):
                for target in assignment.targets { collect(target, into: &names) }
                collect(assignment.value, into: &names)
            case .update(let update): collect(update.target, into: &names)
            case .function(let function): if let name = function.name { names.insert(name.text) }
            case .class(let definition): names.insert(definition.name.text)
            case .while(let loop): collect(loop.body, into: &names)
            case .for(let loop):
                collect(loop.target, into: &names)
                collect(loop.body, into: &names)
            case .import(let name): names.insert(name.text)
            case .importNames(_, let imported): names.formUnion(imported.map(\.text))
            case .expression(let value): collect(value, into: &names)
            case .return(let value): if let value { collect(value, into: &names) }
            case .break, .continue, .assert, .invalid: break
            }
        }
    }

    /// `if` and `try` open no scope, also where they stand as a value. What stands deeper inside an expression cannot be
    /// the only place that binds a name which is read after it, but for this.
    private static func collect(_ value: Syntax.Expression, into names: inout Set<String>) {
        switch value.form {
        case .conditional(let conditional):
            for branch in conditional.branches { collect(branch.body, into: &names) }
            if let otherwise = conditional.otherwise { collect(otherwise, into: &names) }
        case .attempt(let attempt):
            collect(attempt.body, into: &names)
            if let name = attempt.name { names.insert(name.text) }
            collect(attempt.handler, into: &names)
        default: break
        }
    }
}
