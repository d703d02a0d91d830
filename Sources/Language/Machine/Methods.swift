import Diagnostics
import Tensors

/// The methods that change a list, a map or a tensor where it lies.
package enum Methods {
    private static let ofLists: Set<String> = ["push", "pop", "insert", "remove", "sort", "reverse", "clear"]
    private static let ofMaps: Set<String> = ["pop", "remove", "update", "clear"]
    private static let ofTensors: Set<String> = ["push", "pop", "insert", "remove", "sort", "reverse", "clear"]

    static func names(_ value: Value) -> Set<String> {
        if value.isObject(.list) { return ofLists }
        if value.isObject(.map) { return ofMaps }
        if value.isObject(.tensor) || value.isTraced { return ofTensors }
        return []
    }

    static func has(_ value: Value, _ name: String) -> Bool { names(value).contains(name) }

    /// The function of the same name would, and would change nothing.
    static func takesNoKeywords(_ name: String, _ value: Value) -> Failure {
        let help =
            name != "sort" ? "write `\(form(name, value))`"
            : value.isObject(.list) ? "xs = sorted(xs, reverse=true), or with key=" : "X = sort(X, descending=true), or with axis="
        return Failure(.argument, "the method `\(name)` takes no keyword arguments", help: help)
    }

    /// How a method is called on the value.
    static func form(_ name: String, _ value: Value) -> String {
        switch name {
        case "push": "xs.push(x)"
        case "insert": "xs.insert(i, x)"
        case "update": "m.update({\"key\": 1})"
        case "pop": value.isObject(.map) ? "m.pop(key)" : "xs.pop(i)"
        case "remove" where value.isObject(.map): "m.remove(key)"
        case "remove": "xs.remove(x)"
        default: "xs.\(name)()"
        }
    }

    /// Changes the value in the slot; the result has one count, the arguments are borrowed.
    static func call(
        _ name: String, _ slot: UnsafeMutablePointer<Value>, _ arguments: UnsafeBufferPointer<Value>, _ machine: Machine
    ) throws(Failure) -> Value {
        let value = slot.pointee
        guard has(value, name) else { throw machine.noField(value, name, isMethod: true) }
        let (least, most) = limits(name, value)
        guard arguments.count >= least, arguments.count <= most else {
            let takes = least == most ? "\(least)" : "\(least) or \(most)"
            throw Failure(.argument, "`\(name)` takes \(takes) argument\(takes == "1" ? "" : "s"), \(arguments.count) were given")
        }
        let traced = value.isTraced ? value : arguments.first { $0.isTraced }
        if let traced, value.isTraced || value.isObject(.tensor) {
            let interpreter = machine.state.pointee.interpreter
            guard let changed = try traced.tracedObject.method(name, value, Array(arguments), interpreter) else {
                throw machine.noField(value, name, isMethod: true)
            }
            machine.put(slot, changed.whole)
            return changed.result
        }
        if value.isObject(.tensor) { return try ofTensor(name, slot, arguments, machine) }
        try machine.unshare(slot)
        if value.isObject(.map) { return try ofMap(name, MapBlock(slot.pointee.object), arguments, machine) }
        return try ofList(name, slot, ListBlock(slot.pointee.object), arguments, machine)
    }

    private static func limits(_ name: String, _ value: Value) -> (Int, Int) {
        switch name {
        case "push", "remove", "update": (1, 1)
        case "insert": (2, 2)
        case "pop": value.isObject(.map) ? (1, 1) : (0, 1)
        case "sort": (0, 0)
        default: (0, 0)
        }
    }

    private static func ofList(
        _ name: String, _ slot: UnsafeMutablePointer<Value>, _ list: ListBlock, _ arguments: UnsafeBufferPointer<Value>,
        _ machine: Machine
    ) throws(Failure) -> Value {
        let heap = machine.heap
        let layout = list.layout
        switch name {
        case "push":
            guard list.append(arguments[0].retained, heap) else {
                arguments[0].release(heap)
                throw Machine.outOfMemory
            }
        case "pop":
            guard list.count > 0 else { throw Failure(.index, "there is nothing in this list to pop") }
            let position = arguments.isEmpty ? list.count - 1 : try position(arguments[0], list.count, slot.pointee, machine)
            return take(position, list)
        case "insert":
            let position = try gap(arguments[0], list.count)
            guard list.grow(heap, list.count + 1) else { throw Machine.outOfMemory }
            let items = layout.pointee.items
            var number = list.count
            while number > position {
                items[number] = items[number - 1]
                number -= 1
            }
            items[position] = arguments[1].retained
            layout.pointee.count += 1
        case "remove":
            for position in 0..<list.count where try Equality.equal(list.items[position], arguments[0]) {
                take(position, list).release(heap)
                return .none
            }
            throw absent(arguments[0], slot.pointee, machine)
        case "sort": try ItemOrder.sort(UnsafeMutableBufferPointer(start: layout.pointee.items, count: list.count))
        case "reverse":
            var items = UnsafeMutableBufferPointer(start: layout.pointee.items, count: list.count)
            items.reverse()
        default:
            let count = list.count
            layout.pointee.count = 0
            for number in 0..<count { layout.pointee.items[number].release(heap) }
        }
        return .none
    }

    /// Where `insert` puts an item, as in Python: beyond the ends it is put at them.
    package static func gap(_ key: Value, _ count: Int) throws(Failure) -> Int {
        guard key.isNumber, let index = wholeNumber(key.number) else {
            throw Failure(.type, "`insert` takes a whole number and the item", argument: 0)
        }
        return max(0, min(index < 0 ? index + count : index, count))
    }

    private static func position(_ key: Value, _ count: Int, _ list: Value, _ machine: Machine) throws(Failure) -> Int {
        guard key.isNumber else { throw Failure(.type, "`pop` takes a whole number, not \(key.inWords)", argument: 0) }
        return try machine.position(key, count, list)
    }

    private static func take(_ position: Int, _ list: ListBlock) -> Value {
        let items = list.layout.pointee.items
        let value = items[position]
        for number in position..<(list.count - 1) { items[number] = items[number + 1] }
        list.layout.pointee.count -= 1
        return value
    }

    private static func ofMap(
        _ name: String, _ map: MapBlock, _ arguments: UnsafeBufferPointer<Value>, _ machine: Machine
    ) throws(Failure) -> Value {
        let heap = machine.heap
        switch name {
        case "pop", "remove":
            guard MapBlock.isKey(arguments[0]), let value = map.remove(arguments[0], heap) else {
                throw machine.missingKey(Value(object: map.layout), arguments[0])
            }
            if name == "pop" { return value }
            value.release(heap)
        case "update":
            guard let other = arguments[0].map else {
                throw Failure(.type, "`update` takes a map, not \(arguments[0].inWords)", argument: 0)
            }
            for (key, value) in other.entries { try machine.store(value, under: key.retained, in: map) }
        default:
            for (key, _) in map.entries { map.remove(key, heap)?.release(heap) }
        }
        return .none
    }

    private static func absent(_ item: Value, _ value: Value, _ machine: Machine) -> Failure {
        let what = value.isObject(.list) ? "list" : "tensor"
        return Failure(
            .value, "the \(what) holds no \(machine.state.pointee.interpreter.text(item, .repr))",
            help: "xs.pop(i) removes the item at index i")
    }

    /// Of a tensor, only these along its first axis.
    private static func keep(
        _ first: Range<Int>, and second: Range<Int>, _ slot: UnsafeMutablePointer<Value>, _ machine: Machine
    ) throws(Failure) {
        let x = Tensor(sharing: TensorBlock(slot.pointee.object))
        let parts = try [first, second].map { (range) throws(Failure) in
            try Indexing.get(x, [.slice(start: range.lowerBound, stop: range.upperBound)])
        }
        machine.put(slot, Value(tensor: try Joining.concatenate(parts)))
    }

    private static func ofTensor(
        _ name: String, _ slot: UnsafeMutablePointer<Value>, _ arguments: UnsafeBufferPointer<Value>, _ machine: Machine
    ) throws(Failure) -> Value {
        let heap = machine.heap
        let block = TensorBlock(slot.pointee.object)
        switch name {
        case "push":
            if let number = Machine.arithmeticNumber(arguments[0]) {
                slot.pointee = Value(adopting: try Joining.push(block, number, heap))
            } else if let item = try Conversions.tensor(arguments[0]) {
                slot.pointee = Value(adopting: try Joining.push(block, item.block, heap))
            } else {
                throw Failure(.type, "a tensor takes numbers, not \(arguments[0].inWords)", argument: 0)
            }
        case "pop":
            guard block.rank > 0, block.dims[0] > 0 else { throw Failure(.index, "there is nothing in this tensor to pop") }
            let count = block.dims[0]
            let place = arguments.isEmpty ? count - 1 : try position(arguments[0], count, slot.pointee, machine)
            let item = Value(item: try Indexing.get(block, place, heap))
            do throws(Failure) {
                try keep(0..<place, and: place + 1..<count, slot, machine)
            } catch {
                item.release(heap)
                throw error
            }
            return item
        case "insert":
            let x = Tensor(sharing: block), place = try gap(arguments[0], x.shape.first ?? 0)
            guard let given = try Conversions.tensor(arguments[1]) else {
                throw Failure(.type, "a tensor takes numbers, not \(arguments[1].inWords)", argument: 1)
            }
            // It takes the type of the tensor.
            let row = try Shaping.expand(given.stored(as: x.dtype), axis: 0)
            let parts = [try Indexing.get(x, [.slice(stop: place)]), row, try Indexing.get(x, [.slice(start: place)])]
            machine.put(slot, Value(tensor: try Joining.concatenate(parts)))
        case "remove":
            let count = block.rank > 0 ? block.dims[0] : 0
            for place in 0..<count {
                let item = Value(item: try Indexing.get(block, place, heap))
                defer { item.release(heap) }
                guard try Equality.equal(item, arguments[0]) else { continue }
                try keep(0..<place, and: place + 1..<count, slot, machine)
                return .none
            }
            throw absent(arguments[0], slot.pointee, machine)
        case "clear": try keep(0..<0, and: 0..<0, slot, machine)
        case "sort":
            let sorted = try Ordering.sort(Tensor(sharing: block))
            machine.put(slot, Value(tensor: sorted))
        default:
            let reversed = try Indexing.get(block, [.slice(step: -1)], heap)
            machine.put(slot, Value(item: reversed))
        }
        return .none
    }
}

/// The order of items in a list.
enum ItemOrder {
    /// Sorts numbers or strings in place, equal ones staying in their order.
    static func sort(_ items: UnsafeMutableBufferPointer<Value>) throws(Failure) {
        try check(UnsafeBufferPointer(items))
        let sorted = items.sorted(by: precedes)
        for (index, value) in sorted.enumerated() { items[index] = value }
    }

    /// Refuses what has no order.
    static func check(_ items: UnsafeBufferPointer<Value>) throws(Failure) {
        guard let first = items.first else { return }
        for item in items {
            guard first.isNumber && item.isNumber || first.isObject(.string) && item.isObject(.string) else {
                throw Failure(
                    .type, "a list is sorted if it holds numbers, or strings; this one holds \(first.inWords) and \(item.inWords)")
            }
        }
    }

    static func precedes(_ a: Value, _ b: Value) -> Bool {
        if a.isNumber, b.isNumber { return a.number < b.number || b.number.isNaN && !a.number.isNaN }
        return a.isObject(.string) && b.isObject(.string)
            && StringBlock(a.object).precedes(StringBlock(b.object), orEqual: false)
    }
}
