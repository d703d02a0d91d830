import Diagnostics
import Language
import Tensors

/// Functions of one number, of each element of a tensor.
enum ElementFunctions {
    static let builtins: [Builtin] = [
        abs, acos, asin, atan, ceil, cos, cosh, erf, exp, expm1, floor, log, log10, log1p, log2, round, sign, sin, sinh, sqrt,
        tan,
    ]

    static let abs = record("abs", .abs, "the magnitude", "|x|", "abs([-2, 3])  # [2, 3]")
    static let acos = record("acos", .acos, "the angle with that cosine, in radians", "cos⁻¹ x", "acos(1)  # 0")
    static let asin = record("asin", .asin, "the angle with that sine, in radians", "sin⁻¹ x", "asin(0)  # 0")
    static let atan = record("atan", .atan, "the angle with that tangent, in radians", "tan⁻¹ x", "atan(0)  # 0")
    static let ceil = record("ceil", .ceil, "the next integer not below", "⌈x⌉", "ceil([1.2, -1.2])  # [2, -1]")
    static let cos = record("cos", .cos, "the cosine of an angle in radians", "cos x", "cos(0)  # 1")
    static let cosh = record("cosh", .cosh, "the hyperbolic cosine", "(eˣ + e⁻ˣ) / 2", "cosh(0)  # 1")
    static let erf = record(
        "erf", .erf, "the error function: the probability that a normal number of variance 1/2 lies between -x and x, for x > 0",
        "2 / √π ∫₀ˣ exp(-t²) dt", "erf(0)  # 0")
    static let exp = record("exp", .exp, "the exponential function", "eˣ", "exp(0)  # 1")
    static let expm1 = record(
        "expm1", .expm1, "eˣ - 1 without loss of digits near 0", "eˣ - 1", "expm1(0)  # 0")
    static let floor = record("floor", .floor, "the next integer not above", "⌊x⌋", "floor([1.2, -1.2])  # [1, -2]")
    static let log = record(
        "log", .log, "the natural logarithm; -inf of 0, nan of negative numbers", "ln x", "log(1)  # 0")
    static let log10 = record("log10", .log10, "the logarithm to base 10", "log₁₀ x", "log10(1000)  # 3")
    static let log1p = record(
        "log1p", .log1p, "ln(1 + x) without loss of digits near 0", "ln(1 + x)", "log1p(0)  # 0")
    static let log2 = record("log2", .log2, "the logarithm to base 2", "log₂ x", "log2(8)  # 3")
    static let sign = record(
        "sign", .sign, "1 from 0 on, -1 below, as on the slide: sign(0) is 1", "1 if x ≥ 0 else -1",
        "sign([-3, 0, 2])  # [-1, 1, 1]")
    static let sin = record("sin", .sin, "the sine of an angle in radians", "sin x", "sin(0)  # 0")
    static let sinh = record("sinh", .sinh, "the hyperbolic sine", "(eˣ - e⁻ˣ) / 2", "sinh(0)  # 0")
    static let sqrt = record("sqrt", .sqrt, "the square root; nan of negative numbers", "√x", "sqrt([4, 9])  # [2, 3]")
    static let tan = record("tan", .tan, "the tangent of an angle in radians", "tan x", "tan(0)  # 0")

    static let round = Builtin(
        "round", "the nearest integer, or so many decimals; halves go to the even one",
        [
            TensorParameter.x,
            .init("decimals", "integer", .number(0), .positional, "how many decimals are kept; negative for tens"),
        ],
        shapes: "any -> the same", example: "round(2.675, 1)  # 2.7",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let decimals = try call.int(1), tape = tracing.tape
            guard decimals >= -300, decimals <= 300 else { throw call.refused(1, "must be between -300 and 300") }
            let scale = try tape.leaf(BinaryOperation.power(10, Double(decimals)))
            let rounded = try tape.apply(.round, tape.apply(.multiply, call.variable(0, tracing), scale))
            return try tape.apply(.divide, rounded, scale)
        }
    ) { call throws(Failure) in
        let decimals = try call.int(1)
        guard decimals >= -300, decimals <= 300 else { throw call.refused(1, "must be between -300 and 300") }
        if decimals == 0 { return try apply(.round, call) }
        let x = try call.tensorOrNumber(0)
        let heap = Heap.current
        let scale = BinaryOperation.power(10, Double(Swift.abs(decimals)))
        let scaled = try Tensor(
            adopting: Elementwise.binary(decimals > 0 ? .multiply : .divide, x.block, scale, heap))
        let rounded = try Mathematics.apply(.round, scaled)
        return Value(
            reduced: try Tensor(
                adopting: Elementwise.binary(decimals > 0 ? .divide : .multiply, rounded.block, scale, heap)))
    }

    private static func record(
        _ name: String, _ function: UnaryFunction, _ summary: String, _ formula: String, _ example: String
    ) -> Builtin {
        Builtin(
            name, summary, [TensorParameter.x], formula: formula, shapes: "any -> the same", example: example,
            tracing: .onTape { (tracing, call) throws(Failure) in
                try tracing.tape.apply(function, call.variable(0, tracing))
            }
        ) { call throws(Failure) in try apply(function, call) }
    }

    /// The function of the first argument.
    static func apply(_ function: UnaryFunction, _ call: borrowing Call) throws(Failure) -> Value {
        let value = call[0]
        if value.isNumber { return Value(function(value.number)) }
        if value.isObject(.tensor), TensorBlock(value.object).rank > 0 {
            return Value(adopting: try Mathematics.apply(function, TensorBlock(value.object), Heap.current))
        }
        return Value(reduced: try Mathematics.apply(function, call.tensorOrNumber(0)))
    }
}
