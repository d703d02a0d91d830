import Diagnostics
import Tensors

/// Arithmetic of structures: lists, tuples, maps and objects of one form add and subtract, number by number and tensor by
/// tensor, and are scaled by a number, so that `θ -= η * ∇loss(θ)` is code whatever θ is made of.
///
/// What is neither number nor tensor (a name, a flag, none where there is no gradient) stays as it is on the left.
/// Objects give a new object of their class.
extension Machine {
    private struct Pairs {
        let operation: BinaryOperation
        /// What became of an object that is met again.
        var made: [UnsafeMutableRawPointer: Value] = [:]
        /// Where in the structure, for messages.
        var trail: [Key] = []
    }

    /// Nil where neither side is a structure, or the operator is not for them.
    func combinedStructures(_ operation: BinaryOperation, _ x: Value, _ y: Value) throws(Failure) -> Value? {
        let left = Machine.isStructure(x), right = Machine.isStructure(y)
        // Lists of text are meant otherwise, as in Python.
        guard left || right, Machine.hasNumbers(left ? x : y) else {
            try Interruption.check()
            return nil
        }
        var pairs = Pairs(operation: operation)
        switch operation {
        case .add, .subtract:
            guard left, right else { return nil }
            return try pair(x, y, &pairs)
        case .multiply:
            if left, Machine.isScale(y) { return try scaled(x, y, isLeft: true, &pairs) }
            return right && Machine.isScale(x) ? try scaled(y, x, isLeft: false, &pairs) : nil
        case .divide:
            return left && Machine.isScale(y) ? try scaled(x, y, isLeft: true, &pairs) : nil
        default: return nil
        }
    }

    private static func isStructure(_ value: Value) -> Bool {
        value.isObject(.list) || value.isObject(.tuple) || value.isObject(.map) || value.isObject(.instance)
    }

    private static func isScale(_ value: Value) -> Bool {
        value.isNumber || value.isTraced && value.tracedObject.shape.isEmpty
    }

    private static func isNumeric(_ value: Value) -> Bool {
        value.isNumber || value.isObject(.tensor) || value.isTraced
    }

    /// Whether a number or a tensor stands somewhere in it.
    private static func hasNumbers(_ value: Value, depth: Int = 0) -> Bool {
        if isNumeric(value) || value.native != nil { return true }
        guard depth < 64, !Interruption.isRequested else { return false }
        if let items = value.items { return items.contains { hasNumbers($0, depth: depth + 1) } }
        var found = false
        value.map?.forEach { _, item in found = found || hasNumbers(item, depth: depth + 1) }
        if let instance = Instance(value) {
            for field in 0..<instance.fieldCount { found = found || hasNumbers(instance[field], depth: depth + 1) }
        }
        return found
    }

    private func pair(_ x: Value, _ y: Value, _ pairs: inout Pairs) throws(Failure) -> Value {
        if Machine.isNumeric(x) || x.native != nil, Machine.isNumeric(y) || y.native != nil || y.items != nil, !y.isNone {
            if Machine.isNumeric(x), Machine.isNumeric(y), !Machine.haveOneShape(x, y) {
                throw differing(pairs.trail, x.inWords, y.inWords)
            }
            return try operated(pairs.operation, x, y, pairs.trail)
        }
        guard Machine.isStructure(x), Machine.isStructure(y) else {
            if Machine.isStructure(x) || Machine.isStructure(y) || Machine.isNumeric(x) || Machine.isNumeric(y),
                !x.isNone, !y.isNone, !x.isBool, !y.isBool
            {
                throw differing(pairs.trail, x.inWords, y.inWords)
            }
            return x.retained
        }
        guard haveOneForm(x, y) else { throw differing(pairs.trail, Machine.form(x), Machine.form(y)) }
        return try inside(x, &pairs) { (item, key, pairs) throws(Failure) in
            switch key {
            case .position(let position):
                return try pair(item, y.items?[position] ?? .none, &pairs)
            case .entry(let name):
                guard let other = y.map?.slot(name)?.pointee else {
                    throw differing(pairs.trail, "it has this key", "the other has not")
                }
                return try pair(item, other, &pairs)
            case .field(let number, _):
                let other = Instance(y)?[number] ?? .missing
                return other.isMissing ? item.retained : try pair(item, other, &pairs)
            }
        }
    }

    private func scaled(_ x: Value, _ factor: Value, isLeft: Bool, _ pairs: inout Pairs) throws(Failure) -> Value {
        if Machine.isNumeric(x) || x.native != nil {
            return try isLeft
                ? operated(pairs.operation, x, factor, pairs.trail) : operated(pairs.operation, factor, x, pairs.trail)
        }
        guard Machine.isStructure(x) else { return x.retained }
        return try inside(x, &pairs) { (item, _, pairs) throws(Failure) in
            try scaled(item, factor, isLeft: isLeft, &pairs)
        }
    }

    enum Key {
        case position(Int)
        case entry(Value)
        case field(Int, of: Instance)
    }

    /// A structure of the same form with what the body gives for each part, with one count.
    private func inside(
        _ x: Value, _ pairs: inout Pairs, _ body: (Value, Key, inout Pairs) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard pairs.trail.count < 200 else { throw Failure(.recursion, "these values are nested too deep for arithmetic") }
        try Interruption.check()
        let depth = pairs.trail.count
        // The key is put there for each part.
        pairs.trail.append(.position(0))
        defer { pairs.trail.removeLast() }
        if let items = x.items {
            var results: [Value] = []
            results.reserveCapacity(items.count)
            do throws(Failure) {
                for (position, item) in items.enumerated() {
                    pairs.trail[depth] = .position(position)
                    results.append(try body(item, .position(position), &pairs))
                }
            } catch {
                for result in results { result.release(heap) }
                throw error
            }
            return x.isObject(.list) ? Value(list: results) : Value(tuple: results)
        }
        if let map = x.map {
            var results: [(Value, Value)] = []
            do throws(Failure) {
                for (key, item) in map.entries {
                    pairs.trail[depth] = .entry(key)
                    let result = try body(item, .entry(key), &pairs)
                    results.append((key.retained, result))
                }
            } catch {
                for (key, result) in results {
                    key.release(heap)
                    result.release(heap)
                }
                throw error
            }
            return Value(map: results)
        }
        guard let instance = Instance(x) else { return x.retained }
        if let known = pairs.made[instance.identity] { return known.retained }
        let made = try state.pointee.interpreter.emptyInstance(like: instance)
        pairs.made[instance.identity] = made
        guard let result = Instance(made) else { return made }
        do throws(Failure) {
            for field in 0..<instance.fieldCount where !instance[field].isMissing {
                pairs.trail[depth] = .field(field, of: instance)
                result[field] = try body(instance[field], .field(field, of: instance), &pairs)
            }
        } catch {
            made.release(heap)
            throw error
        }
        return made
    }

    /// `x op y` of two leaves.
    func operated(_ operation: BinaryOperation, _ x: Value, _ y: Value, _ trail: [Key] = []) throws(Failure) -> Value {
        let pair = UnsafeMutablePointer<Value>.allocate(capacity: 2)
        defer { pair.deallocate() }
        // One count more, so that nothing is changed where it lies.
        pair[0] = x.retained
        pair[1] = y.retained
        defer {
            pair[0].release(heap)
            pair[1].release(heap)
        }
        do throws(Failure) {
            return try applied(operation, pair, pair + 1)
        } catch {
            guard !trail.isEmpty, error.kind == .shape || error.kind == .type else { throw error }
            throw Failure(error.kind, "at \(path(trail)): \(error.message)", help: error.help)
        }
    }

    private static func haveOneShape(_ x: Value, _ y: Value) -> Bool {
        if x.isObject(.tensor), y.isObject(.tensor) { return TensorBlock(x.object).hasShape(of: TensorBlock(y.object)) }
        return shape(x) == shape(y)
    }

    private func haveOneForm(_ x: Value, _ y: Value) -> Bool {
        guard x.header.pointee.kind == y.header.pointee.kind else { return false }
        if let a = x.items, let b = y.items { return a.count == b.count }
        if let a = x.map, let b = y.map { return a.count == b.count }
        if let a = Instance(x), let b = Instance(y) { return a.isOfClass(of: b) }
        return false
    }

    private static func form(_ value: Value) -> String {
        if let items = value.items { return "a \(value.typeName) of \(items.count)" }
        if let map = value.map { return "a map of \(map.count)" }
        return value.inWords
    }

    /// `[1]["w"].b`
    private func path(_ trail: [Key]) -> String {
        var text = ""
        for key in trail {
            switch key {
            case .position(let position): text += "[\(position)]"
            case .entry(let name): text += "[\(state.pointee.interpreter.text(name, .repr))]"
            case .field(let number, let instance): text += "." + instance.name(number)
            }
        }
        return text
    }

    private func differing(_ trail: [Key], _ x: String, _ y: String) -> Failure {
        Failure(
            .shape, "the structures differ\(trail.isEmpty ? "" : " at " + path(trail)): \(x) and \(y)",
            help: "structures add and subtract where they have the same form")
    }
}
