import Diagnostics

/// What a program most likely does not mean, told from its tree alone: a result that is thrown away, and a change that
/// stays in a function's or a loop's own copy.
///
/// Lists, tensors and maps are values: `sorted(xs)` leaves `xs` as it is, and `fn add(xs) { xs.push(1) }` changes what
/// only the function sees.
public enum Warnings {
    /// - Parameter hides: whether a name of the prelude has been given another meaning by the user.
    public static func find(_ program: Syntax.Program, hides: (String) -> Bool = { _ in false }) -> [Diagnostic] {
        var results = ThrownAway(source: program.source, names: ownNames(program))
        results.top(program.body)
        var changes = LostChanges(source: program.source, methods: results.names)
        changes.top(program.body)
        return (results.found.filter { !hides($0.function ?? "") }.map(\.diagnostic) + changes.diagnostics)
            .sorted { ($0.labels.first?.span.start ?? 0) < ($1.labels.first?.span.start ?? 0) }
    }

    /// Functions that give a new value and leave their argument as it is, by which many expect it to be changed.
    static let makers: Set<String> = [
        "astype", "clip", "concat", "copy", "expand", "filter", "flip", "join", "list", "lower", "one_hot", "pad", "permutation",
        "ravel", "replace", "reshape", "reversed", "roll", "shuffle", "sorted", "split", "squeeze", "stack", "standardize", "strip",
        "transpose", "unique", "upper", "where",
    ]
    /// As functions these give a new value; as methods they change what they are called on.
    static let twins: [String: String] = ["sort": "xs.sort()", "sorted": "xs.sort()", "reversed": "xs.reverse()"]
    static let changers: Set<String> = ["push", "pop", "insert", "remove", "sort", "reverse", "update", "clear"]

    /// Functions and methods that the program defines itself.
    private static func ownNames(_ program: Syntax.Program) -> Set<String> {
        let cell = Dependencies(of: program) { _ in Dependencies.Effects([]) }
        return cell.defines.union(cell.methods)
    }
}

/// Finds expressions whose value nobody sees.
private struct ThrownAway {
    struct Found {
        var diagnostic: Diagnostic
        /// The function of the prelude that it rests on.
        var function: String?
    }

    let source: Source
    let names: Set<String>
    var found: [Found] = []

    mutating func top(_ body: [Syntax.Statement]) { statements(body, isValue: true, isTop: true) }

    private mutating func statements(_ list: [Syntax.Statement], isValue: Bool, isTop: Bool) {
        for (index, statement) in list.enumerated() {
            self.statement(statement, isValue: isValue && index == list.count - 1, isTop: isTop)
        }
    }

    private mutating func statement(_ statement: Syntax.Statement, isValue: Bool, isTop: Bool) {
        switch statement.form {
        case .expression(let value):
            switch value.form {
            case .conditional(let conditional):
                for branch in conditional.branches { statements(branch.body.statements, isValue: isValue, isTop: isTop) }
                if let otherwise = conditional.otherwise { statements(otherwise.statements, isValue: isValue, isTop: isTop) }
            case .attempt(let attempt):
                statements(attempt.body.statements, isValue: isValue, isTop: isTop)
                statements(attempt.handler.statements, isValue: isValue, isTop: isTop)
            default:
                if !isValue { check(value, statement, isTop: isTop) }
                inside(value)
            }
        case .assignment(let assignment): inside(assignment.value)
        case .update(let update): inside(update.value)
        case .function(let function): body(function)
        case .class(let definition): for method in definition.methods { body(method) }
        case .while(let loop): statements(loop.body.statements, isValue: false, isTop: isTop)
        case .for(let loop): statements(loop.body.statements, isValue: false, isTop: isTop)
        case .return(let value): if let value { inside(value) }
        case .break, .continue, .assert, .import, .importNames, .invalid: break
        }
    }

    private mutating func body(_ function: Syntax.Function) {
        statements(function.body.statements, isValue: true, isTop: false)
    }

    /// Functions without a name, where they stand as values or arguments.
    private mutating func inside(_ value: Syntax.Expression) {
        switch value.form {
        case .lambda(let function): body(function)
        case .call(let call): for argument in call.arguments { inside(argument.value) }
        default: break
        }
    }

    private mutating func check(_ value: Syntax.Expression, _ statement: Syntax.Statement, isTop: Bool) {
        var function: String?
        var message = "this value is thrown away"
        var help: String?
        switch value.form {
        case .string:
            (message, help) = ("a string on its own does nothing", "documentation is written `## text`, a comment `# text`")
        case .comparison(let comparison):
            if let link = comparison.links.first, link.operation == .less, case .unary(.negate, let right) = link.operand.form,
                link.operatorSpan.end == link.operand.span.start
            {
                help = "an assignment is written `\(source.text(comparison.first.span)) = \(source.text(right.span))`"
            } else if comparison.links.count == 1, comparison.links[0].operation == .equal {
                help = "an assignment is written `=`"
            } else {
                help = shows(value, isTop)
            }
        case .number, .bool, .none, .interpolation, .tuple, .bracket, .comprehension, .map, .binary, .and, .or, .name, .index,
            .field, .unary:
            if statement.isSilent { return }
            help = shows(value, isTop)
        case .lambda: help = "give the function a name: `f = ...`"
        case .call(let call):
            guard let name = maker(call) else { return }
            function = name
            message = "the result of `\(name)` is thrown away; it leaves its argument as it was"
            help = advice(call, name)
        default: return
        }
        found.append(
            Found(
                diagnostic: Diagnostic(
                    .warning, .value, message, labels: [.init(source, value.span)], help: help.map { [$0] } ?? []),
                function: function))
    }

    private func shows(_ value: Syntax.Expression, _ isTop: Bool) -> String {
        let text = source.text(value.span)
        let short = text.utf8.count <= 30 && !text.contains("\n") ? text : "..."
        return isTop ? "only the last expression of a cell shows: print(\(short))" : "`return \(short)` gives it back"
    }

    private func maker(_ call: Syntax.Call) -> String? {
        switch call.callee.form {
        case .name(let name): return (Warnings.makers.contains(name) || name == "sort") && !names.contains(name) ? name : nil
        case .field(let field):
            let name = field.name.text
            return Warnings.makers.contains(name) && !names.contains(name) ? name : nil
        default: return nil
        }
    }

    private func advice(_ call: Syntax.Call, _ name: String) -> String? {
        let object: Syntax.Expression?
        if case .field(let field) = call.callee.form { object = field.object } else { object = call.arguments.first?.value }
        guard let object, case .name(let variable) = object.form else { return nil }
        let twin = Warnings.twins[name].map { ", or \($0.replacing("xs", variable))" } ?? ""
        return "write `\(variable) = \(name)(...)`\(twin)"
    }
}

extension String {
    /// The text with each occurrence of a word of two letters replaced.
    fileprivate func replacing(_ word: String, _ new: String) -> String {
        split(separator: word, omittingEmptySubsequences: false).joined(separator: new)
    }
}

/// Finds parameters and loop variables that are changed and never read after that.
private struct LostChanges {
    let source: Source
    /// Methods that the program defines: they may belong to objects.
    let methods: Set<String>
    var diagnostics: [Diagnostic] = []

    private struct Change {
        var name: String
        var span: Span
        /// Its place among the events, and the loops around it.
        var event: Int
        var loops: [Int]
    }

    /// A function's parameters, or a loop's variables, over the code that they are looked at in.
    private struct Frame {
        var names: Set<String>
        var isLoop: Bool
        /// The loop's number; loops with larger ones lie inside it.
        var loop: Int
    }

    /// Reads by name, in the order of the text.
    private var reads: [String: [Int]] = [:]
    private var changes: [(change: Change, isLoop: Bool)] = []
    private var frames: [Frame] = []
    private var event = 0
    /// First and last event of each loop.
    private var loopRanges: [ClosedRange<Int>] = []
    private var openLoops: [Int] = []

    init(source: Source, methods: Set<String>) {
        self.source = source
        self.methods = methods
    }

    mutating func top(_ body: [Syntax.Statement]) {
        for statement in body { self.statement(statement) }
        judge()
    }

    /// A function is looked at by itself; what it reads of the names outside counts there as well.
    private mutating func function(_ function: Syntax.Function) {
        for parameter in function.parameters { if let value = parameter.defaultValue { expression(value) } }
        var inner = LostChanges(source: source, methods: methods)
        inner.frames = [Frame(names: Set(function.parameters.map(\.name.text)), isLoop: false, loop: -1)]
        for statement in function.body.statements { inner.statement(statement) }
        inner.judge()
        diagnostics += inner.diagnostics
        for name in inner.reads.keys where !function.parameters.contains(where: { $0.name.text == name }) { read(name) }
    }

    private mutating func judge() {
        for (change, isLoop) in changes {
            let places = reads[change.name] ?? []
            let isRead = places.contains { place in
                place > change.event || change.loops.contains { loopRanges[$0].contains(place) }
            }
            guard !isRead else { continue }
            let what = isLoop ? "loop variable" : "parameter"
            let copy = isLoop ? "the loop's own copy, what is run through stays as it was" : "the function's own copy"
            diagnostics.append(
                Diagnostic(
                    .warning, .value, "the \(what) `\(change.name)` is changed and never read again",
                    labels: [.init(source, change.span, "changes \(copy)")],
                    help: [
                        isLoop ? "write into the whole: `xs[i] = ...`, or build a new one: `[f(x) for x in xs]`"
                            : "return it, `\(change.name)` as the last line, or keep it in an object"
                    ]))
        }
    }

    // MARK: Events

    private mutating func read(_ name: String) {
        event += 1
        reads[name, default: []].append(event)
    }

    private mutating func change(_ name: String, _ span: Span) {
        guard let frame = frames.last(where: { $0.names.contains(name) }), name != "_" else { return }
        event += 1
        let inner = openLoops.filter { $0 > frame.loop }
        changes.append(
            (Change(name: name, span: span, event: event, loops: inner), frame.isLoop))
    }

    private mutating func target(_ target: Syntax.Target, _ span: Span) {
        switch target.form {
        case .name(let name): change(name, span)
        case .tuple(let targets): for target in targets { self.target(target, span) }
        case .field(let field): expression(field.object)
        case .index(let index):
            items(index)
            if case .name(let name) = index.object.form {
                change(name, span)
            } else {
                expression(index.object)
            }
        }
    }

    private mutating func statement(_ statement: Syntax.Statement) {
        switch statement.form {
        case .expression(let value):
            guard case .call(let call) = value.form, case .field(let field) = call.callee.form,
                case .name(let name) = field.object.form, Warnings.changers.contains(field.name.text),
                !methods.contains(field.name.text)
            else { return expression(value) }
            for argument in call.arguments { expression(argument.value) }
            change(name, value.span)
        case .assignment(let assignment):
            expression(assignment.value)
            for target in assignment.targets { self.target(target, statement.span) }
        case .update(let update):
            expression(update.value)
            target(update.target, statement.span)
        case .function(let function): self.function(function)
        case .class(let definition): for method in definition.methods { function(method) }
        case .while(let loop):
            self.loop([]) { reader in
                reader.expression(loop.condition)
                reader.block(loop.body)
            }
        case .for(let loop):
            expression(loop.sequence)
            var names: Set<String> = []
            LocalNames.collect(loop.target, into: &names)
            self.loop(names) { $0.block(loop.body) }
        case .return(let value): if let value { expression(value) }
        case .assert(let condition, let message):
            expression(condition)
            if let message { expression(message) }
        case .break, .continue, .import, .importNames, .invalid: break
        }
    }

    private mutating func loop(_ names: Set<String>, _ body: (inout LostChanges) -> Void) {
        let number = loopRanges.count
        loopRanges.append(event...event)
        openLoops.append(number)
        frames.append(Frame(names: names, isLoop: true, loop: number))
        let start = event
        body(&self)
        loopRanges[number] = start...event
        frames.removeLast()
        openLoops.removeLast()
    }

    private mutating func block(_ block: Syntax.Block) {
        for statement in block.statements { self.statement(statement) }
    }

    private mutating func items(_ index: Syntax.Index) {
        for item in index.items {
            switch item {
            case .expression(let value): expression(value)
            case .slice(let slice):
                for bound in [slice.start, slice.stop, slice.step] { if let bound { expression(bound) } }
            case .ellipsis, .newAxis: break
            }
        }
    }

    private mutating func expression(_ expression: Syntax.Expression) {
        switch expression.form {
        case .number, .bool, .none, .string, .instance, .invalid: break
        case .name(let name): read(name)
        case .interpolation(let pieces): for case .value(let value, _, _) in pieces { self.expression(value) }
        case .tuple(let elements): for element in elements { self.expression(element) }
        case .bracket(let bracket): for row in bracket.rows { for element in row { self.expression(element) } }
        case .comprehension(let comprehension):
            self.expression(comprehension.element)
            for clause in comprehension.clauses {
                switch clause {
                case .loop(_, let sequence): self.expression(sequence)
                case .condition(let condition): self.expression(condition)
                }
            }
        case .map(let entries):
            for entry in entries {
                self.expression(entry.key)
                self.expression(entry.value)
            }
        case .lambda(let function): self.function(function)
        case .call(let call):
            self.expression(call.callee)
            for argument in call.arguments { self.expression(argument.value) }
        case .index(let index):
            self.expression(index.object)
            items(index)
        case .field(let field): self.expression(field.object)
        case .unary(_, let operand): self.expression(operand)
        case .binary(let binary):
            self.expression(binary.left)
            self.expression(binary.right)
        case .comparison(let comparison):
            self.expression(comparison.first)
            for link in comparison.links { self.expression(link.operand) }
        case .and(let left, let right), .or(let left, let right):
            self.expression(left)
            self.expression(right)
        case .pipe(let pipe):
            self.expression(pipe.left)
            self.expression(pipe.right)
        case .conditional(let conditional):
            for branch in conditional.branches {
                self.expression(branch.condition)
                block(branch.body)
            }
            if let otherwise = conditional.otherwise { block(otherwise) }
        case .attempt(let attempt):
            block(attempt.body)
            block(attempt.handler)
        }
    }
}
