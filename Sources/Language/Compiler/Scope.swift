import Diagnostics

/// The names of the notebook, or of one module, with their places among the interpreter's global slots.
final class GlobalScope {
    let isModule: Bool
    private(set) var slots: [String: Int] = [:]
    /// In the order in which they were made.
    private(set) var names: [String] = []
    /// Where a name of the prelude was taken for something else.
    var hidden: [String: (source: Source, span: Span)] = [:]

    init(isModule: Bool) { self.isModule = isModule }

    func add(_ name: String, slot: Int) {
        slots[name] = slot
        names.append(name)
    }
}

/// What a name means at one place of the code.
enum Binding {
    case register(Int)
    case captured(Int)
    /// The function that the name is read in.
    case itself
    /// A neighbouring local function, by the number of its prototype.
    case neighbour(Int)
    case global(Int)
    case unknown
}

/// Local functions that stand next to each other: they share their captures, so that each can make the others.
final class FunctionGroup {
    let members: [String: UnsafeMutablePointer<Code>]
    private(set) var captures: [String] = []
    private var numbers: [String: Int] = [:]

    init(members: [String: UnsafeMutablePointer<Code>] = [:]) { self.members = members }

    func capture(_ name: String) -> Int {
        if let known = numbers[name] { return known }
        numbers[name] = captures.count
        captures.append(name)
        return captures.count - 1
    }
}

/// The names of one function while it is compiled.
final class FunctionScope {
    enum Kind { case main, module, function }

    let kind: Kind
    let parent: FunctionScope?
    let builder: Builder
    let group: FunctionGroup
    /// Named locals; at the top level of a notebook the global slots, which are registers there.
    var names: [String: Int] = [:]
    /// The variables of comprehensions around the place, innermost last.
    var inner: [[String: Int]] = []
    /// Registers that surely have a value here; nil where the place cannot be reached.
    var assigned: Set<Int>? = []
    /// Registers that are read where they may have none.
    var unset: Set<Int> = []
    var loops: [Loop] = []
    var needsItself = false
    /// The method `init`: it gives back the instance.
    var isInitializer = false
    /// Where a parameter's default is compiled: its names are those of the definition's surroundings.
    var seesOnlyOuter = false

    struct Loop {
        var breaks: [Int] = []
        var continues: [Int] = []
        var mark: Int
    }

    init(kind: Kind, parent: FunctionScope?, builder: Builder, group: FunctionGroup) {
        self.kind = kind
        self.parent = parent
        self.builder = builder
        self.group = group
    }

    func register(_ name: String) -> Int? {
        if seesOnlyOuter { return nil }
        for layer in inner.reversed() {
            if let register = layer[name] { return register }
        }
        return names[name]
    }

    /// Whether the name belongs to this function or to one around it, and so is captured by those inside.
    func holds(_ name: String) -> Bool {
        if kind != .function { return inner.contains { $0[name] != nil } }
        return register(name) != nil || group.members[name] != nil || parent?.holds(name) == true
    }

    func isAssigned(_ register: Int) -> Bool { assigned?.contains(register) ?? true }

    /// What is assigned after one of several ways was taken.
    static func joined(_ a: Set<Int>?, _ b: Set<Int>?) -> Set<Int>? {
        guard let a else { return b }
        guard let b else { return a }
        return a.intersection(b)
    }
}

/// The names that a piece of code assigns in its own scope: not those of functions inside it, nor the variables of
/// comprehensions.
struct AssignedNames {
    private(set) var names: [String] = []
    private var seen: Set<String> = []

    mutating func add(_ name: String) {
        if seen.insert(name).inserted { names.append(name) }
    }

    mutating func add(_ statements: [Syntax.Statement]) {
        for statement in statements { add(statement) }
    }

    private mutating func add(_ statement: Syntax.Statement) {
        switch statement.form {
        case .expression(let expression): add(expression)
        case .assignment(let assignment):
            for target in assignment.targets { add(target) }
            add(assignment.value)
        case .update(let update):
            add(target: update.target, binds: true)
            add(update.value)
        case .function(let function): if let name = function.name { add(name.text) }
        case .class(let definition): add(definition.name.text)
        case .while(let loop):
            add(loop.condition)
            add(loop.body.statements)
        case .for(let loop):
            add(loop.target)
            add(loop.sequence)
            add(loop.body.statements)
        case .return(let value): if let value { add(value) }
        case .assert(let condition, let message):
            add(condition)
            if let message { add(message) }
        case .import(let name): add(name.text)
        case .importNames(_, let names): for name in names { add(name.text) }
        case .break, .continue, .invalid: break
        }
    }

    private mutating func add(_ target: Syntax.Target) { add(target: target, binds: true) }

    private mutating func add(target: Syntax.Target, binds: Bool) {
        switch target.form {
        case .name(let name): if binds { add(name) }
        case .field(let field): add(field.object)
        case .index(let index): add(index)
        case .tuple(let parts): for part in parts { add(part) }
        }
    }

    private mutating func add(_ index: Syntax.Index) {
        add(index.object)
        for item in index.items {
            switch item {
            case .expression(let expression): add(expression)
            case .slice(let slice):
                for part in [slice.start, slice.stop, slice.step] { if let part { add(part) } }
            case .ellipsis, .newAxis: break
            }
        }
    }

    /// Blocks inside expressions open no scope.
    private mutating func add(_ expression: Syntax.Expression) {
        switch expression.form {
        case .number, .bool, .none, .string, .name, .instance, .lambda, .invalid: break
        case .interpolation(let pieces):
            for piece in pieces { if case .value(let value, _, _) = piece { add(value) } }
        case .tuple(let items): for item in items { add(item) }
        case .bracket(let bracket): for row in bracket.rows { for item in row { add(item) } }
        case .comprehension(let comprehension):
            add(comprehension.element)
            for clause in comprehension.clauses {
                switch clause {
                case .loop(_, let sequence): add(sequence)
                case .condition(let condition): add(condition)
                }
            }
        case .map(let entries):
            for entry in entries {
                add(entry.key)
                add(entry.value)
            }
        case .call(let call):
            add(call.callee)
            for argument in call.arguments { add(argument.value) }
        case .index(let index): add(index)
        case .field(let field): add(field.object)
        case .unary(_, let operand): add(operand)
        case .binary(let binary):
            add(binary.left)
            add(binary.right)
        case .comparison(let comparison):
            add(comparison.first)
            for link in comparison.links { add(link.operand) }
        case .and(let left, let right), .or(let left, let right):
            add(left)
            add(right)
        case .pipe(let pipe):
            add(pipe.left)
            add(pipe.right)
        case .conditional(let conditional):
            for branch in conditional.branches {
                add(branch.condition)
                add(branch.body.statements)
            }
            if let otherwise = conditional.otherwise { add(otherwise.statements) }
        case .attempt(let attempt):
            add(attempt.body.statements)
            if let name = attempt.name { add(name.text) }
            add(attempt.handler.statements)
        }
    }

    /// Whether evaluating the expression may assign a name: whether it has a block inside.
    static func mayAssign(_ expression: Syntax.Expression) -> Bool {
        var probe = AssignedNames()
        probe.add(expression)
        return !probe.names.isEmpty
    }
}
