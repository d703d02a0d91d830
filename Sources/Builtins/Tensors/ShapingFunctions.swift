import Diagnostics
import Language
import Neural
import Tensors

/// The same elements in another arrangement.
enum ShapingFunctions {
    static let builtins: [Builtin] = [
        concat, expand, flip, pad, ravel, `repeat`, reshape, roll, squeeze, stack, tile, transpose,
    ]

    private static let tensor = Builtin.Parameter("x", "tensor", .required, .positional, "the operand")
    private static let parts = Builtin.Parameter(
        "xs", "list of tensors", .required, .variadic, "the tensors, as one list or one after the other")

    static let reshape = Builtin(
        "reshape",
        "the same elements, row by row, under another shape; one length may be -1 and is worked out. Given a shape alone it is a layer that does so with each sample",
        [
            .init("x", "tensor", .required, .positional, "the operand; or the first length of a sample's shape, for a layer"),
            .init("shape", "numbers, or one list or tuple", .absent, .variadic, "the lengths of the axes"),
        ],
        shapes: "[6] -> [2, 3]; as a layer [n, ...] -> [n, shape...]", example: "reshape([1, 2, 3, 4], 2, 2)  # [1, 2; 3, 4]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let x = try call.variable(0, tracing)
            return try tracing.tape.reshape(x, call.shape(for: tracing.tape.shape(x).reduce(1, *)))
        }
    ) { call throws(Failure) in
        if call[0].isNumber {
            return Value(native: LayerObject(try Reshape([call.int(0)] + call.shape())))
        }
        return Value(tensor: try Shaping.reshape(call.tensorOrNumber(0), call.shape()))
    }

    static let ravel = Builtin(
        "ravel", "all the elements, row by row, as a vector", [tensor], shapes: "[n, d] -> [n d]",
        example: "ravel([1, 2; 3, 4])  # [1, 2, 3, 4]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let x = try call.variable(0, tracing)
            return try tracing.tape.reshape(x, [tracing.tape.shape(x).reduce(1, *)])
        }
    ) { call throws(Failure) in Value(tensor: try Shaping.ravel(call.tensorOrNumber(0))) }

    static let transpose = Builtin(
        "transpose", "the axes reversed, or in the order given; `X.T` and `Xᵀ` for short",
        [tensor, .init("axes", "numbers", .absent, .variadic, "the axes in their new order")],
        shapes: "[n, d] -> [d, n]", example: "transpose([1, 2; 3, 4])  # [1, 3; 2, 4]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let x = try call.variable(0, tracing)
            guard !call.rest.isEmpty else { return try tracing.tape.transpose(x) }
            let rank = tracing.tape.shape(x).count
            let order = try call.shape().map { (axis) throws(Failure) in try Axes.resolved(axis, rank: rank) }
            return try tracing.tape.transpose(x, order)
        }
    ) { call throws(Failure) in
        Value(tensor: try Shaping.transpose(call.tensor(0), call.rest.isEmpty ? nil : call.shape()))
    }

    static let squeeze = Builtin(
        "squeeze", "without the axes of length 1",
        [tensor, .init("axis", "number or none", .none, .keyword, "only this one")],
        shapes: "[n, 1] -> [n]", example: "squeeze([1; 2])  # [1, 2]", tracing: .moves
    ) { call throws(Failure) in
        Value(reduced: try Shaping.squeeze(call.tensor(0), axis: call.optionalInt(1)))
    }

    static let expand = Builtin(
        "expand", "with a new axis of length 1; `x[:, new]` for short",
        [tensor, TensorParameter.axis(-1, "its place in the result")],
        shapes: "[n] -> [n, 1]", example: "expand([1, 2], axis=0)  # [1, 2;]",
        tracing: .moves
    ) { call throws(Failure) in Value(tensor: try Shaping.expand(call.tensorOrNumber(0), axis: call.int(1))) }

    static let flip = Builtin(
        "flip", "in reversed order along an axis, or all", [tensor, TensorParameter.axis], shapes: "any -> the same",
        example: "flip([1, 2, 3])  # [3, 2, 1]", tracing: .moves
    ) { call throws(Failure) in Value(tensor: try Shaping.flip(call.tensor(0), call.reducedAxes(1))) }

    static let roll = Builtin(
        "roll", "moved on by so many places; what leaves at the end comes in at the start",
        [tensor, .init("shift", "integer", .required, .positional, "places; negative backwards"), TensorParameter.oneAxis],
        shapes: "any -> the same", example: "roll([1, 2, 3], 1)  # [3, 1, 2]", tracing: .moves
    ) { call throws(Failure) in
        Value(tensor: try Shaping.roll(call.tensor(0), call.int(1), axis: call.optionalInt(2)))
    }

    static let tile = Builtin(
        "tile", "repeated as a whole, so many times along each axis",
        [tensor, .init("times", "numbers", .required, .variadic, "how often along each axis, the last one last")],
        shapes: "[d], 2, 3 -> [2, 3 d]", example: "tile([1, 2], 2)  # [1, 2, 1, 2]", tracing: .moves
    ) { call throws(Failure) in Value(tensor: try Shaping.tile(call.tensorOrNumber(0), call.shape())) }

    static let `repeat` = Builtin(
        "repeat", "each element repeated so many times",
        [tensor, .init("times", "integer", .required, .positional, "how often"), TensorParameter.oneAxis],
        shapes: "[n], k -> [n k]", example: "repeat([1, 2], 2)  # [1, 1, 2, 2]", tracing: .moves
    ) { call throws(Failure) in
        Value(tensor: try Shaping.repeated(call.tensorOrNumber(0), call.int(1), axis: call.optionalInt(2)))
    }

    static let pad = Builtin(
        "pad", "with more places around it",
        [
            tensor,
            .init(
                "width", "integer or pairs", .required, .positional,
                "places on each side: a number for all, (before, after), or one such pair an axis"),
            .init("value", "number", .number(0), .keyword, "what stands there"),
        ],
        shapes: "[n], 1 -> [n + 2]", example: "pad([1, 2], 1)  # [0, 1, 2, 0]", tracing: .moves
    ) { call throws(Failure) in
        let x = try call.tensor(0)
        return Value(tensor: try Shaping.pad(x, widths(call, rank: x.rank), value: call.number(2)))
    }

    private static func widths(
        _ call: borrowing Call, rank: Int
    ) throws(Failure) -> [(before: Int, after: Int)] {
        let given = try call.tensorOrNumber(1)
        var numbers: [Int] = []
        for number in given.numbers {
            guard let whole = Conversion.integer(number), whole >= 0 else {
                throw call.refused(1, "must be whole numbers, not negative")
            }
            numbers.append(whole)
        }
        if given.rank == 0 { return [(Int, Int)](repeating: (numbers[0], numbers[0]), count: rank) }
        if given.shape == [2] { return [(Int, Int)](repeating: (numbers[0], numbers[1]), count: rank) }
        if given.shape == [rank, 2] { return (0..<rank).map { (numbers[2 * $0], numbers[2 * $0 + 1]) } }
        throw call.refused(1, "must be a number, a pair, or one pair for each of the \(rank) axes")
    }

    static let concat = Builtin(
        "concat", "one after the other along an axis that they have; layers side by side, their outputs joined along the last axis",
        [parts, TensorParameter.axis(0, "the axis that grows; layers have none")],
        formula: "of layers: y = [f_1(x), f_2(x), …], `identity` being the input itself", shapes: "[n, d], [m, d] -> [n + m, d]",
        example: "concat([1, 2], [3])  # [1, 2, 3]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.concatenate(call.restVariables(tracing), axis: call.int(1))
        }
    ) { call throws(Failure) in
        if call.joinsLayers { return Value(native: LayerObject(try Parallel(.concat, call.branches()))) }
        return Value(tensor: try Joining.concatenate(tensors(call), axis: call.int(1)))
    }

    static let stack = Builtin(
        "stack", "beside each other along a new axis",
        [parts, TensorParameter.axis(0, "the place of the new axis")],
        shapes: "[d], [d] -> [2, d]; axis=1: [d, 2]", example: "stack([1, 2], [3, 4], axis=1)  # [1, 3; 2, 4]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.stack(call.restVariables(tracing), axis: call.int(1))
        }
    ) { call throws(Failure) in Value(tensor: try Joining.stack(tensors(call), axis: call.int(1))) }

    /// The tensors to be joined: several, or one list of them (or a tensor, for its rows).
    private static func tensors(_ call: borrowing Call) throws(Failure) -> [Tensor] {
        var result: [Tensor] = []
        if call.rest.count != 1 {
            for index in 0..<call.rest.count { result.append(try call.restTensor(index)) }
            return result
        }
        if let items = call.rest[0].items {
            for item in items {
                guard let part = try Conversions.tensor(item) else {
                    throw Failure(.type, "`\(call.name)` joins tensors, not \(item.inWords)")
                }
                result.append(part)
            }
            return result
        }
        let whole = try call.restTensor(0)
        guard whole.rank > 0 else { return [whole] }
        for index in 0..<whole.shape[0] { result.append(try Indexing.get(whole, [.at(index)])) }
        return result
    }
}
