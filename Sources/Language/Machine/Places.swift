import Diagnostics
import Tensors

/// `a.b[i].c = v`, `a.b[i] += v`, `a.b.push(v)`: changing a value where it lies, along a path.
///
/// The path is walked by pointers to slots: a variable, a field, an item, an entry. What is shared on the way is copied
/// first, so that only this place changes. Behind the last object (an instance or an engine object) of the path
/// everything before it is only read: `outer.losses.push(x)` changes the object that the outer name holds.
extension Machine {
    private enum Action {
        case set(Value)
        case update(Op, Value)
        /// The arguments are borrowed; the result is left for `changed`.
        case call(Int, UnsafeBufferPointer<Value>)
    }

    private struct Change {
        var steps: [CodeInfo.Step]
        /// Behind this step nothing has to be copied before it.
        var lastReference: Int
        var keys: UnsafeMutablePointer<Value>
        var action: Action
        var result = Value.none
    }

    @inline(never)
    func change(_ i: Instruction, _ extra: Instruction) -> Bool {
        let s = state
        let registers = s.pointee.registers
        let root = registers + Int(i.a), keys = registers + Int(i.b), value = registers + Int(i.c)
        let steps = s.pointee.code.pointee.info.paths[Int(extra.a)]
        let count = steps.reduce(0) { if case .index(let count, _) = $1 { $0 + count } else { $0 } }
        let arguments = Int(extra.c)

        if i.x == 2, let entered = callOwn(root, steps, keys, Int(extra.b), arguments, value) {
            guard entered else { return false }
            return true
        }
        return attempt { () throws(Failure) in
            let action: Action
            switch i.x {
            case 0: action = .set(value.pointee)
            case 1: action = .update(Op(rawValue: UInt8(truncatingIfNeeded: extra.b)) ?? .add, value.pointee)
            default: action = .call(Int(extra.b), UnsafeBufferPointer(start: value + 1, count: arguments))
            }
            var change = Change(steps: steps, lastReference: -1, keys: keys, action: action)
            change.lastReference = lastReference(root.pointee, steps, keys)
            let isOuter = extra.x == 1 && change.lastReference < 0 && !isReference(root.pointee)
            if isOuter {
                throw Machine.outer(root.pointee)
            }
            try walk(root, 0, keys, &change)
            for number in 0..<count { dropTemporary(keys + number) }
            if i.x == 2 {
                for number in 0..<arguments { dropTemporary(value + 1 + number) }
                value.pointee = change.result
            } else {
                dropTemporary(value)
            }
            dropTemporary(root)
        }
    }

    private func isReference(_ value: Value) -> Bool { value.isObject(.instance) || value.isObject(.native) && !value.isTraced }

    /// The last step that is taken from an object; -1 if the root alone or nothing is one. Only reads.
    private func lastReference(_ root: Value, _ steps: [CodeInfo.Step], _ keys: UnsafeMutablePointer<Value>) -> Int {
        var last = -1
        var current = root
        var key = keys
        for (number, step) in steps.enumerated() {
            if isReference(current) { last = number }
            guard let next = peek(current, step, key) else { return last }
            if case .index(let count, _) = step { key += count }
            current = next
        }
        return isReference(current) ? steps.count : last
    }

    /// What lies behind a step, borrowed; nil for what is made on reading, and for what is not there.
    private func peek(_ value: Value, _ step: CodeInfo.Step, _ key: UnsafeMutablePointer<Value>) -> Value? {
        switch step {
        case .field(let symbol, _):
            if value.isObject(.instance) {
                let instance = InstanceBlock(value.object)
                let meaning = instance.class.meaning(symbol)
                guard meaning & ClassBlock.methodBit == 0 else { return nil }
                let field = instance.field(Int(meaning))
                return field.isMissing ? nil : field
            }
            if let map = value.map {
                let name = Value(string: state.pointee.interpreter.symbols.name(symbol))
                defer { name.release(heap) }
                return map.slot(name)?.pointee
            }
            return nil
        case .index(let count, _):
            guard count == 1 else { return nil }
            if let map = value.map { return MapBlock.isKey(key.pointee) ? map.slot(key.pointee)?.pointee : nil }
            guard key.pointee.isNumber, let index = wholeNumber(key.pointee.number), let items = value.items else { return nil }
            let position = index < 0 ? index + items.count : index
            return position >= 0 && position < items.count ? items[position] : nil
        }
    }

    private func walk(
        _ slot: UnsafeMutablePointer<Value>, _ number: Int, _ key: UnsafeMutablePointer<Value>, _ change: inout Change
    ) throws(Failure) {
        guard number < change.steps.count else { return try finish(slot, &change) }
        let isLast = number == change.steps.count - 1
        let value = slot.pointee
        // Only read on the way to an object.
        if number < change.lastReference, let next = peek(value, change.steps[number], key) {
            var held = next.retained
            defer { held.release(heap) }
            return try walk(&held, number + 1, following(key, change.steps[number]), &change)
        }
        switch change.steps[number] {
        case .field(let symbol, _):
            if value.isObject(.instance) {
                if isLast, case .set(let new) = change.action { return try setField(value, symbol, new) }
                let instance = InstanceBlock(value.object)
                let meaning = instance.class.meaning(symbol)
                guard meaning & ClassBlock.methodBit == 0, !instance.field(Int(meaning)).isMissing,
                    let field = instance.slot(Int(meaning), heap)
                else { throw noField(value, state.pointee.interpreter.symbols.name(symbol), isMethod: false) }
                // The instance must not go while its field is changed.
                let held = value.retained
                defer { held.release(heap) }
                return try walk(field, number + 1, key, &change)
            }
            let name = state.pointee.interpreter.symbols.name(symbol)
            if let native = value.native { return try changeNative(native, value, name, symbol, number, key, &change) }
            guard value.isObject(.map) else {
                if value.isObject(.tensor), name == "T" {
                    throw Failure(
                        .type, "the transpose is a new tensor: a change of it is lost",
                        help: "a row of X.T is a column of X: `X[:, 0] = 9`; or name it, `Y = X.T`, and change Y")
                }
                if value.isObject(.tensor) { throw fixedField(name) }
                throw noField(value, name, isMethod: false)
            }
            let text = Value(string: name)
            defer { text.release(heap) }
            try walkMap(slot, text, number, key, &change)
        case .index(let count, _):
            let keys = UnsafeBufferPointer(start: UnsafePointer(key), count: count)
            if isLast {
                switch change.action {
                case .set(let new): return try setElement(slot, keys, new)
                case .update(let op, let new): return try updateElement(slot, keys, op, new)
                case .call: break
                }
            }
            if value.isObject(.map), count == 1 { return try walkMap(slot, key.pointee, number, key + count, &change) }
            if value.isObject(.list), count == 1, key.pointee.isNumber {
                let position = try position(key.pointee, ListBlock(value.object).count, value)
                try unshare(slot)
                return try walk(
                    ListBlock(slot.pointee.object).layout.pointee.items + position, number + 1, key + count, &change)
            }
            if value.isObject(.tensor) || value.isTraced {
                // A row is taken out, changed, and put back.
                var row = try element(value, keys)
                defer { row.release(heap) }
                try walk(&row, number + 1, key + count, &change)
                return try setElement(slot, keys, row)
            }
            if isReference(value) || value.isObject(.tuple) {
                var item = try element(value, keys)
                defer { item.release(heap) }
                guard isReference(item) else { throw unchangeable(value) }
                return try walk(&item, number + 1, key + count, &change)
            }
            throw unchangeable(value)
        }
    }

    private func following(_ key: UnsafeMutablePointer<Value>, _ step: CodeInfo.Step) -> UnsafeMutablePointer<Value> {
        if case .index(let count, _) = step { return key + count }
        return key
    }

    private func walkMap(
        _ slot: UnsafeMutablePointer<Value>, _ name: Value, _ number: Int, _ key: UnsafeMutablePointer<Value>,
        _ change: inout Change
    ) throws(Failure) {
        if number == change.steps.count - 1, case .set(let new) = change.action {
            let kept = new.retained
            defer { kept.release(heap) }
            try unshare(slot)
            return try store(kept, under: name.retained, in: MapBlock(slot.pointee.object))
        }
        guard MapBlock.isKey(name), MapBlock(slot.pointee.object).slot(name) != nil else {
            throw missingKey(slot.pointee, name)
        }
        try unshare(slot)
        guard let entry = MapBlock(slot.pointee.object).slot(name) else { throw missingKey(slot.pointee, name) }
        try walk(entry, number + 1, key, &change)
    }

    /// A field of an engine object is read, changed and set again.
    private func changeNative(
        _ native: NativeObject, _ value: Value, _ name: String, _ symbol: Int, _ number: Int,
        _ key: UnsafeMutablePointer<Value>, _ change: inout Change
    ) throws(Failure) {
        if number == change.steps.count - 1, case .set(let new) = change.action {
            return try setField(value, symbol, new)
        }
        guard var field = try native.field(name) else { throw noField(value, name, isMethod: false) }
        defer { field.release(heap) }
        try walk(&field, number + 1, key, &change)
        if !isReference(field) { try setField(value, symbol, field) }
    }

    private func finish(_ slot: UnsafeMutablePointer<Value>, _ change: inout Change) throws(Failure) {
        switch change.action {
        case .set: break
        case .update(let op, let value):
            // Taken out of its slot, so that it may be changed in place.
            let old = slot.pointee
            slot.pointee = .none
            do throws(Failure) {
                slot.pointee = try updated(old, op, value)
            } catch {
                slot.pointee = old
                throw error
            }
        case .call(let symbol, let arguments):
            change.result = try Methods.call(
                state.pointee.interpreter.symbols.name(symbol), slot, arguments, self)
        }
    }

    @inline(never)
    func updateField(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let object = registers + Int(i.a), value = registers + Int(i.c)
        let target = object.pointee
        guard let op = Op(rawValue: i.x) else { return fail(Failure(.internal, "no such operation")) }
        var place: UnsafeMutablePointer<Value>?
        if target.isObject(.instance) {
            let instance = InstanceBlock(target.object)
            let meaning = Int(instance.class.meaning(Int(i.b)))
            if meaning < instance.layout.pointee.capacity { place = instance.layout.pointee.fields + meaning }
            if let slot = place, slot.pointee.isMissing { place = nil }
        }
        if let place, place.pointee.isNumber, value.pointee.isNumber,
            let result = Machine.quickly(op, place.pointee.number, value.pointee.number)
        {
            place.pointee = result
            dropTemporary(object)
            return true
        }
        return attempt { () throws(Failure) in
            if target.isObject(.instance) {
                if let slot = place {
                    let old = slot.pointee
                    slot.pointee = .none
                    do throws(Failure) {
                        slot.pointee = try updated(old, op, value.pointee)
                    } catch {
                        slot.pointee = old
                        throw error
                    }
                    dropTemporary(value)
                    dropTemporary(object)
                    return
                }
                throw noField(target, state.pointee.interpreter.symbols.name(Int(i.b)), isMethod: false)
            }
            if target.isObject(.map), isTemporary(object) { throw Machine.outer(target) }
            let old = try fieldValue(target, Int(i.b))
            let new: Value
            do throws(Failure) {
                new = try updated(old, op, value.pointee)
            } catch {
                old.release(heap)
                throw error
            }
            defer { new.release(heap) }
            if target.isObject(.map) { try unshare(object) }
            try setField(object.pointee, Int(i.b), new)
            dropTemporary(value)
            dropTemporary(object)
        }
    }

    // MARK: methods of objects that bear the name of a changing one

    /// If what the path leads to is an object, its own method is called as any other, or the prelude's function. Nil if
    /// it is no object.
    private func callOwn(
        _ root: UnsafeMutablePointer<Value>, _ steps: [CodeInfo.Step], _ keys: UnsafeMutablePointer<Value>, _ symbol: Int, _ given: Int,
        _ slot: UnsafeMutablePointer<Value>
    ) -> Bool? {
        let s = state
        var current = root.pointee
        var key = keys
        var owned: Value?
        defer { owned?.release(heap) }
        for step in steps {
            if let native = current.native, case .field(let name, _) = step {
                do throws(Failure) {
                    guard let value = try native.field(s.pointee.interpreter.symbols.name(name)) else { return nil }
                    owned?.release(heap)
                    owned = value
                    current = value
                } catch {
                    return fail(error)
                }
            } else {
                guard let next = peek(current, step, key) else { return nil }
                current = next
            }
            key = following(key, step)
        }
        let name = s.pointee.interpreter.symbols.name(symbol)
        if !isReference(current) {
            // A value: its changing methods come first, the prelude's functions of that name for the rest.
            if Methods.has(current, name) { return nil }
            guard current.isObject, let builtin = s.pointee.interpreter.prelude[name] else { return nil }
            return takeCall(builtin.retained, current, slot, given, root, keys, key)
        }
        if current.isObject(.instance) {
            let instance = InstanceBlock(current.object)
            let meaning = instance.class.meaning(symbol)
            if meaning != ClassBlock.nothing {
                if meaning & ClassBlock.methodBit != 0 {
                    let method = instance.class.layout.pointee.methods[Int(meaning & ~ClassBlock.methodBit)]
                    return takeCall(method.retained, current, slot, given, root, keys, key)
                }
                let field = instance.field(Int(meaning))
                if !field.isMissing { return takeCall(field.retained, nil, slot, given, root, keys, key) }
            }
        } else if let native = current.native {
            do throws(Failure) {
                if let field = try native.field(name) { return takeCall(field, nil, slot, given, root, keys, key) }
            } catch {
                return fail(error)
            }
        }
        if let builtin = s.pointee.interpreter.prelude[name] {
            return takeCall(builtin.retained, current, slot, given, root, keys, key)
        }
        return fail(noField(current, name, isMethod: true))
    }

    /// Calls a function, whose count is taken over, with the arguments behind a register, and a receiver before them.
    private func takeCall(
        _ function: Value, _ receiver: Value?, _ slot: UnsafeMutablePointer<Value>, _ given: Int,
        _ root: UnsafeMutablePointer<Value>,
        _ keys: UnsafeMutablePointer<Value>, _ end: UnsafeMutablePointer<Value>
    ) -> Bool {
        let s = state
        if let receiver {
            var index = given
            while index > 0 {
                slot[index + 1] = slot[index]
                index -= 1
            }
            slot[1] = receiver.retained
        }
        slot.pointee = function
        var key = keys
        while key < end {
            dropTemporary(key)
            key += 1
        }
        dropTemporary(root)
        return callAny(slot - s.pointee.registers, given + (receiver == nil ? 0 : 1), keywords: 0)
    }
}
