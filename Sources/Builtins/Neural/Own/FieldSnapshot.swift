import Language

/// What stands in the fields of all objects. It holds the values, so that whoever changes one makes a copy, which is seen.
struct FieldSnapshot {
    private var fields: [(identity: UnsafeMutableRawPointer, field: Int, value: Held)] = []

    init(_ interpreter: Interpreter) {
        var found: [(identity: UnsafeMutableRawPointer, field: Int, value: Held)] = []
        interpreter.forEachInstance { instance in
            for field in 0..<instance.fieldCount { found.append((instance.identity, field, Held(sharing: instance[field]))) }
        }
        fields = found
    }

    /// Whether any of them has changed: what a replay would not repeat.
    func isOutdated(_ interpreter: Interpreter) -> Bool {
        var now: [UnsafeMutableRawPointer: Instance] = [:]
        interpreter.forEachInstance { now[$0.identity] = $0 }
        return fields.contains { entry in
            guard let instance = now[entry.identity], entry.field < instance.fieldCount else { return false }
            return instance[entry.field] != entry.value.value
        }
    }
}
