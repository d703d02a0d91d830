import Autodiff
import Diagnostics
import Language
import Tensors

/// A traced call that has ended: what it gave, and what it depends on.
struct TracedResult {
    let tracing: Tracing
    let isInner: Bool
    let inputs: [Variable]
    let interpreter: Interpreter

    private var tape: Tape { tracing.tape }

    func derivative(_ kind: DerivativeKind, _ output: Value, _ structure: Structure) throws(Failure) -> Value {
        switch kind {
        case .gradient, .valueAndGradient:
            let root = try number(output, kind)
            var gradients: [Variable]?
            if let root { gradients = try tape.gradient(of: root, withRespectTo: inputs) }
            let found = gradients
            if let found, let plain = try simple(structure, found) { return plain }
            return try structure.value(
                { (leaf, dtype) throws(Failure) in
                    guard let found else { return try value(zeros(inputs[leaf]), dtype) }
                    return try value(found[leaf], dtype)
                }, interpreter)
        case .jacobian:
            let root = try tensor(output)
            var found: [[Variable]]?
            if let root { found = try jacobian(of: root) }
            let rows = found
            let shape = root.map { tape.shape($0) } ?? output.tensor?.shape ?? []
            return try structure.value(
                { (leaf, dtype) throws(Failure) in
                    let own = tape.shape(inputs[leaf])
                    guard let rows else { return try value(zeros(shape + own), dtype) }
                    return try joined(rows.map { $0[leaf] }, shape + own, dtype)
                }, interpreter)
        case .hessian: return try hessian(output, structure, [structure])[0]
        }
    }

    /// The second derivatives by one argument and then by each of several.
    func hessian(_ output: Value, _ structure: Structure, _ others: [Structure]) throws(Failure) -> [Value] {
        let root = try number(output, .hessian)
        let leaf = try only(structure), own = tape.shape(inputs[leaf.number])
        let columns = try others.map(only)
        var rows: [[Variable]]?
        if let root { rows = try jacobian(of: tape.gradient(of: root, withRespectTo: [inputs[leaf.number]])[0]) }
        let found = rows
        return try columns.map { (column) throws(Failure) in
            let shape = own + tape.shape(inputs[column.number])
            guard let found else { return try value(zeros(shape), column.dtype) }
            return try joined(found.map { $0[column.number] }, shape, column.dtype)
        }
    }

    private func only(_ structure: Structure) throws(Failure) -> (number: Int, dtype: DType?) {
        guard let leaf = structure.onlyLeaf else {
            throw Failure(.type, "`hessian` is with respect to a number or a tensor")
        }
        return leaf
    }

    /// Gradients of the commonest structures: tensors and numbers, and tuples and lists of them.
    private func simple(_ structure: Structure, _ gradients: [Variable]) throws(Failure) -> Value? {
        switch structure {
        case .number(let number): return try value(gradients[number], nil)
        case .tensor(let number, let dtype): return try value(gradients[number], dtype)
        case .list(let parts), .tuple(let parts):
            var items: [Value] = []
            items.reserveCapacity(parts.count)
            do throws(Failure) {
                for part in parts {
                    switch part {
                    case .number(let number): items.append(try value(gradients[number], nil))
                    case .tensor(let number, let dtype): items.append(try value(gradients[number], dtype))
                    default:
                        for item in items { item.release() }
                        return nil
                    }
                }
            } catch {
                for item in items { item.release() }
                throw error
            }
            if case .list = structure { return Value(list: items) }
            return Value(tuple: items)
        default: return nil
        }
    }

    /// The variable of a result that is one number; nil where it depends on nothing that is followed.
    private func number(_ output: Value, _ kind: DerivativeKind) throws(Failure) -> Variable? {
        if output.isNumber { return nil }
        if output.isTraced, let variable = try tracing.variable(of: output) {
            let shape = tape.shape(variable)
            if shape.reduce(1, *) == 1 { return variable }
            throw vector(Tensor.text(of: shape), kind)
        }
        if let tensor = output.tensor {
            if tensor.count == 1 { return nil }
            throw vector(Tensor.text(of: tensor.shape), kind)
        }
        if let items = output.items, items.allSatisfy({ $0.isNumber || $0.isTraced || $0.isObject(.tensor) }) {
            throw Failure(
                .type, "the gradient is of one number, the function gives a \(output.typeName) of \(items.count)",
                help: "return the one that is to be differentiated")
        }
        throw Failure(
            .type, "the gradient is of one number, the function gives \(output.inWords)",
            help: output.isNone ? "the last expression of a function is its value" : output.isBool ? "a bool changes by jumps" : nil)
    }

    private func vector(_ shape: String, _ kind: DerivativeKind) -> Failure {
        Failure(
            .shape, "the gradient is of one number, the function gives a value of shape \(shape)",
            help: kind == .hessian
                ? "sum(...) or mean(...) makes one number of it"
                : "sum(...) or mean(...) makes one number of it; jacobian(f) gives the derivatives of each element")
    }

    /// The variable of any result of numbers; nil where nothing followed is in it.
    private func tensor(_ output: Value) throws(Failure) -> Variable? {
        if output.holdsTraced {
            if let variable = try tracing.variable(of: output) { return variable }
        } else if output.isNumber || output.isObject(.tensor) {
            return nil
        }
        throw Failure(
            .type, "the jacobian is of a number or a tensor, the function gives \(output.inWords)",
            help: output.isNone ? "the last expression of a function is its value" : nil)
    }

    /// For each element of a result the gradients with respect to all inputs.
    private func jacobian(of root: Variable) throws(Failure) -> [[Variable]] {
        let shape = tape.shape(root)
        let count = shape.reduce(1, *)
        if shape.isEmpty { return [try tape.gradient(of: root, withRespectTo: inputs)] }
        var rows: [[Variable]] = []
        for element in 0..<count {
            try Interruption.check()
            let seed = try Tensor([Double](repeating: 0, count: count), shape: shape)
            seed.block.float64[element] = 1
            rows.append(try tape.gradient(of: root, withRespectTo: inputs, seed: tape.leaf(seed)))
        }
        return rows
    }

    private func joined(_ rows: [Variable], _ shape: [Int], _ dtype: DType?) throws(Failure) -> Value {
        if rows.isEmpty { return try value(zeros(shape), dtype) }
        if isInner {
            let flat = try rows.map { (row) throws(Failure) in try tape.reshape(row, [tape.shape(row).reduce(1, *)]) }
            return tracing.value(try tape.reshape(tape.concatenate(flat), shape))
        }
        let result = try Tensor(uninitialized: shape)
        var place = result.block.float64
        for row in rows {
            let numbers = tape.numbers(of: row)
            if let start = numbers.baseAddress { place.update(from: start, count: numbers.count) }
            place += numbers.count
        }
        return try plain(result, dtype)
    }

    private func zeros(_ input: Variable) throws(Failure) -> Variable { try zeros(tape.shape(input)) }

    private func zeros(_ shape: [Int]) throws(Failure) -> Variable {
        shape.isEmpty ? try tape.leaf(0) : try tape.leaf(Making.full(shape, 0, .float64))
    }

    /// A gradient as a value: of the type of what it belongs to, or followed where it lies within another gradient.
    private func value(_ variable: Variable, _ dtype: DType?) throws(Failure) -> Value {
        if isInner { return tracing.value(variable) }
        if dtype == nil, tape.shape(variable).isEmpty { return Value(canonical: tape.number(variable)) }
        return try plain(tape.value(variable), dtype)
    }

    private func plain(_ tensor: Tensor, _ dtype: DType?) throws(Failure) -> Value {
        guard let dtype, dtype != .float64 else { return Value(reduced: tensor) }
        return Value(tensor: try tensor.float(as: dtype))
    }
}

extension Structure {
    /// The only leaf of a number or a tensor.
    fileprivate var onlyLeaf: (number: Int, dtype: DType?)? {
        switch self {
        case .number(let number): (number, nil)
        case .tensor(let number, let dtype): (number, dtype)
        default: nil
        }
    }
}
