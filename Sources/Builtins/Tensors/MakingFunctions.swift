import Diagnostics
import Language
import Tensors

/// Tensors made of nothing but their shape, and of other values.
enum MakingFunctions {
    static let builtins: [Builtin] = [arange, astype, eye, full, linspace, meshgrid, ones, tensor, zeros]

    static let zeros = filled("zeros", "a tensor of zeros", 0, "zeros(2, 3)  # [0, 0, 0; 0, 0, 0]")
    static let ones = filled("ones", "a tensor of ones", 1, "ones(3)  # [1, 1, 1]")

    private static func filled(_ name: String, _ summary: String, _ value: Double, _ example: String) -> Builtin {
        Builtin(
            name, summary, [TensorParameter.shape, TensorParameter.dtype], shapes: "n, d -> [n, d]", example: example,
            tracing: .constant
        ) { call throws(Failure) in
            Value(tensor: try Making.full(call.shape(), value, call.dtype(1)))
        }
    }

    static let full = Builtin(
        "full", "a tensor with the same number everywhere",
        [
            .init("value", "number", .required, .positional, "what stands everywhere"), TensorParameter.shape,
            TensorParameter.dtype,
        ],
        shapes: "value, n, d -> [n, d]", example: "full(7, 2)  # [7, 7]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.expand(call.variable(0, tracing), to: call.shape())
        }
    ) { call throws(Failure) in
        if call[0].items != nil || call[0].isObject(.tensor) {
            throw Failure(
                .type, "`value` of `full` is a number, not \(call[0].inWords)",
                help: "the number comes first, then the shape: full(7, 2, 2)", argument: 0)
        }
        let value = call[0].isBool ? (call[0].isTrue ? 1 : 0) : try call.number(0)
        return Value(tensor: try Making.full(call.shape(), value, call.dtype(2)))
    }

    static let eye = Builtin(
        "eye", "the unit matrix",
        [
            .init("n", "integer", .required, .positional, "rows"),
            .init("m", "integer", .absent, .positional, "columns; as many as rows without it"), TensorParameter.dtype,
        ],
        shapes: "n -> [n, n]", example: "eye(2)  # [1, 0; 0, 1]", tracing: .constant
    ) { call throws(Failure) in
        Value(tensor: try Making.eye(call.int(0), call.optionalInt(1), call.dtype(2)))
    }

    static let arange = Builtin(
        "arange", "numbers at equal distances, the end not among them",
        [
            .init("start", "number", .required, .positional, "the first; the end, where it is the only one"),
            .init("stop", "number", .absent, .positional, "where it ends, not included"),
            .init("step", "number", .number(1), .positional, "the distance; not 0"),
        ],
        shapes: "-> [⌈(stop - start) / step⌉]", example: "arange(0, 1, 0.25)  # [0, 0.25, 0.5, 0.75]"
    ) { call throws(Failure) in
        let first = try call.number(0)
        guard let stop = try call.optionalNumber(1) else {
            return Value(tensor: try Making.arange(0, first, call.number(2)))
        }
        return Value(tensor: try Making.arange(first, stop, call.number(2)))
    }

    static let linspace = Builtin(
        "linspace", "so many numbers at equal distances, both ends among them",
        [
            .init("start", "number", .required, .positional, "the first"),
            .init("stop", "number", .required, .positional, "the last"),
            .init("n", "integer", .number(50), .positional, "how many"),
        ],
        shapes: "-> [n]", example: "linspace(0, 1, 5)  # [0, 0.25, 0.5, 0.75, 1]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let tape = tracing.tape, count = try call.int(2)
            guard count >= 0 else { throw call.refused(2, "must be 0 or more") }
            // start + t (stop - start), t from 0 to 1.
            let t = try tape.leaf(Making.linspace(0, 1, count))
            let start = try call.variable(0, tracing)
            return try tape.apply(
                .add, start, tape.apply(.multiply, t, tape.apply(.subtract, call.variable(1, tracing), start)))
        }
    ) { call throws(Failure) in
        let count = try call.int(2)
        guard count >= 0 else { throw call.refused(2, "must be 0 or more") }
        return Value(tensor: try Making.linspace(call.number(0), call.number(1), count))
    }

    static let meshgrid = Builtin(
        "meshgrid", "the coordinates of all points of a grid, for pictures of a plane",
        [
            .init("x", "vector", .required, .positional, "the coordinates along a row"),
            .init("y", "vector", .required, .positional, "the coordinates along a column"),
        ],
        shapes: "[m], [n] -> ([n, m], [n, m])", example: "x, y = meshgrid([1, 2], [3, 4]); y  # [3, 3; 4, 4]",
        tracing: .moves
    ) { call throws(Failure) in
        let (x, y) = try Making.meshgrid(call.tensor(0), call.tensor(1))
        return Value(tuple: [Value(tensor: x), Value(tensor: y)])
    }

    static let astype = Builtin(
        "astype", "the same numbers stored as another type; what it cannot hold is an error",
        [
            .init("x", "tensor", .required, .positional, "the operand"),
            .init("dtype", "string", .required, .positional, "`float64`, `float32`, `uint8` or `bool`"),
        ],
        shapes: "any -> the same", example: "astype([0, 255], \"uint8\")  # [0, 255]",
        tracing: .following { (tracing, call) throws(Failure) in
            let dtype = try call.dtype(1)
            // What is followed is followed in float64.
            if dtype == .float64 || dtype == .float32 { return tracing.value(try call.variable(0, tracing)) }
            let plain = try call[0].untraced()
            defer { plain.release() }
            guard let tensor = plain.tensor else { throw call.unexpected(0, "a tensor") }
            return Value(tensor: try tensor.stored(as: dtype))
        }
    ) { call throws(Failure) in Value(tensor: try call.tensor(0).stored(as: call.dtype(1))) }

    static let tensor = Builtin(
        "tensor", "a tensor of a list (of numbers, or of tensors of one shape), a range or a table of numbers",
        [
            .init("x", "list, range, table, tensor or number", .required, .positional, "what it is made of"),
            .init("dtype", "string", .none, .keyword, "`float64`, `float32`, `uint8` or `bool`; as it comes without one"),
        ],
        example: "tensor(range(3))  # [0, 1, 2]",
        tracing: .onTape { (tracing, call) throws(Failure) in try call.variable(0, tracing) }
    ) { call throws(Failure) in
        let result = try call.tensorOrNumber(0)
        return Value(tensor: call.isAbsent(1) ? result : try result.stored(as: call.dtype(1)))
    }
}
