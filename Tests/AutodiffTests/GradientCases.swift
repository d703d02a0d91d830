import Autodiff
import Diagnostics
import Tensors

/// Every operation of the tape besides those element by element, with the shapes it is tried on.
enum GradientCases {
    static let sums: [GradientCase] = [
        GradientCase("sum", [[2, 3]]) { t, x throws(Failure) in try t.sum(x[0]) },
        GradientCase("sum axis 0", [[2, 3]]) { t, x throws(Failure) in try t.sum(x[0], [0]) },
        GradientCase("sum axes 0, 2", [[2, 3, 2]]) { t, x throws(Failure) in try t.sum(x[0], [0, -1], keepdims: true) },
        GradientCase("mean axis 1", [[2, 3]]) { t, x throws(Failure) in try t.mean(x[0], [1]) },
        GradientCase("cumulative sum", [[2, 3, 2]]) { t, x throws(Failure) in try t.cumulativeSum(x[0], axis: 1) },
        GradientCase("sum of nothing", [[0]]) { t, x throws(Failure) in try t.sum(x[0]) },
        GradientCase("sum over an empty axis", [[2, 0]]) { t, x throws(Failure) in try t.sum(x[0], [1]) },
        GradientCase("sum of a number", [[]]) { t, x throws(Failure) in try t.sum(x[0]) },
        GradientCase("variance", [[2, 3]]) { t, x throws(Failure) in try t.variance(x[0], [-1]) },
        GradientCase("deviation", [[4]]) { t, x throws(Failure) in try t.deviation(x[0]) },
        GradientCase("norm", [[2, 3]]) { t, x throws(Failure) in try t.norm(x[0], [0]) },
        GradientCase("norm of order 1", [[5]]) { t, x throws(Failure) in try t.norm(x[0], order: 1) },
        GradientCase("norm of order 3", [[5]]) { t, x throws(Failure) in try t.norm(x[0], order: 3) },
        GradientCase("norm of order inf", [[2, 3]]) { t, x throws(Failure) in try t.norm(x[0], order: .infinity, [1]) },
        GradientCase("prod", [[5]]) { t, x throws(Failure) in try t.product(x[0], over: nil) },
        GradientCase("prod axis 0", [[3, 2]]) { t, x throws(Failure) in try t.product(x[0], over: [0], keepdims: true) },
        GradientCase("prod of nothing", [[2, 0]]) { t, x throws(Failure) in try t.product(x[0], over: [1]) },
        GradientCase("running products", [[2, 5]]) { t, x throws(Failure) in try t.cumulativeProduct(x[0], axis: -1) },
        GradientCase("softmax", [[2, 4]]) { t, x throws(Failure) in try t.softmax(x[0]) },
        GradientCase("softmax axis 0", [[3, 2]]) { t, x throws(Failure) in try t.softmax(x[0], axis: 0) },
        GradientCase("log softmax", [[2, 4]]) { t, x throws(Failure) in try t.logSoftmax(x[0], axis: 1) },
        GradientCase("log softmax axis -2", [[3, 2]]) { t, x throws(Failure) in try t.logSoftmax(x[0], axis: -2) },
        GradientCase("logsumexp", [[5]]) { t, x throws(Failure) in try t.logSumExp(x[0]) },
    ]

    static let shapes: [GradientCase] = [
        GradientCase("expand", [[2, 1]]) { t, x throws(Failure) in try t.expand(x[0], to: [2, 4]) },
        GradientCase("expand in front", [[3]]) { t, x throws(Failure) in try t.expand(x[0], to: [2, 3]) },
        GradientCase("reshape", [[2, 3]]) { t, x throws(Failure) in try t.reshape(x[0], [3, 2]) },
        GradientCase("transpose", [[2, 3, 4]]) { t, x throws(Failure) in try t.transpose(x[0], [2, 0, 1]) },
        GradientCase("index", [[4, 3]]) { t, x throws(Failure) in
            try t.index(x[0], [.gather(Tensor([1, 3, 1])), .slice(step: 2)])
        },
        GradientCase("assign", [[4], [2]]) { t, x throws(Failure) in
            try t.assign(x[0], [.slice(start: 1, stop: 3)], x[1])
        },
        GradientCase("concatenate", [[2, 1], [2, 3]]) { t, x throws(Failure) in try t.concatenate([x[0], x[1]], axis: 1) },
        GradientCase("assign what is stretched", [[3, 2], []]) { t, x throws(Failure) in
            try t.assign(x[0], [.all, .at(1)], x[1])
        },
        GradientCase("assign a row twice", [[3, 2], [2]], twice: false) { t, x throws(Failure) in
            try t.assign(t.assign(x[0], [.at(0)], x[1]), [.at(-1)], x[1])
        },
        GradientCase("concatenate five", [[2], [0], [1], [3], [1]]) { t, x throws(Failure) in try t.concatenate(x) },
        GradientCase("stack", [[2, 3], [2, 3], [2, 3]]) { t, x throws(Failure) in try t.stack(x, axis: -1) },
        GradientCase("flip", [[2, 3]]) { t, x throws(Failure) in
            try t.rearranged(x[0]) { x throws(Failure) in try Shaping.flip(x) }
        },
        GradientCase("tile", [[2]]) { t, x throws(Failure) in
            try t.rearranged(x[0]) { x throws(Failure) in try Shaping.tile(x, [2, 3]) }
        },
        GradientCase("pad", [[2, 2]]) { t, x throws(Failure) in
            try t.padded(x[0], [(before: 1, after: 0), (before: 0, after: 2)], value: 3)
        },
    ]

    static let products: [GradientCase] = [
        GradientCase("vector · vector", [[3], [3]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("matrix · vector", [[2, 3], [3]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("vector · matrix", [[3], [3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("matrix · matrix", [[4, 3], [3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("large matrices", [[9, 12], [12, 11]], twice: false) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("stack · matrix", [[2, 4, 3], [3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("stack · stack", [[2, 2, 3], [2, 3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("matrix · stack", [[2, 3], [2, 3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("number · matrix", [[], [2, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("softmax of a layer", [[4, 3], [3, 2], [2]]) { t, x throws(Failure) in
            let z = try t.apply(.add, t.product(x[0], x[1]), x[2])
            let e = try t.apply(.exp, t.apply(.subtract, z, t.greatest(z, [1], keepdims: true)))
            return try t.apply(.divide, e, t.sum(e, [1], keepdims: true))
        },
        GradientCase("one value used three times", [[3]]) { t, x throws(Failure) in
            try t.apply(.multiply, x[0], t.apply(.multiply, x[0], t.apply(.sin, x[0])))
        },
        GradientCase("tall matrices", [[70, 3], [3, 40]], twice: false) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("nothing · matrix", [[0, 3], [3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("outer", [[3], [2]]) { t, x throws(Failure) in try t.outer(x[0], x[1]) },
        GradientCase("trace", [[3, 2]]) { t, x throws(Failure) in try t.trace(x[0]) },
        GradientCase("inverse", [[3, 3]], 0.5, 1) { t, x throws(Failure) in try t.inverse(t.apply(.add, x[0], t.leaf(Making.eye(3)))) },
        GradientCase("determinant", [[3, 3]], 0.5, 1) { t, x throws(Failure) in
            try t.determinant(t.apply(.add, x[0], t.leaf(Making.eye(3))))
        },
        GradientCase("solve for a vector", [[3, 3], [3]], 0.5, 1) { t, x throws(Failure) in
            try t.solve(t.apply(.add, x[0], t.leaf(Making.eye(3))), x[1])
        },
        GradientCase("solve for a matrix", [[2, 2], [2, 3]], 0.5, 1) { t, x throws(Failure) in
            try t.solve(t.apply(.add, x[0], t.leaf(Making.eye(2))), x[1])
        },
        GradientCase("convolve", [[5], [3]]) { t, x throws(Failure) in try t.convolve(x[0], x[1], .full) },
        GradientCase("convolve, same", [[3], [5]]) { t, x throws(Failure) in try t.convolve(x[0], x[1], .same) },
        GradientCase("convolve matrices, valid", [[4, 3], [2, 2]]) { t, x throws(Failure) in try t.convolve(x[0], x[1], .valid) },
    ]

    static let choices: [GradientCase] = [
        GradientCase("select", [[3], [3]]) { t, x throws(Failure) in
            try t.select(t.leaf(Tensor([1, 0, 1])), x[0], x[1])
        },
        GradientCase("greatest", [[3, 4]]) { t, x throws(Failure) in try t.greatest(x[0]) },
        GradientCase("greatest axis 0", [[3, 2, 2]]) { t, x throws(Failure) in try t.greatest(x[0], [0]) },
        GradientCase("greatest axis 1", [[3, 4]]) { t, x throws(Failure) in try t.greatest(x[0], [1], keepdims: true) },
        GradientCase("choose", [[2, 3], [3], []]) { t, x throws(Failure) in
            try t.choose(t.compare(.greater, x[0], t.leaf(0)), x[1], x[2])
        },
        GradientCase("least", [[2, 3, 2]]) { t, x throws(Failure) in try t.least(x[0], [0, 2]) },
        GradientCase("greatest of a number", [[]]) { t, x throws(Failure) in try t.greatest(x[0]) },
        GradientCase("sort", [[2, 4]]) { t, x throws(Failure) in try t.sort(x[0]) },
        GradientCase("sort axis 0, falling", [[4, 2]]) { t, x throws(Failure) in try t.sort(x[0], axis: 0, descending: true) },
        GradientCase("median", [[4, 3]]) { t, x throws(Failure) in try t.median(x[0], [0]) },
        GradientCase("percentile", [[7]]) { t, x throws(Failure) in try t.percentile(x[0], 30) },
        GradientCase("clip", [[6]]) { t, x throws(Failure) in
            try t.apply(.minimum, t.apply(.maximum, x[0], t.leaf(-1)), t.leaf(1))
        },
    ]
}
