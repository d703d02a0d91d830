import Diagnostics
import Tensors

/// A session of the language: its global names, its machine. It belongs to one thread at a time.
public final class Interpreter {
    /// Global names of the notebook and of all its modules.
    static let globalCapacity = 0x4000

    public unowned let host: any Host
    /// The stream of random numbers of the running cell.
    public var generator = Generator(seed: 0)
    /// The seed that each cell's stream is made of.
    public var seed: UInt64 = 0

    let symbols = Symbols()
    let prelude: Prelude
    /// The notebook's names.
    let notebook = GlobalScope(isModule: false)
    private(set) lazy var machine = Machine.make(self)
    private var slotNames: [String] = []
    private var codes: [(code: UnsafeMutablePointer<Code>, info: CodeInfo)] = []
    private var trampolines: [String: UnsafeMutablePointer<Code>] = [:]
    private var modules: [String: Module] = [:]
    private var attachments: [ObjectIdentifier: AnyObject] = [:]
    private var endings: [(Value) -> Void] = []
    private var isRunning = false
    /// Instances that were left when circles were last looked for.
    private var settledInstances = 0
    /// In tests: code counts its steps, `steps` of them are allowed.
    package var limitsSteps = false

    public init(builtins: [Builtin], host: any Host) {
        self.host = host
        prelude = Prelude(builtins)
        _ = machine
    }

    deinit {
        attachments = [:]
        endings = []
        let heap = Heap.current
        for slot in slotNames.indices {
            let value = globalValue(slot)
            machine.state.pointee.globals[slot] = .none
            value.release(heap)
        }
        Collector.breakAll(machine.state.pointee.chain, heap)
        for (code, _) in codes {
            for index in 0..<code.pointee.info.constantCount { code.pointee.constants[index].release(heap) }
        }
        for (code, _) in codes {
            code.pointee.instructions.deallocate()
            code.pointee.constants.deallocate()
            code.deallocate()
        }
        machine.free()
    }

    // MARK: running

    /// Runs a cell. Its random numbers depend on the seed, the text and the occurrence among cells of the same text.
    public func run(_ source: Source, occurrence: Int = 0) -> Outcome {
        guard !isRunning else {
            let diagnostic = Diagnostic(.error, .internal, "a cell is running already")
            return Outcome(diagnostics: [diagnostic], failed: true)
        }
        isRunning = true
        defer { isRunning = false }
        machine.state.pointee.heap = Heap.current
        generator = Generator(seed: seed, stream: Generator.stream(of: source.bytes, occurrence: occurrence))
        let (program, found) = Parser.parse(source)
        var diagnostics = found
        if found.contains(where: { $0.severity == .error }) { return Outcome(diagnostics: diagnostics, failed: true) }
        let compiled = Compiler.compile(program, in: notebook, self)
        diagnostics += compiled.diagnostics
        diagnostics += Warnings.find(program) { name in
            notebook.slots[name].map { globalValue($0).builtinName != name } ?? false
        }
        guard let code = compiled.code else { return Outcome(diagnostics: diagnostics, failed: true) }

        var outcome = Outcome(diagnostics: diagnostics)
        machine.state.pointee.trace = nil
        do throws(Failure) {
            let value = try machine.runTop(code)
            if value.isNone { outcome.value = .missing } else { outcome.value = value }
        } catch {
            outcome.diagnostics.append(machine.diagnostic(error))
            outcome.failed = true
        }
        machine.state.pointee.trace = nil
        let actions = endings
        endings = []
        for action in actions { action(outcome.value) }
        collect()
        return outcome
    }

    /// Compiles a program without running it, and says what is wrong with its names.
    package func check(_ program: Syntax.Program) -> [Diagnostic] {
        Compiler.compile(program, in: notebook, self).diagnostics
    }

    /// Calls anything that can be called. Arguments are borrowed; the result carries one count.
    /// The last of them are given by name where there are names.
    public func call(_ function: Value, _ arguments: [Value], names: [String] = []) throws(Failure) -> Value {
        if !isRunning { machine.state.pointee.heap = Heap.current }
        return try machine.call(function, arguments, names: names)
    }

    /// Steps that running code may still take, where it counts them.
    package var steps: Int {
        get { machine.state.pointee.steps }
        set { machine.state.pointee.steps = newValue }
    }

    /// Gives back objects that hold each other in circles and that nobody else holds, when there are many more than the
    /// last time.
    private func collect() {
        let chain = machine.state.pointee.chain
        let count = Collector.count(chain)
        guard count > 2 * settledInstances + 1000 else { return }
        settledInstances = Collector.collect(chain, machine.state.pointee.heap)
    }

    /// The code that calls the function in its first register with so many arguments.
    func trampoline(_ arguments: Int, _ names: [String]) -> UnsafeMutablePointer<Code> {
        let key = names.isEmpty ? "\(arguments)" : "\(arguments) " + names.joined(separator: " ")
        if let known = trampolines[key] { return known }
        let count = arguments + names.count
        let info = CodeInfo(name: "a call", source: Source(name: "", text: ""), documentation: nil)
        let builder = Builder(info: info, locals: 0)
        for _ in 0...count { _ = builder.temporary() }
        if !names.isEmpty { info.keywords.append(names.map(symbols.number)) }
        builder.emit(.call, Builder.firstTemporary, arguments, names.isEmpty ? 0 : 1, at: Span(0, 0))
        builder.emit(.giveBack, Builder.firstTemporary, at: Span(0, 0))
        builder.finish(parameters: count + 1, required: count + 1, unset: [], needsItself: false, isMain: false)
        adopt(builder.code, info)
        trampolines[key] = builder.code
        return builder.code
    }

    /// Keeps code for as long as the interpreter lives.
    func adopt(_ code: UnsafeMutablePointer<Code>, _ info: CodeInfo) { codes.append((code, info)) }

    // MARK: text

    /// The value as text.
    public func text(_ value: Value, _ style: TextStyle) -> String { ValueText(style).text(value) }

    /// The rich form in which a value shows itself; nil where its text is all.
    public func display(of value: Value) -> Display? { value.native?.display }

    // MARK: names

    func globalValue(_ slot: Int) -> Value { machine.state.pointee.globals[slot] }

    /// Takes over one count.
    func setGlobalValue(_ slot: Int, _ value: Value) {
        let old = globalValue(slot)
        machine.state.pointee.globals[slot] = value
        old.release()
    }

    /// A slot for a value, whose count is taken over; nil when there are no more.
    func newSlot(_ name: String, _ value: Value) -> Int? {
        guard slotNames.count < Interpreter.globalCapacity else {
            value.release()
            return nil
        }
        slotNames.append(name)
        machine.state.pointee.globals[slotNames.count - 1] = value
        return slotNames.count - 1
    }

    func name(ofSlot slot: Int) -> String { slot < slotNames.count ? slotNames[slot] : "?" }

    /// Where the user gave a name of the prelude another meaning.
    func hidden(_ name: String) -> (source: Source, span: Span)? { notebook.hidden[name] }

    /// The user's names with their values, borrowed, in the order in which they were made.
    public var globals: [(name: String, value: Value)] {
        notebook.names.compactMap { name in
            guard let value = global(name), value != prelude.known(name) else { return nil }
            return (name, value)
        }
    }

    /// Sets a global name; takes over one count.
    public func setGlobal(_ name: String, _ value: Value) {
        if let slot = notebook.slots[name] {
            setGlobalValue(slot, value)
        } else if let slot = newSlot(name, value) {
            notebook.add(name, slot: slot)
        }
    }

    /// Forgets a global name; false where there is none.
    public func removeGlobal(_ name: String) -> Bool {
        guard let slot = notebook.slots[name], !globalValue(slot).isMissing else { return false }
        setGlobalValue(slot, .missing)
        notebook.hidden[name] = nil
        return true
    }

    /// The value of a global name, or of the prelude's; borrowed.
    public func global(_ name: String) -> Value? {
        if let slot = notebook.slots[name], !globalValue(slot).isMissing { return globalValue(slot) }
        return prelude[name]
    }

    /// The function or constant of that name that the prelude has, whatever the user calls so; borrowed.
    package func preludeValue(_ name: String) -> Value? { prelude[name] }

    /// Names after a `.`: fields and methods, for completion.
    public func fieldNames(of value: Value) -> [String] {
        if value.isObject(.instance) {
            let instance = InstanceBlock(value.object)
            let info = instance.class.info
            let fields = info.fields.enumerated().filter { !instance.field($0.offset).isMissing }.map(\.element)
            return fields + info.methods.filter { $0 != "init" }
        }
        if let map = value.map { return map.entries.compactMap(\.key.string) }
        if let native = value.native { return native.fieldNames }
        if value.isObject(.tensor) { return ["shape", "T", "dtype", "size", "rank"] + Methods.names(value).sorted() }
        return Methods.names(value).sorted()
    }

    /// A field of an object or an entry of a map, with one count; nil where there is none. Runs no code of the user's.
    public func field(_ name: String, of value: Value) throws(Failure) -> Value? {
        if let native = value.native { return try native.field(name) }
        guard value.isObject(.instance) || value.isObject(.map) || value.isObject(.tensor), fieldNames(of: value).contains(name),
            !Methods.has(value, name)
        else { return nil }
        return try machine.fieldValue(value, symbols.number(name))
    }

    /// The documentation of a function or class of the language and how it is called.
    public func documentation(of value: Value) -> (signature: String, text: String?)? {
        if value.isObject(.function) {
            let info = FunctionBlock(value.object).layout.pointee.code.pointee.info
            return (Machine.signature(info.name, info.forms), info.documentation)
        }
        if value.isObject(.boundMethod) {
            let function = BoundMethodBlock(value.object).layout.pointee.function
            return function.isObject(.function) ? documentation(of: function) : nil
        }
        if value.isObject(.class) {
            let info = ClassBlock(value.object).info
            let initializer = ClassBlock(value.object).layout.pointee.initializer
            let forms = initializer.isObject ? FunctionBlock(initializer.object).layout.pointee.code.pointee.info.forms : []
            return (Machine.signature(info.name, forms), info.documentation)
        }
        return nil
    }

    /// Whether the line that calls a function of the prelude throws away what it gives.
    public var dropsResult: Bool {
        let next = machine.state.pointee.pc
        return next.pointee.op == .drop && next.pointee.a == (next - 1).pointee.a
    }

    /// Calls the method of an instance of a class, if it has one of that name: how `fit(obj, ...)` finds it.
    public func method(_ name: String, of value: Value) -> Value? {
        guard value.isObject(.instance), let symbol = symbols.known(name) else { return nil }
        let instance = InstanceBlock(value.object)
        let meaning = instance.class.meaning(symbol)
        guard meaning != ClassBlock.nothing, meaning & ClassBlock.methodBit != 0 else { return nil }
        return instance.class.layout.pointee.methods[Int(meaning & ~ClassBlock.methodBit)]
    }

    /// The names of the parameters of whatever can be called; nil where they are not known.
    public func parameterNames(of value: Value) -> [String]? {
        if value.isObject(.function) {
            return FunctionBlock(value.object).layout.pointee.code.pointee.info.parameters.map(\.name)
        }
        if value.isObject(.boundMethod) {
            let function = BoundMethodBlock(value.object).layout.pointee.function
            return parameterNames(of: function).map { Array($0.dropFirst(function.isObject(.builtin) ? 1 : 0)) }
        }
        if value.isObject(.builtin) { return ReferenceBlock(value.object).builtin.signature.parameters.map(\.name) }
        if let wrapped = value.native?.wrapped { return parameterNames(of: wrapped) }
        return value.native.flatMap { $0.isCallable && !$0.takesAnything ? $0.callParameters.map(\.name) : nil }
    }

    /// `x op y` as the operator has it; both are borrowed, the result carries one count.
    public func apply(_ operation: BinaryOperation, _ x: Value, _ y: Value) throws(Failure) -> Value {
        try machine.operated(operation, x, y)
    }

    /// `x @ y`.
    public func product(_ x: Value, _ y: Value) throws(Failure) -> Value { try machine.product(x, y) }

    /// `x op y` of a comparison.
    public func compare(_ operation: Comparison, _ x: Value, _ y: Value) throws(Failure) -> Value {
        try machine.compared(operation, x, y)
    }

    /// The keys of an index as a tensor takes them.
    public func indices(_ keys: [Value]) throws(Failure) -> [Index] {
        var result: [Index] = []
        for key in keys {
            let key = [key]
            result += try key.withUnsafeBufferPointer { (keys) throws(Failure) in try machine.tensorIndices(keys) }
        }
        return result
    }

    /// What values are followed by for a gradient; nil where none are. Only then are arguments looked at for them.
    public var tracer: AnyObject? {
        didSet { machine.state.pointee.isTracing = tracer != nil }
    }
    public var isTracing: Bool { machine.state.pointee.isTracing }

    /// A record of the prelude.
    public func builtin(named name: String) -> Builtin? { prelude.records[name] }

    /// All the records of the prelude, in the order of the catalogue.
    public var builtins: [Builtin] { prelude.all }

    var preludeNames: [String] { prelude.all.map(\.name) + Prelude.constants.keys }

    // MARK: modules

    private final class Module {
        let object: Value
        var isReady = false
        init(_ object: Value) { self.object = object }
        deinit { object.release() }
    }

    /// A module, or a name of it, with one count; runs the module the first time.
    func imported(_ name: String, _ member: String?) throws(Failure) -> Value {
        let module = try load(name)
        guard let member else { return module.retained }
        if let value = try module.native?.field(member) { return value }
        let names = module.native?.fieldNames ?? []
        throw Failure(
            .module, "the module `\(name)` has no name `\(member)`",
            help: Nearest.match(member, in: names).map { "did you mean `\($0)`?" }
                ?? "it has \(names.joined(separator: ", "))")
    }

    private func load(_ name: String) throws(Failure) -> Value {
        if let known = modules[name] {
            guard known.isReady else { throw Failure(.module, "the module `\(name)` imports itself on its way in") }
            return known.object
        }
        guard let source = try host.module(name) else {
            throw Failure(
                .module, "there is no module `\(name)`",
                help: Habits.hint(module: name) ?? "modules are looked for in the standard library and beside the notebook, as \(name).nnb")
        }
        let (program, found) = Parser.parse(source)
        let scope = GlobalScope(isModule: true)
        let compiled = found.contains { $0.severity == .error } ? (code: nil, diagnostics: found) : Compiler.compile(program, in: scope, self)
        guard let code = compiled.code else {
            let mistake = compiled.diagnostics.first { $0.severity == .error }
            let place = mistake?.labels.first.map { ", \(Machine.line($0.source, $0.span))" } ?? ""
            throw Failure(
                .module, "the module `\(name)` cannot be read: \(mistake?.message ?? "it has mistakes") (\(source.name)\(place))",
                help: mistake?.help.first)
        }
        let module = Module(Value(native: ModuleObject(name, scope, self)))
        modules[name] = module
        do throws(Failure) {
            try machine.runTop(code).release()
        } catch {
            modules[name] = nil
            throw error
        }
        module.isReady = true
        return module.object
    }

    // MARK: what builtins keep

    /// What a builtin keeps for the session (the current figure): one object a class.
    public func attachment<T: AnyObject>(_ type: T.Type = T.self, make: () -> T) -> T {
        if let known = attachments[ObjectIdentifier(type)] as? T { return known }
        let made = make()
        attachments[ObjectIdentifier(type)] = made
        return made
    }

    /// Has the action done once when the running cell ends, also by an error, before its value is shown: it is given
    /// the value that the cell will show (`missing` where none), borrowed.
    public func whenDone(_ action: @escaping (_ shown: Value) -> Void) { endings.append(action) }

    /// From here on numbers are drawn from this seed, in this cell and in those after it.
    public func reseed(_ seed: UInt64) {
        self.seed = seed
        generator = Generator(seed: seed)
    }
}
