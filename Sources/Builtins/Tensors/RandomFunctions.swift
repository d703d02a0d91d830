import Diagnostics
import Language
import Tensors

/// Random draws: the same cell of the same notebook draws the same numbers each time.
enum RandomFunctions {
    static let builtins: [Builtin] = [
        choice, normal, permutation, rand, randint, randn, shuffle, uniform,
    ]

    static let source = "xoshiro256++: Blackman and Vigna, ACM TOMS 47 (2021), doi:10.1145/3460772"

    static let rand = Builtin(
        "rand", "random numbers, uniform in [0, 1)", [TensorParameter.shape], shapes: "n, d -> [n, d]; none -> number",
        example: "rand(2, 3).shape  # (2, 3)", source: source, tracing: .constant
    ) { call throws(Failure) in
        let shape = try call.shape()
        return Value(reduced: try call.draw { (g) throws(Failure) in try Drawing.uniform(0, 1, shape, &g) })
    }

    static let randn = Builtin(
        "randn", "random numbers, normal with mean 0 and standard deviation 1", [TensorParameter.shape],
        shapes: "n, d -> [n, d]; none -> number", example: "randn(3).shape  # (3,)", source: source, tracing: .constant
    ) { call throws(Failure) in
        let shape = try call.shape()
        return Value(reduced: try call.draw { (g) throws(Failure) in try Drawing.normal(0, 1, shape, &g) })
    }

    static let uniform = Builtin(
        "uniform", "random numbers, uniform in [low, high)",
        [
            .init("low", "number", .number(0), .positional, "the least"),
            .init("high", "number", .number(1), .positional, "the greatest, not reached"), TensorParameter.shape,
        ],
        shapes: "low, high, n, d -> [n, d]", example: "uniform(-1, 1, 4).shape  # (4,)", source: source,
        tracing: .onTape { (tracing, call) throws(Failure) in
            let shape = try call.shape(), tape = tracing.tape
            let drawn = try tape.leaf(call.draw { (g) throws(Failure) in try Drawing.uniform(0, 1, shape, &g) })
            let low = try call.variable(0, tracing)
            return try tape.apply(
                .add, low, tape.apply(.multiply, drawn, tape.apply(.subtract, call.variable(1, tracing), low)))
        }
    ) { call throws(Failure) in
        let low = try call.number(0), high = try call.number(1), shape = try call.shape()
        return Value(reduced: try call.draw { (g) throws(Failure) in try Drawing.uniform(low, high, shape, &g) })
    }

    static let normal = Builtin(
        "normal", "random numbers, normal with that mean and standard deviation",
        [
            .init("mean", "number", .number(0), .positional, "their mean"),
            .init("std", "number >= 0", .number(1), .positional, "their standard deviation"), TensorParameter.shape,
        ],
        shapes: "mean, std, n, d -> [n, d]", example: "normal(0, 2, 4).shape  # (4,)", source: source,
        tracing: .onTape { (tracing, call) throws(Failure) in
            let shape = try call.shape(), tape = tracing.tape
            let drawn = try tape.leaf(call.draw { (g) throws(Failure) in try Drawing.normal(0, 1, shape, &g) })
            return try tape.apply(
                .add, call.variable(0, tracing), tape.apply(.multiply, drawn, call.variable(1, tracing)))
        }
    ) { call throws(Failure) in
        let mean = try call.number(0), deviation = try call.number(1), shape = try call.shape()
        return Value(reduced: try call.draw { (g) throws(Failure) in try Drawing.normal(mean, deviation, shape, &g) })
    }

    static let randint = Builtin(
        "randint", "random integers from low up to but not including high; from 0 where only one bound is given",
        [
            .init("low", "integer", .required, .positional, "the least"),
            .init("high", "integer", .absent, .positional, "the bound, not reached"), TensorParameter.shape,
        ],
        shapes: "low, high, n -> [n]", example: "randint(0, 10, 5).shape  # (5,)", source: source
    ) { call throws(Failure) in
        let first = try call.int(0), second = try call.optionalInt(1), shape = try call.shape()
        return Value(
            reduced: try call.draw { (g) throws(Failure) in
                try Drawing.integers(second == nil ? 0 : first, second ?? first, shape, &g)
            })
    }

    static let permutation = Builtin(
        "permutation", "the integers below n in random order", [.init("n", "integer", .required, .positional, "how many")],
        shapes: "n -> [n]", example: "sort(permutation(3))  # [0, 1, 2]", source: source
    ) { call throws(Failure) in
        if !call[0].isNumber { return try shuffled(call) }
        let count = try call.int(0)
        return Value(tensor: try call.draw { (g) throws(Failure) in try Drawing.permutation(count, &g) })
    }

    static let shuffle = Builtin(
        "shuffle", "the rows of a tensor, or the items of a list, in random order; the original stays",
        [.init("x", "tensor or list", .required, .positional, "what is shuffled")],
        shapes: "any -> the same", example: "sort(shuffle([3, 1, 2]))  # [1, 2, 3]", source: source, tracing: .moves
    ) { call throws(Failure) in try shuffled(call) }

    private static func shuffled(_ call: borrowing Call) throws(Failure) -> Value {
        if let items = call[0].list?.items {
            let order = call.interpreter.generator.permutation(items.count)
            return Value(list: order.map { items[$0].retained })
        }
        let x = try call.tensor(0)
        guard let count = x.shape.first else { throw call.unexpected(0, "a tensor or a list") }
        let order = try call.draw { (g) throws(Failure) in try Drawing.permutation(count, &g) }
        return Value(tensor: try Indexing.get(x, [.gather(order)]))
    }

    static let choice = Builtin(
        "choice", "a random element, or `size` of them; of a number n, of the integers below n",
        [
            .init("x", "tensor, list or integer", .required, .positional, "what is drawn from"),
            .init("size", "integer or none", .none, .positional, "how many; one by itself without it"),
            .init("replace", "bool", .bool(true), .keyword, "whether one can be drawn twice"),
            .init("weights", "numbers", .none, .keyword, "how likely each is, in proportion"),
        ],
        shapes: "[n, d], k -> [k, d]", example: "choice([5, 5])  # 5", source: source, tracing: .moves
    ) { call throws(Failure) in
        let size = try call.optionalInt(1), replace = try call.bool(2)
        let weights = call.isAbsent(3) ? nil : try call.numbers(3)
        let items = call[0].list?.items
        let x = items != nil ? nil : call[0].isNumber ? nil : try call.tensor(0)
        let count: Int
        if let known = items?.count ?? x?.shape.first { count = known } else { count = try call.int(0) }
        let places = try call.draw { (g) throws(Failure) in
            try Drawing.choice(count, size ?? 1, replace: replace, weights: weights, &g)
        }
        if let items {
            return size == nil ? items[places[0]].retained : Value(list: places.map { items[$0].retained })
        }
        if let x {
            if size == nil { return Value(item: try Indexing.get(x.block, places[0], Heap.current)) }
            return Value(tensor: try Indexing.get(x, [.gather(Tensor(places.map(Double.init)))]))
        }
        return size == nil ? Value(places[0]) : Value(tensor: try Tensor(places.map(Double.init)))
    }
}
