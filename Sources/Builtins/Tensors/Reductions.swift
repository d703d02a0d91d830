import Autodiff
import Diagnostics
import Language
import Tensors

/// Many elements made one, over all axes or some.
enum Reductions {
    static let builtins: [Builtin] = [
        all, any, cumsum, mean, median, norm, percentile, prod, std, sum, `var`,
    ]

    static let all = record(
        "all", "true where every element is true (or not 0)", example: "all([1, 2] > 0)  # true", tracing: .constant
    ) { x, axes, keepdims throws(Failure) in try Reduction.all(x, axes, keepdims: keepdims) }

    static let any = record(
        "any", "true where some element is true (or not 0)", example: "any([1, 2] > 1)  # true", tracing: .constant
    ) { x, axes, keepdims throws(Failure) in try Reduction.any(x, axes, keepdims: keepdims) }

    static let mean = record(
        "mean", "the mean; of nothing it is an error", formula: "Σx / n", example: "mean([1, 2; 3, 4], axis=0)  # [2, 3]",
        whole: { a throws(Failure) in try Reduction.mean(a) }, isMean: true,
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.mean(x, axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Reduction.mean(x, axes, keepdims: keepdims) }

    static let median = record(
        "median", "the middle element in order, or the mean of the two in the middle", example: "median([3, 1, 2])  # 2",
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.median(x, axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Ordering.median(x, axes, keepdims: keepdims) }

    static let prod = record(
        "prod", "the product", formula: "Πx", example: "prod([2, 3, 4])  # 24",
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.product(x, over: axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Reduction.product(x, axes, keepdims: keepdims) }

    static let std = record(
        "std", "the standard deviation, dividing by n", formula: "√(Σ(x - mean)² / n)", example: "std([1, 3])  # 1",
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.deviation(x, axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Reduction.deviation(x, axes, keepdims: keepdims) }

    static let sum = record(
        "sum", "the sum", formula: "Σx", example: "sum([1, 2; 3, 4], axis=1)  # [3, 7]",
        whole: { a throws(Failure) in Reduction.sum(a) },
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.sum(x, axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Reduction.sum(x, axes, keepdims: keepdims) }

    static let `var` = record(
        "var", "the variance, dividing by n", formula: "Σ(x - mean)² / n", example: "var([1, 3])  # 1",
        tracing: reduced { (tape, x, axes, keepdims) throws(Failure) in try tape.variance(x, axes, keepdims: keepdims) }
    ) { x, axes, keepdims throws(Failure) in try Reduction.variance(x, axes, keepdims: keepdims) }

    static let cumsum = Builtin(
        "cumsum", "running sums along an axis", [TensorParameter.x, TensorParameter.oneAxis],
        formula: "yᵢ = x₀ + … + xᵢ", shapes: "any -> the same; without an axis a vector",
        example: "cumsum([1, 2, 3])  # [1, 3, 6]",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let x = try call.variable(0, tracing), tape = tracing.tape
            if let axis = try call.optionalInt(1) { return try tape.cumulativeSum(x, axis: axis) }
            return try tape.cumulativeSum(tape.reshape(x, [tape.shape(x).reduce(1, *)]), axis: 0)
        }
    ) { call throws(Failure) in
        Value(tensor: try Reduction.cumulativeSum(call.tensor(0), axis: call.optionalInt(1)))
    }

    static let norm = Builtin(
        "norm", "the length of the elements as one vector",
        [
            TensorParameter.x,
            .init("ord", "number > 0", .number(2), .positional, "2 for Euclid's, 1 for the sum, inf for the greatest"),
            TensorParameter.axis, TensorParameter.keepdims,
        ],
        formula: "(Σ|x|^ord)^(1/ord)", shapes: "[n] -> number", example: "norm([3, 4])  # 5",
        tracing: .onTape { (tracing, call) throws(Failure) in
            try tracing.tape.norm(
                call.variable(0, tracing), order: call.number(1), call.axes(2), keepdims: call.bool(3))
        }
    ) { call throws(Failure) in
        Value(
            reduced: try Reduction.norm(
                call.tensorOrNumber(0), order: call.number(1), call.reducedAxes(2), keepdims: call.bool(3)))
    }

    static let percentile = Builtin(
        "percentile", "the value below which q percent of the elements lie, by linear interpolation",
        [
            TensorParameter.x,
            .init("q", "number or numbers", .required, .positional, "percent, from 0 to 100; several give a new first axis"),
            TensorParameter.axis, TensorParameter.keepdims,
        ],
        shapes: "[n] -> number", example: "percentile([1, 2, 3, 4, 5], 25)  # 2",
        tracing: .onTape { (tracing, call) throws(Failure) in
            let x = try call.variable(0, tracing), axes = try call.axes(2), keepdims = try call.bool(3)
            if call[1].isNumber { return try tracing.tape.percentile(x, call.number(1), axes, keepdims: keepdims) }
            let parts = try call.numbers(1).map { (percent) throws(Failure) in
                try tracing.tape.percentile(x, percent, axes, keepdims: keepdims)
            }
            return try tracing.tape.stack(parts)
        }
    ) { call throws(Failure) in
        let x = try call.tensorOrNumber(0), axes = try call.reducedAxes(2), keepdims = try call.bool(3)
        if call[1].isNumber {
            return Value(reduced: try Ordering.percentile(x, call.number(1), axes, keepdims: keepdims))
        }
        var parts: [Tensor] = []
        for percent in try call.numbers(1) {
            parts.append(try Ordering.percentile(x, percent, axes, keepdims: keepdims))
        }
        return Value(tensor: try Joining.stack(parts))
    }

    /// What a reduction writes on the tape.
    private static func reduced(
        _ body: @escaping @Sendable (Tape, Variable, [Int]?, Bool) throws(Failure) -> Variable
    ) -> Builtin.Tracing {
        .onTape { (tracing, call) throws(Failure) in
            try body(tracing.tape, call.variable(0, tracing), call.axes(1), call.bool(2))
        }
    }

    private static func record(
        _ name: String, _ summary: String, formula: String = "", example: String,
        whole: (@Sendable (TensorBlock) throws(Failure) -> Double)? = nil, isMean: Bool = false, tracing: Builtin.Tracing,
        _ body: @escaping @Sendable (Tensor, Axes, Bool) throws(Failure) -> Tensor
    ) -> Builtin {
        Builtin(
            name, summary, [TensorParameter.x, TensorParameter.axis, TensorParameter.keepdims], formula: formula,
            shapes: "[n, d] -> number; axis=0: [d]; axis=1: [n]; with keepdims [1, d], [n, 1]", example: example,
            tracing: tracing
        ) { call throws(Failure) in
            // The commonest form, in every loop over epochs, without a detour.
            if let whole, call[0].isObject(.tensor), call[2].isBool {
                let block = TensorBlock(call[0].object)
                if call.isAbsent(1), !call[2].isTrue { return Value(canonical: try whole(block)) }
                if let axis = call[1].int, block.dtype == .float64, block.rank > 1 {
                    return Value(
                        adopting: try Reduction.along(
                            block, axis: axis, keepdims: call[2].isTrue, mean: isMean, Heap.current))
                }
            }
            return Value(reduced: try body(call.tensorOrNumber(0), call.reducedAxes(1), call.bool(2)))
        }
    }
}
