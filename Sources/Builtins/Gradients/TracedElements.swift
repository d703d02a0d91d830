import Autodiff
import Diagnostics
import Language
import Tensors

/// Elements of followed tensors, read and set; what `for` runs through; fields.
extension Traced {
    var firstLength: Int? {
        let shape = shape
        return shape.isEmpty ? nil : shape[0]
    }

    func rows() throws(Failure) -> [Value]? {
        guard let length = firstLength else { return nil }
        var rows: [Value] = []
        rows.reserveCapacity(length)
        do throws(Failure) {
            for row in 0..<length { rows.append(try part([.at(row)])) }
        } catch {
            for row in rows { row.release() }
            throw error
        }
        return rows
    }

    func element(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard !shape.isEmpty else { throw Failure(.type, "a number cannot be indexed", label: "{0} is a number") }
        return try part(try interpreter.indices(keys))
    }

    private func part(_ indices: [Index]) throws(Failure) -> Value {
        if let settled { return Value(reduced: try Indexing.get(settled, indices)) }
        return tracing.value(try tape.index(variable, indices))
    }

    func changedElements(
        _ whole: Value, _ keys: [Value], _ operation: BinaryOperation?, _ part: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value {
        let tracing = try live(interpreter)
        let tape = tracing.tape
        guard let tensor = try tracing.variable(of: whole), !tape.shape(tensor).isEmpty else {
            throw Failure(.type, "elements of \(whole.inWords) cannot be set")
        }
        guard let value = try tracing.variable(of: part) else {
            throw Failure(.type, "a tensor holds numbers, not \(part.inWords)")
        }
        let indices = try interpreter.indices(keys)
        guard let operation else { return tracing.value(try tape.assign(tensor, indices, value)) }
        let step: Autodiff.Operation
        switch operation {
        case .add, .subtract:
            // Repeated indices accumulate.
            let change = try operation == .add ? value : tape.apply(.negate, value)
            return tracing.value(try tape.accumulate(tensor, indices, change))
        case .multiply: step = .multiply
        case .divide: step = .divide
        case .power: step = .power
        case .floorDivide: step = .floorDivide
        case .modulo: step = .modulo
        default: throw Failure(.type, "elements are not changed by `\(operation.symbol)=`")
        }
        let old = try tape.index(tensor, indices)
        return tracing.value(try tape.assign(tensor, indices, tape.apply(step, old, value)))
    }

    func bracket(_ items: [Value], rows: Int?, _ interpreter: Interpreter) throws(Failure) -> Value {
        let tracing = try live(interpreter)
        guard let vector = try tracing.stacked(items) else {
            throw Failure(.type, "a tensor holds numbers")
        }
        guard let rows else { return tracing.value(vector) }
        return tracing.value(try tracing.tape.reshape(vector, [rows, rows == 0 ? 0 : items.count / rows]))
    }

    /// `push`, `pop`, `sort` and `reverse` of a tensor.
    func changingMethod(
        _ name: String, _ whole: Value, _ arguments: [Value], _ interpreter: Interpreter
    ) throws(Failure) -> (whole: Value, result: Value)? {
        let tracing = try live(interpreter)
        let tape = tracing.tape
        guard let tensor = try tracing.variable(of: whole) else { return nil }
        let shape = tape.shape(tensor)
        guard let length = shape.first else { throw Failure(.type, "a number has no method `\(name)`") }
        func without(_ place: Int) throws(Failure) -> Value {
            let parts = [try tape.index(tensor, [.slice(stop: place)]), try tape.index(tensor, [.slice(start: place + 1)])]
            return tracing.value(try tape.concatenate(parts))
        }
        switch name {
        case "push":
            guard let item = try tracing.variable(of: arguments.first ?? .none) else {
                throw Failure(.type, "a tensor takes numbers, not \((arguments.first ?? .none).inWords)", argument: 0)
            }
            let row = try tape.reshape(item, [1] + tape.shape(item))
            return (tracing.value(try tape.concatenate([tensor, row])), .none)
        case "pop":
            guard length > 0 else { throw Failure(.index, "there is nothing in this tensor to pop") }
            let index = arguments.isEmpty ? -1 : arguments[0].isNumber ? Int(exactly: arguments[0].number) : nil
            guard let index, index >= -length, index < length else {
                throw Failure(.index, "`pop` takes an index from 0 to \(length - 1), or from -\(length) to -1", argument: 0)
            }
            let place = index < 0 ? index + length : index
            return (try without(place), tracing.value(try tape.index(tensor, [.at(place)])))
        case "insert":
            let place = try Methods.gap(arguments[0], length)
            guard let item = try tracing.variable(of: arguments[1]) else {
                throw Failure(.type, "a tensor takes numbers, not \(arguments[1].inWords)", argument: 1)
            }
            let row = try tape.reshape(item, [1] + tape.shape(item))
            let parts = [try tape.index(tensor, [.slice(stop: place)]), row, try tape.index(tensor, [.slice(start: place)])]
            return (tracing.value(try tape.concatenate(parts)), .none)
        case "remove":
            guard let item = try tracing.variable(of: arguments[0]) else { return nil }
            let numbers = try tape.value(tensor).numbers, wanted = try tape.value(item).numbers
            let width = shape.dropFirst().reduce(1, *)
            let isRow = tape.shape(item) == Array(shape.dropFirst())
            let place = (0..<length).first { isRow && Array(numbers[$0 * width..<($0 + 1) * width]) == wanted }
            guard let place else { throw Failure(.value, "the tensor holds no such element", help: "xs.pop(i) removes the item at index i") }
            tape.marks.insert(.branched)
            return (try without(place), .none)
        case "clear": return (tracing.value(try tape.index(tensor, [.slice(stop: 0)])), .none)
        case "sort": return (tracing.value(try tape.sort(tensor)), .none)
        case "reverse": return (tracing.value(try tape.index(tensor, [.slice(step: -1)])), .none)
        default: return nil
        }
    }

    // MARK: fields

    func fieldValue(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "shape": return Value(tuple: shape.map { Value($0) })
        case "size": return Value(shape.reduce(1, *))
        case "rank", "ndim": return Value(shape.count)
        case "dtype": return Value(string: settled?.dtype.name ?? (isMask ? DType.bool : .float64).name)
        case "T":
            if let settled { return Value(reduced: try Shaping.transpose(settled)) }
            return tracing.value(try tape.transpose(variable))
        default: return nil
        }
    }
}
