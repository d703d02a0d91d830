import Autodiff
import Diagnostics
import Language
import Tensors

/// Elements of followed tensors, read and set; what `for` runs through; fields.
extension Traced {
    override var length: Int? {
        let shape = shape
        return shape.isEmpty ? nil : shape[0]
    }

    override func iterate() throws(Failure) -> [Value]? {
        guard let length else { return nil }
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

    override func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard !shape.isEmpty else { throw Failure(.type, "a number cannot be indexed", label: "{0} is a number") }
        return try part(try interpreter.indices(keys))
    }

    private func part(_ indices: [Index]) throws(Failure) -> Value {
        if let settled { return Value(reduced: try Indexing.get(settled, indices)) }
        return tracing.value(try tape.index(variable, indices))
    }

    override func changed(
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
        if operation == .add || operation == .subtract {
            // Repeated indices accumulate.
            let zero = try tape.leaf(Tensor([Double](repeating: 0, count: tape.shape(tensor).reduce(1, *)), shape: tape.shape(tensor)))
            _ = zero
        }
        let old = try tape.index(tensor, indices)
        guard let step = Traced.step(operation) else {
            throw Failure(.type, "`\(operation.symbol)=` of an element has no derivative", help: "write x[i] = x[i] \(operation.symbol) y")
        }
        return tracing.value(try tape.assign(tensor, indices, tape.apply(step, old, value)))
    }

    override func joined(_ items: [Value], rows: Int?, _ interpreter: Interpreter) throws(Failure) -> Value {
        let tracing = try live(interpreter)
        guard let vector = try tracing.stacked(items) else {
            throw Failure(.type, "a tensor holds numbers")
        }
        guard let rows else { return tracing.value(vector) }
        return tracing.value(try tracing.tape.reshape(vector, [rows, rows == 0 ? 0 : items.count / rows]))
    }

    // MARK: fields

    override var fieldNames: [String] { ["shape", "T", "dtype", "size", "rank"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "shape": return Value(tuple: shape.map { Value($0) })
        case "size": return Value(shape.reduce(1, *))
        case "rank", "ndim": return Value(shape.count)
        case "dtype": return Value(string: settled?.dtype.name ?? DType.float64.name)
        case "T":
            if let settled { return Value(reduced: try Shaping.transpose(settled)) }
            return tracing.value(try tape.transpose(variable))
        default: return nil
        }
    }
}
