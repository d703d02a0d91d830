import Diagnostics
import Tensors

/// Instructions that make values.
extension Machine {
    @inline(never)
    func makeTuple(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        guard let block = TupleBlock.make(heap, count: Int(i.c)) else { return fail(Machine.outOfMemory) }
        let first = registers + Int(i.b)
        for number in 0..<Int(i.c) {
            block.start[number] = first[number]
            first[number] = .none
        }
        put(registers + Int(i.a), Value(object: block.layout))
        return true
    }

    @inline(never)
    func makeMap(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let first = registers + Int(i.b)
        guard let block = MapBlock.make(heap, capacity: Int(i.c)) else { return fail(Machine.outOfMemory) }
        let map = Value(object: block.layout)
        for number in 0..<Int(i.c) {
            let (key, value) = (first[2 * number], first[2 * number + 1])
            first[2 * number] = .none
            do throws(Failure) {
                try store(value, under: key, in: block)
            } catch {
                map.release(heap)
                return fail(error)
            }
            dropTemporary(first + 2 * number + 1)
        }
        put(registers + Int(i.a), map)
        return true
    }

    @inline(never)
    func makeBracket(_ i: Instruction, _ extra: Instruction) -> Bool {
        let registers = state.pointee.registers
        let items = UnsafeBufferPointer(start: registers + Int(i.b), count: Int(i.c))
        let mode = Int(extra.x)
        let rows = Int(extra.b)
        return attempt { () throws(Failure) in
            let result: Value
            if mode == BracketMode.rows {
                result = try scalarRows(items, rows)
            } else {
                let mask = mode == BracketMode.mixed ? state.pointee.code.pointee.constants[Int(extra.a)].string : nil
                result = try literal(items) { number in
                    if let mask { return mask.utf8.dropFirst(number).first == UInt8(ascii: "l") }
                    return mode == BracketMode.literals
                }
            }
            for number in 0..<items.count { dropTemporary(registers + Int(i.b) + number) }
            put(registers + Int(i.a), result)
        }
    }

    private func scalarRows(_ items: UnsafeBufferPointer<Value>, _ rows: Int) throws(Failure) -> Value {
        guard let flat = try Conversions.vector(items) else {
            let wrong = items.first { !$0.isNumber && !$0.isBool && !($0.isTraced && $0.tracedObject.shape.isEmpty) } ?? .none
            if wrong.isNone, let traced = items.first(where: { $0.isTraced }) {
                return try traced.tracedObject.joined(Array(items), rows: rows, state.pointee.interpreter)
            }
            throw Failure(
                .type, "rows that are divided by ; hold numbers, not \(wrong.inWords)", help: "[[a, b], [c, d]] and stack([u, v]) make rows of vectors")
        }
        let vector = Tensor(adopting: flat)
        return Value(tensor: try Shaping.reshape(vector, [rows, rows == 0 ? 0 : items.count / rows]))
    }

    /// The value of a bracket literal. The items stay whose they are.
    private func literal(_ items: UnsafeBufferPointer<Value>, _ isLiteral: (Int) -> Bool) throws(Failure) -> Value {
        if !items.isEmpty {
            if let vector = try Conversions.vector(items) { return Value(adopting: vector) }
            if let joined = try joinedTraced(items, isLiteral) { return joined }
            var isTensor = true
            var hasTensor = false
            for (number, item) in items.enumerated() {
                if item.isObject(.tensor), isLiteral(number) {
                    hasTensor = true
                } else if !item.isNumber, !item.isBool {
                    isTensor = false
                    break
                }
            }
            if isTensor, hasTensor {
                for (number, item) in items.enumerated() where !item.isObject(.tensor) {
                    throw Failure(.shape, "row \(number) is a number, other rows are vectors")
                }
                return Value(tensor: try Conversions.stacked(items.map { Tensor(sharing: TensorBlock($0.object)) }))
            }
        }
        guard let list = ListBlock.make(heap, capacity: items.count) else { throw Machine.outOfMemory }
        for (number, item) in items.enumerated() { list.layout.pointee.items[number] = item.retained }
        list.layout.pointee.count = items.count
        return Value(object: list.layout)
    }

    @inline(never)
    func startCollecting(_ i: Instruction) -> Bool {
        guard let list = ListBlock.make(heap, capacity: 8) else { return fail(Machine.outOfMemory) }
        put(state.pointee.registers + Int(i.a), Value(object: list.layout))
        return true
    }

    @inline(never)
    func finishCollecting(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let list = registers[Int(i.b)]
        return attempt { () throws(Failure) in
            let items = ListBlock(list.object).items
            // A list that is no tensor stays the block it is.
            let first = items.first ?? .none
            let isList = items.isEmpty || !first.isNumber && !first.isBool && !first.isTraced && !(first.isObject(.tensor) && i.x == 1)
            let result = isList ? list.retained : try literal(items) { _ in i.x == 1 }
            registers[Int(i.b)] = .none
            list.release(heap)
            put(registers + Int(i.a), result)
        }
    }

    @inline(never)
    func makeClosure(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let code = state.pointee.code.pointee.info.prototypes[Int(i.b)]
        let count = code.pointee.captureCount
        guard let block = FunctionBlock.make(heap, code, captures: count) else { return fail(Machine.outOfMemory) }
        let first = registers + Int(i.c)
        for number in 0..<count {
            block.captures[number] = first[number]
            first[number] = .none
        }
        put(registers + Int(i.a), Value(object: block.layout))
        return true
    }

    @inline(never)
    func makeNeighbour(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let code = state.pointee.code.pointee.info.prototypes[Int(i.b)]
        let own = FunctionBlock((registers - 1).pointee.object)
        let count = code.pointee.captureCount
        guard count <= own.layout.pointee.count, let block = FunctionBlock.make(heap, code, captures: count) else {
            return fail(Machine.outOfMemory)
        }
        for number in 0..<count { block.captures[number] = own.captures[number].retained }
        put(registers + Int(i.a), Value(object: block.layout))
        return true
    }

    @inline(never)
    func makeClass(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let prototype = state.pointee.code.pointee.info.classes[Int(i.b)]
        let symbols = state.pointee.interpreter.symbols
        let info = ClassInfo(
            name: prototype.name, documentation: prototype.documentation, methods: prototype.methods.map(symbols.name))
        let first = registers + Int(i.c)
        var methods: [(symbol: Int, function: Value)] = []
        for (number, symbol) in prototype.methods.enumerated() {
            methods.append((symbol, first[number]))
            first[number] = .none
        }
        guard let block = ClassBlock.make(heap, info, methods: methods, initializer: symbols.number("init")) else {
            for method in methods { method.function.release(heap) }
            return fail(Machine.outOfMemory)
        }
        put(registers + Int(i.a), Value(object: block.layout))
        return true
    }

    // MARK: text

    @inline(never)
    func makeText(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let operand = registers + Int(i.b)
        let value = operand.pointee
        return attempt { () throws(Failure) in
            let text: String
            if i.c > 0 {
                let plain = value.isTraced ? value.tracedObject.printed() : value.retained
                defer { plain.release(heap) }
                text = try formatted(plain, state.pointee.code.pointee.info.formats[Int(i.c) - 1], isRepr: i.x == 1)
            } else if i.x == 0, value.isObject(.string) {
                if operand != registers + Int(i.a) { put(registers + Int(i.a), value.retained) }
                return
            } else {
                text = state.pointee.interpreter.text(value, i.x == 1 ? .repr : .print)
            }
            guard let block = StringBlock.make(heap, text) else { throw Machine.outOfMemory }
            dropTemporary(operand)
            put(registers + Int(i.a), Value(object: block.layout))
        }
    }

    private func formatted(_ value: Value, _ format: Format, isRepr: Bool) throws(Failure) -> String {
        func number(_ number: Double) throws(Failure) -> String {
            if let text = format.text(of: number, plain: Numerals.printed(number)) { return text }
            throw Failure(
                .value, "the format `\(format.type.map(String.init) ?? "")` is for \(format.type == "s" ? "strings" : "whole numbers"), the value is \(Numerals.printed(number))",
                help: ".0f rounds to a whole number")
        }
        if !isRepr, let plain = Machine.arithmeticNumber(value), !value.isBool || format.type != nil { return try number(plain) }
        if !isRepr, value.isObject(.tensor), format.type != nil || format.precision != nil {
            let block = TensorBlock(value.object)
            if block.rank == 0 { return try number(block.number(at: 0)) }
            return try TensorText.formatted(block, number)
        }
        let plain = state.pointee.interpreter.text(value, isRepr ? .repr : .print)
        if let text = format.text(of: plain) { return text }
        throw Failure(
            .type, "the format `\(format.type.map(String.init) ?? "")` is for numbers, the value is \(value.inWords)",
            help: "leave out the letter of the format")
    }

    @inline(never)
    func join(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let first = registers + Int(i.b)
        var total = 0
        for number in 0..<Int(i.c) { total += StringBlock(first[number].object).byteCount }
        guard let block = StringBlock.make(heap, count: total, capacity: total) else { return fail(Machine.outOfMemory) }
        var offset = 0
        for number in 0..<Int(i.c) {
            let part = StringBlock(first[number].object)
            (block.bytes + offset).update(from: part.bytes, count: part.byteCount)
            offset += part.byteCount
            dropTemporary(first + number)
        }
        put(registers + Int(i.a), Value(object: block.layout))
        return true
    }

    // MARK: taking apart

    /// Takes the value out of a temporary.
    @inline(never)
    func unpack(_ source: UnsafeMutablePointer<Value>, into target: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        let value = source.pointee
        return attempt { () throws(Failure) in
            let parts = try parts(value, count)
            if isTemporary(source) {
                source.pointee = .none
                value.release(heap)
            }
            for (number, part) in parts.enumerated() { put(target + number, part) }
        }
    }

    /// Just so many parts of a value, each with one count.
    func parts(_ value: Value, _ count: Int) throws(Failure) -> [Value] {
        guard let length = Iteration.length(value), let snapshot = try Iteration.snapshot(value) else {
            let fields = value.native?.fieldNames ?? []
            throw Failure(
                .type, "\(value.inWords) cannot be unpacked into \(count) names",
                help: fields.isEmpty ? nil : "what it has stands after a `.`: " + fields.joined(separator: ", "))
        }
        defer { snapshot.release(heap) }
        guard length == count else {
            throw Failure(
                .value, "\(count) names stand on the left, \(length) value\(length == 1 ? "" : "s") on the right")
        }
        var parts: [Value] = []
        for position in 0..<count { parts.append(try Iteration.element(snapshot, position, heap)) }
        return parts
    }

    // MARK: the rest

    func failAssertion(_ i: Instruction) {
        let value = state.pointee.registers[Int(i.a)]
        let message = value.isNone ? "the assertion does not hold" : state.pointee.interpreter.text(value, .print)
        _ = fail(Failure(.assert, message))
    }

    func halt(_ i: Instruction) {
        let s = state
        let code = s.pointee.code
        let registers = s.pointee.registers
        var result = Value.missing
        if i.x == 1 {
            result = registers[Int(i.a)]
            registers[Int(i.a)] = .none
        }
        for number in (code.pointee.isMain ? Interpreter.globalCapacity : 0)..<max(code.pointee.localCount, 0)
        where registers[number].isObject {
            let value = registers[number]
            registers[number] = .none
            value.release(heap)
        }
        let frame = s.pointee.frame - 1
        s.pointee.frame = frame
        frame.pointee.result.pointee = result
    }

    @inline(never)
    func importModule(_ i: Instruction) -> Bool {
        let code = state.pointee.code
        let module = code.pointee.constants[Int(i.b)].string ?? ""
        let name = i.x == 1 ? code.pointee.constants[Int(i.c)].string : nil
        return attempt { () throws(Failure) in
            let value = try state.pointee.interpreter.imported(module, name)
            put(state.pointee.registers + Int(i.a), value)
        }
    }
}
