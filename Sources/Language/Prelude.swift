/// The names that are there without being defined: the catalogue's functions and a few constants. A function becomes a
/// value when it is first asked for.
final class Prelude {
    static let constants: [String: Double] = [
        "pi": .pi, "π": .pi, "inf": .infinity, "nan": .nan,
    ]
    /// Signs for names.
    static let aliases: [String: String] = ["Σ": "sum"]

    let all: [Builtin]
    let records: [String: Builtin]
    private var values: [String: Value] = [:]

    init(_ builtins: [Builtin]) {
        all = builtins
        records = Dictionary(builtins.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    deinit { for value in values.values { value.release() } }

    /// Borrowed.
    subscript(name: String) -> Value? {
        if let value = values[name] { return value }
        if let number = Prelude.constants[name] { return Value(number) }
        if let alias = Prelude.aliases[name] { return self[alias] }
        guard let record = records[name] else { return nil }
        let function = BuiltinFunction(record)
        let value = Value.insisting { heap in ReferenceBlock.make(heap, function, kind: .builtin) }
        values[name] = value
        return value
    }

    /// The value of a name that has been asked for.
    func known(_ name: String) -> Value? {
        if let number = Prelude.constants[name] { return Value(number) }
        return values[Prelude.aliases[name] ?? name]
    }
}

/// A module as a value: its names are its fields.
final class ModuleObject: NativeObject {
    private let name: String
    private let scope: GlobalScope
    private unowned let interpreter: Interpreter

    init(_ name: String, _ scope: GlobalScope, _ interpreter: Interpreter) {
        self.name = name
        self.scope = scope
        self.interpreter = interpreter
    }

    override var typeName: String { "module" }
    override var fieldNames: [String] {
        scope.names.filter { name in
            guard !name.hasPrefix("_"), let slot = scope.slots[name] else { return false }
            let value = interpreter.globalValue(slot)
            return !value.isMissing && value != interpreter.prelude.known(name)
        }
    }
    override func field(_ name: String) -> Value? {
        guard let slot = scope.slots[name] else { return nil }
        let value = interpreter.globalValue(slot)
        return value.isMissing || value == interpreter.prelude.known(name) ? nil : value.retained
    }
    override var description: String { "<module \(name)>" }
}
