import Diagnostics
import Tensors

extension Machine {
    /// `R[a] = R[b].name` of everything but a field that an instance has.
    @inline(never)
    func field(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.b)
        return attempt { () throws(Failure) in
            let value = try fieldValue(object.pointee, Int(i.c))
            dropTemporary(object)
            put(registers + Int(i.a), value)
        }
    }

    /// With one count.
    func fieldValue(_ object: Value, _ symbol: Int) throws(Failure) -> Value {
        let interpreter = state.pointee.interpreter
        let name = interpreter.symbols.name(symbol)
        if object.isObject(.instance) {
            let instance = InstanceBlock(object.object)
            let meaning = instance.class.meaning(symbol)
            if meaning != ClassBlock.nothing {
                if meaning & ClassBlock.methodBit != 0 {
                    let method = instance.class.layout.pointee.methods[Int(meaning & ~ClassBlock.methodBit)]
                    guard let bound = BoundMethodBlock.make(heap, receiver: object.retained, function: method.retained) else {
                        throw Machine.outOfMemory
                    }
                    return bound
                }
                let value = instance.field(Int(meaning))
                if !value.isMissing { return value.retained }
            }
            throw noField(object, name, isMethod: false)
        }
        if object.isObject(.map) {
            let key = Value(string: name)
            defer { key.release(heap) }
            if let entry = MapBlock(object.object).slot(key) { return entry.pointee.retained }
            throw missingKey(object, key)
        }
        if let native = object.native, let value = try native.field(name) { return value }
        if object.isObject(.tensor) {
            let block = TensorBlock(object.object)
            switch name {
            case "shape": return Value(tuple: block.shape.map { Value($0) })
            case "T":
                return Value(adopting: try Shaping.transpose(block, heap))
            case "dtype": return Value(string: block.dtype.name)
            case "size": return Value(block.count)
            case "rank", "ndim": return Value(block.rank)
            default: break
            }
        }
        if let builtin = interpreter.prelude[name], builtin.isObject(.builtin), !(object.native?.fieldNames.contains(name) ?? false) {
            guard !object.isNone else { throw noField(object, name, isMethod: false) }
            guard let bound = BoundMethodBlock.make(heap, receiver: object.retained, function: builtin.retained) else {
                throw Machine.outOfMemory
            }
            return bound
        }
        throw noField(object, name, isMethod: false)
    }

    func missingKey(_ map: Value, _ key: Value) -> Failure {
        let keys = MapBlock(map.object).entries.map(\.key)
        let text = state.pointee.interpreter.text(key, .repr)
        var help: String?
        if let name = key.string {
            help = Nearest.match(name, in: keys.compactMap(\.string)).map { "did you mean \"\($0)\"?" }
        }
        if help == nil, keys.count <= 12 {
            help = keys.isEmpty ? "the map is empty"
                : "its keys are " + keys.map { state.pointee.interpreter.text($0, .repr) }.joined(separator: ", ")
        }
        return Failure(.key, "there is no key \(text) in this map", help: help)
    }

    /// `R[a].name = R[c]` of everything but a field that an instance has room for.
    @inline(never)
    func setField(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.a), value = registers + Int(i.c)
        return attempt { () throws(Failure) in
            let isPlace = !isTemporary(object)
            var target = object.pointee
            if target.isObject(.map) {
                guard isPlace else { throw Machine.outer(target) }
                try unshare(object)
                target = object.pointee
            }
            try setField(target, Int(i.b), value.pointee)
            dropTemporary(value)
            dropTemporary(object)
        }
    }

    /// Stores a borrowed value. A map must belong to the caller alone.
    func setField(_ object: Value, _ symbol: Int, _ value: Value) throws(Failure) {
        let name = state.pointee.interpreter.symbols.name(symbol)
        if object.isObject(.instance) {
            let instance = InstanceBlock(object.object)
            let cls = instance.class
            var meaning = cls.meaning(symbol)
            if meaning & ClassBlock.methodBit != 0, meaning != ClassBlock.nothing {
                throw Failure(
                    .name, "`\(name)` is a method of `\(cls.info.name)` and cannot be a field too",
                    help: "give the field another name")
            }
            if meaning == ClassBlock.nothing {
                guard let number = cls.addField(symbol, name) else {
                    throw Failure(.name, "an object has at most \(ClassBlock.maximalFields) fields")
                }
                meaning = UInt16(truncatingIfNeeded: number)
            }
            guard let slot = instance.slot(Int(meaning), heap) else { throw Machine.outOfMemory }
            put(slot, value.retained)
            return
        }
        if object.isObject(.map) { return try store(value, under: Value(string: name), in: MapBlock(object.object)) }
        if let native = object.native {
            if try native.setField(name, value) { return }
            if native.fieldNames.contains(name) {
                throw Failure(.type, "the field `\(name)` of \(object.inWords) cannot be set")
            }
            throw noField(object, name, isMethod: false)
        }
        if object.isObject(.tensor), state.pointee.interpreter.fieldNames(of: object).contains(name) { throw fixedField(name) }
        throw Failure(.type, "\(object.inWords) has no fields to set", help: "a class makes objects with fields of their own")
    }

    /// What a tensor tells of itself is not changed by assigning to it.
    func fixedField(_ name: String) -> Failure {
        let help: String? =
            switch name {
            case "shape": "the elements under another shape are X.reshape(3, 2)"
            case "dtype": "the elements in another type are astype(X, \"float32\")"
            case "T": "its columns are changed: X[:, 0] = 9"
            default: nil
            }
        return Failure(.type, "`\(name)` of a tensor is not changed by assigning to it", help: help)
    }

    /// Takes over the key's count; the value is borrowed.
    func store(_ value: Value, under key: Value, in map: MapBlock) throws(Failure) {
        guard MapBlock.isKey(key) else {
            let failure = Failure(.type, "the keys of a map are strings and numbers, not \(key.inWords)")
            key.release(heap)
            throw failure
        }
        let hash = MapBlock.hash(key)
        if let position = map.position(key, hash) {
            put(map.slot(at: position), value.retained)
            key.release(heap)
        } else {
            guard map.insert(key, value.retained, hash, heap) else {
                value.release(heap)
                key.release(heap)
                throw Machine.outOfMemory
            }
        }
    }

    static func outer(_ value: Value) -> Failure {
        Failure(
            .name, "a function cannot change \(value.inWords) that belongs to the code around it",
            help: "return the changed value, or keep it in a field of an object")
    }
}
