import Diagnostics
import Tensors

/// Indexing, read and written, of everything.
extension Machine {
    @inline(never)
    func index(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.b), key = registers + Int(i.c)
        return attempt { () throws(Failure) in
            let value = try element(object.pointee, UnsafeBufferPointer(start: key, count: 1))
            dropTemporary(object)
            dropTemporary(key)
            put(registers + Int(i.a), value)
        }
    }

    @inline(never)
    func indexMany(_ i: Instruction, _ count: Int) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.b), keys = registers + Int(i.c)
        return attempt { () throws(Failure) in
            let value = try element(object.pointee, UnsafeBufferPointer(start: keys, count: count))
            dropTemporary(object)
            for number in 0..<count { dropTemporary(keys + number) }
            put(registers + Int(i.a), value)
        }
    }

    /// `object[keys]`, with one count.
    func element(_ object: Value, _ keys: UnsafeBufferPointer<Value>) throws(Failure) -> Value {
        guard object.isObject, let kind = BlockKind(rawValue: object.header.pointee.kind) else {
            throw notIndexable(object)
        }
        switch kind {
        case .tensor:
            let block = TensorBlock(object.object)
            if keys.count == 1, let position = keys[0].isNumber ? wholeNumber(keys[0].number) : nil {
                return Value(item: try Indexing.get(block, position, heap))
            }
            return try withPlain(keys) { (keys) throws(Failure) in
                Value(item: try Indexing.get(block, try tensorIndices(keys), heap))
            }
        case .map:
            guard keys.count == 1 else { throw oneIndex("a map") }
            if let slot = MapBlock(object.object).slot(keys[0]) { return slot.pointee.retained }
            guard MapBlock.isKey(keys[0]) else {
                throw Failure(.type, "the keys of a map are strings and numbers, not \(keys[0].inWords)")
            }
            throw missingKey(object, keys[0])
        case .native:
            if object.isTraced {
                return try withPlain(keys) { (keys) throws(Failure) in
                    try object.tracedObject.index(Array(keys), state.pointee.interpreter) ?? .none
                }
            }
            if let value = try ReferenceBlock(object.object).native.index(Array(keys), state.pointee.interpreter) {
                return value
            }
            throw notIndexable(object)
        case .list, .tuple, .string, .range, .sequence:
            guard keys.count == 1 else { throw oneIndex("a \(object.typeName)") }
            if keys[0].isTraced { return try withPlain(keys) { (keys) throws(Failure) in try element(object, keys) } }
            let length = Iteration.length(object) ?? 0
            if keys[0].isNumber {
                let position = try position(keys[0], length, object)
                return try Iteration.element(object, position, heap)
            }
            if let slice = keys[0].slice { return try part(object, kind, slice, length) }
            throw Failure(
                .type, "an index of \(object.inWords) is a whole number or a slice, not \(keys[0].inWords)",
                help: keys[0].isObject(.tensor) || keys[0].isObject(.list)
                    ? "[xs[i] for i in indices] takes several; a tensor can be indexed by a tensor" : nil)
        case .slice, .function, .builtin, .boundMethod, .class, .instance:
            throw notIndexable(object)
        }
    }

    private func notIndexable(_ object: Value) -> Failure {
        Failure(
            .type, "\(object.inWords) cannot be indexed", label: "{0} is \(object.inWords)",
            help: object.isCallable ? "a function is called with round brackets" : nil)
    }

    private func oneIndex(_ what: String) -> Failure {
        Failure(.index, "\(what) takes one index", help: "of nested lists write xs[i][j]; tensor(xs)[i, j] is of a tensor")
    }

    /// A position from an index that may count from the end.
    func position(_ key: Value, _ length: Int, _ object: Value) throws(Failure) -> Int {
        guard let index = wholeNumber(key.number) else {
            throw Failure(
                .index, "an index is a whole number, not \(NumberText.plain(key.number))",
                help: "floor(x), round(x) and // give whole numbers")
        }
        let position = index < 0 ? index + length : index
        guard position >= 0, position < length else {
            throw Failure(
                .index, "there is no index \(index) in \(object.inWords) of length \(length)",
                help: length == 0 ? "it is empty" : "the indices run from 0 to \(length - 1), or from -\(length) to -1")
        }
        return position
    }

    private func part(_ object: Value, _ kind: BlockKind, _ slice: SliceBlock, _ length: Int) throws(Failure) -> Value {
        if slice.step == 0 { throw Failure(.index, "the step of a slice cannot be 0") }
        let (start, step, count) = slice.positions(length)
        switch kind {
        case .list:
            let items = ListBlock(object.object).items
            return Value(list: (0..<count).map { items[start + $0 * step].retained })
        case .tuple:
            let items = TupleBlock(object.object).items
            return Value(tuple: (0..<count).map { items[start + $0 * step].retained })
        case .range:
            let range = RangeBlock(object.object)
            return Value(rangeFrom: range.start + Double(start) * range.step, step: range.step * Double(step), count: count)
        case .string:
            let text = StringBlock(object.object)
            if step == 1 {
                guard let block = StringBlock.make(heap, text.range(start, start + count)) else { throw Machine.outOfMemory }
                return Value(object: block.layout)
            }
            let scalars = Array(text.string.unicodeScalars)
            var result = String.UnicodeScalarView()
            for number in 0..<count { result.append(scalars[start + number * step]) }
            return Value(string: String(result))
        default:
            var items: [Value] = []
            for number in 0..<count { items.append(try Iteration.element(object, start + number * step, heap)) }
            return Value(list: items)
        }
    }

    /// Keys as a tensor takes them.
    func tensorIndices(_ keys: UnsafeBufferPointer<Value>) throws(Failure) -> [Index] {
        // A tuple is an index for each axis, as in `X[where(X > 0)]`.
        if keys.count == 1, let tuple = keys[0].tuple { return try tensorIndices(tuple.items) }
        var result: [Index] = []
        result.reserveCapacity(keys.count)
        for key in keys {
            if key.isNumber {
                guard let whole = wholeNumber(key.number) else {
                    throw Failure(
                        .index, "an index is a whole number, not \(NumberText.plain(key.number))",
                        help: "floor(x), round(x) and // give whole numbers")
                }
                result.append(.at(whole))
            } else if let slice = key.slice {
                result.append(.slice(start: slice.start, stop: slice.stop, step: slice.step))
            } else if key == .ellipsis {
                result.append(.ellipsis)
            } else if key == .newAxis {
                result.append(.newAxis)
            } else if !key.isBool, let tensor = try Conversions.tensor(key) {
                result.append(tensor.dtype == .bool ? .mask(tensor) : .gather(tensor))
            } else {
                throw Failure(
                    .type, "an index is a number, a slice, a mask or whole numbers, not \(key.inWords)",
                    help: key.isNone ? "a new axis is `new`: X[:, new]" : nil)
            }
        }
        return result
    }

    @inline(never)
    func makeSlice(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let parts = registers + Int(i.b)
        for number in 0..<3 {
            let value = parts[number]
            guard value.isNone || value.isNumber && wholeNumber(value.number) != nil else {
                let given = value.isNumber ? NumberText.plain(value.number) : value.inWords
                return fail(Failure(.index, "the ends of a slice are whole numbers, not \(given)"))
            }
        }
        guard let slice = SliceBlock.make(heap, parts[0], parts[1], parts[2]) else { return fail(Machine.outOfMemory) }
        put(registers + Int(i.a), slice)
        return true
    }

    // MARK: writing

    /// Makes a value the register's own, so that it can be changed in place.
    func unshare(_ slot: UnsafeMutablePointer<Value>) throws(Failure) {
        let value = slot.pointee
        guard value.isObject, value.header.pointee.count > 1 else { return }
        let copy: Value?
        if value.isObject(.tensor) {
            copy = Value(adopting: try TensorBlock(value.object).copy(heap))
        } else if value.isObject(.list) {
            copy = ListBlock(value.object).copy(heap).map { Value(object: $0.layout) }
        } else if value.isObject(.map) {
            copy = MapBlock(value.object).copy(heap).map { Value(object: $0.layout) }
        } else {
            return
        }
        guard let copy else { throw Machine.outOfMemory }
        slot.pointee = copy
        value.release(heap)
    }

    @inline(never)
    func setIndex(_ i: Instruction, _ count: Int) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.a), keys = registers + Int(i.b), value = registers + Int(i.c)
        return attempt { () throws(Failure) in
            try setElement(object, UnsafeBufferPointer(start: keys, count: count), value.pointee)
            for number in 0..<count { dropTemporary(keys + number) }
            dropTemporary(value)
        }
    }

    /// `slot[keys] = value`; the value is borrowed.
    func setElement(
        _ slot: UnsafeMutablePointer<Value>, _ keys: UnsafeBufferPointer<Value>, _ value: Value
    ) throws(Failure) {
        let object = slot.pointee
        if object.isTraced || value.isTraced && object.isObject(.tensor) {
            return try changeTraced(slot, keys, nil, value)
        }
        if keys.contains(where: { $0.isTraced }) {
            return try withPlain(keys) { (keys) throws(Failure) in try setElement(slot, keys, value) }
        }
        if object.isObject(.tensor) {
            // The value may be the tensor itself: it is read from the original then.
            let source = value == object ? Tensor(sharing: TensorBlock(object.object)) : nil
            try unshare(slot)
            let block = TensorBlock(slot.pointee.object)
            if let number = Machine.arithmeticNumber(value) {
                if keys.count == 1, keys[0].isNumber, let position = wholeNumber(keys[0].number),
                    try Indexing.set(block, position, number)
                {
                    return
                }
                return try Indexing.set(block, try tensorIndices(keys), number)
            }
            var operand = source
            if operand == nil { operand = try Conversions.tensor(value) }
            guard let tensor = operand else {
                throw Failure(.type, "a tensor holds numbers, not \(value.inWords)")
            }
            return try Indexing.set(block, try tensorIndices(keys), tensor.block, heap)
        }
        if object.isObject(.list) {
            guard keys.count == 1 else { throw oneIndex("a list") }
            guard keys[0].isNumber else {
                throw Failure(.type, "an index of a list is a whole number, not \(keys[0].inWords)")
            }
            let position = try position(keys[0], ListBlock(object.object).count, object)
            // The value may hold the list itself.
            let kept = value.retained
            do throws(Failure) {
                try unshare(slot)
            } catch {
                kept.release(heap)
                throw error
            }
            put(ListBlock(slot.pointee.object).layout.pointee.items + position, kept)
            return
        }
        if object.isObject(.map) {
            guard keys.count == 1 else { throw oneIndex("a map") }
            let kept = value.retained
            defer { kept.release(heap) }
            try unshare(slot)
            return try store(kept, under: keys[0].retained, in: MapBlock(slot.pointee.object))
        }
        throw unchangeable(object)
    }

    func unchangeable(_ object: Value) -> Failure {
        var help: String?
        if object.isObject(.tuple) { help = "a tuple never changes; list(t) can be changed" }
        if object.isObject(.string) { help = "a string never changes; replace(s, old, new) makes another" }
        return Failure(.type, "elements of \(object.inWords) cannot be set", help: help)
    }

    @inline(never)
    func updateIndex(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.a), key = registers + Int(i.b), value = registers + Int(i.c)
        guard let op = Op(rawValue: i.x) else { return fail(Failure(.internal, "no such operation")) }
        if key.pointee.isNumber, value.pointee.isNumber, object.pointee.isObject(.tensor),
            object.pointee.header.pointee.count == 1
        {
            let block = TensorBlock(object.pointee.object)
            if block.rank == 1, block.dtype == .float64, let index = wholeNumber(key.pointee.number) {
                let position = index < 0 ? index + block.count : index
                if position >= 0, position < block.count {
                    let element = block.float64 + position
                    switch op {
                    case .add:
                        element.pointee += value.pointee.number
                        return true
                    case .subtract:
                        element.pointee -= value.pointee.number
                        return true
                    case .multiply:
                        element.pointee *= value.pointee.number
                        return true
                    default: break
                    }
                }
            }
        }
        if value.pointee.isNumber, let place = placeOfNumber(object.pointee, key.pointee),
            let result = Machine.quickly(op, place.pointee.number, value.pointee.number)
        {
            place.pointee = result
            dropTemporary(key)
            return true
        }
        return attempt { () throws(Failure) in
            try updateElement(object, UnsafeBufferPointer(start: key, count: 1), op, value.pointee)
            dropTemporary(key)
            dropTemporary(value)
        }
    }

    /// Of two numbers what cannot fail; nil for the other operations.
    @inline(__always)
    static func quickly(_ op: Op, _ x: Double, _ y: Double) -> Value? {
        switch op {
        case .add: Value(canonical: x + y)
        case .subtract: Value(canonical: x - y)
        case .multiply: Value(canonical: x * y)
        default: nil
        }
    }

    /// Where a number lies in a list or map that nobody else holds; nil where it is not as simple as that.
    private func placeOfNumber(_ object: Value, _ key: Value) -> UnsafeMutablePointer<Value>? {
        guard object.isObject, object.header.pointee.count == 1 else { return nil }
        var place: UnsafeMutablePointer<Value>?
        if object.isObject(.map) {
            place = MapBlock(object.object).slot(key)
        } else if object.isObject(.list), key.isNumber, let index = wholeNumber(key.number) {
            let items = ListBlock(object.object).layout.pointee
            let position = index < 0 ? index + items.count : index
            if position >= 0, position < items.count { place = items.items + position }
        }
        guard let place, place.pointee.isNumber else { return nil }
        return place
    }

    /// `slot[keys] op= value`; the value is borrowed.
    func updateElement(
        _ slot: UnsafeMutablePointer<Value>, _ keys: UnsafeBufferPointer<Value>, _ op: Op, _ value: Value
    ) throws(Failure) {
        let object = slot.pointee
        if object.isTraced || value.isTraced && object.isObject(.tensor), let operation = Machine.operation(op) {
            return try changeTraced(slot, keys, operation, value)
        }
        if keys.contains(where: { $0.isTraced }) {
            return try withPlain(keys) { (keys) throws(Failure) in try updateElement(slot, keys, op, value) }
        }
        if object.isObject(.tensor), let operation = Machine.operation(op) {
            let kept = value == object ? Tensor(sharing: TensorBlock(object.object)) : nil
            try unshare(slot)
            let block = TensorBlock(slot.pointee.object)
            if let number = Machine.arithmeticNumber(value) {
                return try Indexing.update(operation, block, try tensorIndices(keys), number)
            }
            var operand = kept
            if operand == nil { operand = try Conversions.tensor(value) }
            guard let tensor = operand else {
                throw Machine.unsupported(operation.symbol, object, value)
            }
            return try Indexing.update(operation, block, try tensorIndices(keys), tensor.block, heap)
        }
        let old = try element(object, keys)
        let result: Value
        do throws(Failure) {
            result = try updated(old, op, value)
        } catch {
            old.release(heap)
            throw error
        }
        defer { result.release(heap) }
        try setElement(slot, keys, result)
    }

    static func operation(_ op: Op) -> BinaryOperation? {
        switch op {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: .floorDivide
        case .remainder: .modulo
        case .power: .power
        default: nil
        }
    }

    /// `old op value` as `op=` has it: takes over the count of `old`, unless it fails, and gives one of the result. The
    /// value is borrowed.
    func updated(_ old: Value, _ op: Op, _ value: Value) throws(Failure) -> Value {
        if let operation = Machine.operation(op) {
            if old.isObject(.tensor) {
                let a = TensorBlock(old.object)
                if value.isObject(.tensor) {
                    let result = try Elementwise.compound(operation, a, TensorBlock(value.object), heap)
                    old.release(heap)
                    return Value(adopting: result)
                }
                if let number = Machine.arithmeticNumber(value) {
                    if !a.isShared, try Elementwise.update(operation, a, number, heap) { return old }
                    let result = try Elementwise.binary(operation, a, number, heap)
                    old.release(heap)
                    return Value(adopting: result)
                }
            }
            if old.isNumber, value.isNumber {
                if value.number == 0, operation == .floorDivide || operation == .modulo {
                    throw Elementwise.divisionByZero(operation)
                }
                return Value(canonical: operation(old.number, value.number))
            }
        }
        return try evaluated(op, old, value)
    }
}
