import Diagnostics
import Language
import Tensors

/// Sorting, and elements picked by their value.
enum OrderingFunctions {
    static let builtins: [Builtin] = [argsort, clip, sort, unique, `where`]

    private static let tensor = Builtin.Parameter("x", "tensor", .required, .positional, "the operand")
    private static let along = TensorParameter.axis(-1, "the axis that is sorted, the last by default")
    private static let descending = Builtin.Parameter(
        "descending", "bool", .bool(false), .keyword, "the greatest first")

    static let sort = Builtin(
        "sort", "in ascending order along an axis; NaN comes last", [tensor, along, descending],
        shapes: "any -> the same", example: "sort([3, 1, 2])  # [1, 2, 3]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.sort(call.variable(0, tracing), axis: call.int(1), descending: call.bool(2))
        }
    ) { call throws(Failure) in
        Value(tensor: try Ordering.sort(call.tensor(0), axis: call.int(1), descending: call.bool(2)))
    }

    static let argsort = Builtin(
        "argsort", "the indices that sort; equal elements keep their order", [tensor, along, descending],
        shapes: "any -> the same", example: "argsort([3, 1, 2])  # [1, 2, 0]", tracing: .constant
    ) { call throws(Failure) in
        Value(tensor: try Ordering.argsort(call.tensor(0), axis: call.int(1), descending: call.bool(2)))
    }

    static let unique = Builtin(
        "unique", "the distinct elements in ascending order",
        [
            .init("x", "tensor, or strings", .required, .positional, "the operand"),
            .init("counts", "bool", .bool(false), .keyword, "give (elements, how often each occurs)"),
        ],
        shapes: "any -> [k]", example: "unique([3, 1, 3])  # [1, 3]"
    ) { call throws(Failure) in
        if let strings = try strings(call) {
            var times: [String: Int] = [:]
            for string in strings { times[string, default: 0] += 1 }
            let distinct = times.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            let values = Value(list: distinct.map { Value(string: $0) })
            guard try call.bool(1) else { return values }
            return Value(tuple: [values, Value(tensor: try Tensor(distinct.map { Double(times[$0] ?? 0) }))])
        }
        let (values, counts) = try Ordering.unique(call.tensor(0))
        return try call.bool(1)
            ? Value(tuple: [Value(tensor: values), Value(tensor: counts)]) : Value(tensor: values)
    }

    /// The strings of a list or of a table's column; nil for anything else.
    private static func strings(_ call: borrowing Call) throws(Failure) -> [String]? {
        guard call[0].items != nil || call[0].native != nil else { return nil }
        var result: [String] = []
        var others = false
        try call.forEach(0) { item in
            if let string = item.string { result.append(string) } else { others = true }
        }
        return others || result.isEmpty ? nil : result
    }

    static let `where` = Builtin(
        "where", "elements of a where the condition is true, of b elsewhere; alone, the indices where it is true",
        [
            .init("condition", "bool tensor", .required, .positional, "what decides"),
            .init("a", "tensor or number", .absent, .positional, "taken where it is true"),
            .init("b", "tensor or number", .absent, .positional, "taken where it is false"),
        ],
        shapes: "[n], [n], [n] -> [n]; alone [n] -> ([k],), [n, d] -> ([k], [k])",
        example: "where([1, -2] > 0, 1, 0)  # [1, 0]",
        tracing: .following { (tracing, call) throws(Failure) in
            if call.isAbsent(1), call.isAbsent(2) {
                let condition = try call[0].untraced()
                defer { condition.release() }
                guard let mask = try Conversions.tensor(condition) else { throw call.unexpected(0, "a bool tensor") }
                return Value(tuple: try Selection.places(mask).map { Value(tensor: $0) })
            }
            return tracing.value(
                try tracing.tape.choose(call.variable(0, tracing), call.variable(1, tracing), call.variable(2, tracing)))
        }
    ) { call throws(Failure) in
        let condition = try call.tensorOrNumber(0)
        if call.isAbsent(1), call.isAbsent(2) {
            return Value(tuple: try Selection.places(condition).map { Value(tensor: $0) })
        }
        let a = try call.tensorOrNumber(1), b = try call.tensorOrNumber(2)
        return Value(
            reduced: try Selection.choose(
                condition, call[1].isNumber ? fitted(a, to: b) : a, call[2].isNumber ? fitted(b, to: a) : b))
    }

    /// A number takes the type of the tensor beside it, where that can hold it.
    private static func fitted(_ number: Tensor, to other: Tensor) -> Tensor {
        (try? number.stored(as: other.dtype)) ?? number
    }

    static let clip = Builtin(
        "clip", "no smaller than low, no greater than high",
        [
            TensorParameter.x, .init("low", "number or none", .required, .positional, "the least, or none"),
            .init("high", "number or none", .required, .positional, "the greatest, or none"),
        ],
        formula: "min(max(x, low), high)", shapes: "any -> the same", example: "clip([-1, 0.5, 3], 0, 1)  # [0, 0.5, 1]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            var x = try call.variable(0, tracing)
            if !call.isAbsent(1) { x = try tracing.tape.apply(.maximum, x, call.variable(1, tracing)) }
            if !call.isAbsent(2) { x = try tracing.tape.apply(.minimum, x, call.variable(2, tracing)) }
            return x
        }
    ) { call throws(Failure) in
        let low = try call.optionalNumber(1) ?? -.infinity, high = try call.optionalNumber(2) ?? .infinity
        return Value(reduced: try Selection.clip(call.tensorOrNumber(0), low, high))
    }
}
