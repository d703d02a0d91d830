import Diagnostics

/// From the tree of one cell or module to code. Names are resolved here; what is wrong with them is reported, all in one go.
final class Compiler {
    /// Where the value of a block goes.
    enum Destination {
        case nothing
        case register(Int)
        /// Back to the caller of the function.
        case result
    }

    let interpreter: Interpreter
    let source: Source
    let globals: GlobalScope
    /// What this cell or module assigns at its top level.
    private let assignedHere: Set<String>
    private var reported: Set<String> = []
    /// The methods of the class that is compiled.
    var methods: Set<String> = []
    private(set) var diagnostics: [Diagnostic] = []
    var scope: FunctionScope
    var builder: Builder { scope.builder }

    /// Code that runs the program; nil, with diagnostics, where it has mistakes.
    static func compile(
        _ program: Syntax.Program, in globals: GlobalScope, _ interpreter: Interpreter
    ) -> (code: UnsafeMutablePointer<Code>?, diagnostics: [Diagnostic]) {
        let compiler = Compiler(program, globals, interpreter)
        compiler.top(program)
        let code = compiler.builder.code
        if compiler.builder.isTooLarge {
            compiler.report(.syntax, "this code is too long for one piece", Span(0, 0), help: "take functions out of it")
        }
        let failed = compiler.diagnostics.contains { $0.severity == .error }
        return (failed ? nil : code, compiler.diagnostics)
    }

    private init(_ program: Syntax.Program, _ globals: GlobalScope, _ interpreter: Interpreter) {
        self.interpreter = interpreter
        self.globals = globals
        source = program.source
        var names = AssignedNames()
        names.add(program.body)
        assignedHere = Set(names.names)
        let info = CodeInfo(name: program.source.name, source: program.source, documentation: nil)
        let builder = Builder(info: info, locals: globals.isModule ? 0 : Interpreter.globalCapacity)
        scope = FunctionScope(
            kind: globals.isModule ? .module : .main, parent: nil, builder: builder, group: FunctionGroup())
        for name in names.names { _ = slot(name) }
        interpreter.adopt(builder.code, info)
    }

    private func top(_ program: Syntax.Program) {
        allow(Span(0, 0))
        var statements = program.body[...]
        var shown: Int?
        if case .expression(let last)? = program.body.last?.form, program.body.last?.isSilent == false,
            scope.kind == .main
        {
            statements.removeLast()
            run(statements)
            let register = builder.temporary()
            compile(last, into: register)
            shown = register
        } else {
            run(statements)
        }
        builder.emit(.halt, shown ?? 0, x: shown == nil ? 0 : 1, at: program.body.last?.span ?? Span(0, 0))
        finish(scope, parameters: 0, required: 0)
    }

    func finish(_ scope: FunctionScope, parameters: Int, required: Int) {
        scope.builder.finish(
            parameters: parameters, required: required, unset: scope.unset.sorted(), needsItself: scope.needsItself,
            isMain: scope.kind == .main)
    }

    /// In tests: a step that can be refused.
    func allow(_ span: Span) {
        if interpreter.limitsSteps { builder.emit(.fuel, at: span) }
    }

    // MARK: diagnostics

    func report(
        _ kind: FailureKind, _ message: String, _ span: Span, label: String = "", help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        guard diagnostics.count < 20 else { return }
        diagnostics.append(
            Diagnostic(
                severity, kind, message, labels: [Diagnostic.Label(source, span, label)], help: help.map { [$0] } ?? []))
    }

    /// Once of each name.
    private func unknown(_ name: String, _ span: Span) {
        guard reported.insert(name).inserted else { return }
        report(.name, "there is no name `\(name)`", span, help: advice(name))
    }

    /// What is meant by a name that other languages have, or a method of the class.
    private func habit(_ name: String) -> String? {
        Habits.hint(name: name) ?? (methods.contains(name) ? "it is a method of the class: write `self.\(name)(...)`" : nil)
    }

    /// What may have been meant by a name that is not there.
    private func advice(_ name: String) -> String? {
        var help = habit(name)
        if help == nil {
            var names: [String] = []
            var level: FunctionScope? = scope
            while let current = level {
                names += current.names.keys
                for layer in current.inner { names += layer.keys }
                level = current.parent
            }
            names += globals.names.filter { isBound($0) }
            names += interpreter.preludeNames
            help = Nearest.match(name, in: names).map { "did you mean `\($0)`?" }
        }
        return help
    }

    /// The slot of a name that a function reads and that is not there yet: a later cell may give it a value before the
    /// function runs. Nil outside of functions, and where the name is another language's.
    private func later(_ name: String) -> Int? {
        guard scope.kind == .function, !globals.isModule, habit(name) == nil else { return nil }
        if let known = globals.slots[name] { return known }
        guard let slot = interpreter.newSlot(name, .missing) else { return nil }
        globals.add(name, slot: slot)
        return slot
    }

    // MARK: names

    func symbol(_ name: String) -> Int {
        let number = interpreter.symbols.number(name)
        if number > 0xFFFF { builder.isTooLarge = true }
        return number
    }

    private func isBound(_ name: String) -> Bool {
        guard let slot = globals.slots[name] else { return false }
        return assignedHere.contains(name) || !interpreter.globalValue(slot).isMissing
    }

    /// The slot of a global name that has, or is given here, a value, or of the prelude's name.
    private func slot(_ name: String) -> Int? {
        if isBound(name) { return globals.slots[name] }
        let prelude = interpreter.prelude[name]
        guard prelude != nil || assignedHere.contains(name) else { return nil }
        if let known = globals.slots[name] {
            interpreter.setGlobalValue(known, (prelude ?? .missing).retained)
            return known
        }
        guard let slot = interpreter.newSlot(name, (prelude ?? .missing).retained) else {
            builder.isTooLarge = true
            return 0
        }
        globals.add(name, slot: slot)
        return slot
    }

    func binding(_ name: String) -> Binding { binding(name, in: scope) }

    private func binding(_ name: String, in scope: FunctionScope) -> Binding {
        if let register = scope.register(name) { return .register(register) }
        if scope.kind == .function {
            if let member = scope.group.members[name] {
                scope.needsItself = true
                if member == scope.builder.code { return .itself }
                return .neighbour(prototype(member, in: scope.builder))
            }
            if scope.parent?.holds(name) == true { return .captured(scope.group.capture(name)) }
        } else if let parent = scope.parent, parent.holds(name) {
            return .captured(scope.group.capture(name))
        }
        guard let slot = slot(name) else { return .unknown }
        return scope.kind == .main ? .register(slot) : .global(slot)
    }

    func prototype(_ code: UnsafeMutablePointer<Code>, in builder: Builder) -> Int {
        if let known = builder.info.prototypes.firstIndex(of: code) { return known }
        builder.info.prototypes.append(code)
        return builder.info.prototypes.count - 1
    }

    /// True if the register surely has a value here.
    func isAssigned(_ register: Int) -> Bool {
        if scope.isAssigned(register) { return true }
        return scope.kind == .main && register < Interpreter.globalCapacity
            && !interpreter.globalValue(register).isMissing
    }

    /// The register of a name that is read, with a check where it may have no value yet; nil if it is no local.
    func readable(_ name: String, _ span: Span) -> Int? {
        guard case .register(let register) = binding(name) else { return nil }
        if !isAssigned(register) {
            builder.emit(.bound, register, symbol(name), at: span)
            if scope.kind == .function { scope.unset.insert(register) }
            scope.assigned?.insert(register)
        }
        return register
    }

    func read(_ name: String, into destination: Int, _ span: Span) {
        switch binding(name) {
        case .register(let register):
            _ = readable(name, span)
            builder.emit(.copy, destination, register, at: span)
        case .captured(let number):
            scope.needsItself = true
            builder.emit(.captured, destination, number, symbol(name), at: span)
        case .itself:
            builder.emit(.itself, destination, at: span)
        case .neighbour(let prototype):
            builder.emit(.neighbour, destination, prototype, at: span)
        case .global(let slot):
            builder.emit(.global, destination, slot, symbol(name), at: span)
        case .unknown:
            if let slot = later(name) {
                if let help = advice(name), reported.insert(name).inserted {
                    report(.name, "there is no name `\(name)` yet", span, help: help, severity: .warning)
                }
                builder.emit(.global, destination, slot, symbol(name), at: span)
                return
            }
            unknown(name, span)
            builder.emit(.load, destination, builder.constant(.none), at: span)
        }
    }

    /// The value of a name for a function that is being made: it may have none yet.
    func readForCapture(_ name: String, into destination: Int, _ span: Span) {
        switch binding(name) {
        case .register(let register):
            if scope.kind == .function, !isAssigned(register) { scope.unset.insert(register) }
            builder.emit(.copy, destination, register, at: span)
        case .captured(let number):
            scope.needsItself = true
            builder.emit(.captured, destination, number, symbol(name), x: 1, at: span)
        default:
            read(name, into: destination, span)
        }
    }

    /// The register that an assignment to the name goes to; nil for a name of a module's top level.
    func assignable(_ name: String, _ span: Span) -> Int? {
        if scope.kind != .function, interpreter.prelude[name] != nil, globals.hidden[name] == nil,
            scope.register(name) == nil
        {
            globals.hidden[name] = (source, span)
        }
        if case .register(let register) = binding(name) { return register }
        return nil
    }

    func markAssigned(_ register: Int) { scope.assigned?.insert(register) }
}
