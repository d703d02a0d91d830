import Tensors
import Testing

/// Every operation against what NumPy 2.4 makes of the same operands (`Golden/make_operations.py`).
@Suite struct GoldenTests {
    typealias Operation = ([Tensor]) throws -> [Tensor]

    @Test func `the file of cases is there`() { #expect(GoldenCase.all.count > 300) }

    @Test(arguments: GoldenCase.all)
    func `an operation gives what NumPy gives`(_ golden: GoldenCase) throws {
        let operation = try #require(GoldenTests.operation(golden.name), "no operation of that name")
        let operands = try golden.operands.map { try Tensor($0.numbers, shape: $0.shape, $0.dtype) }
        let results = try operation(operands)
        #expect(results.count == golden.results.count)
        // NumPy adds float32 in float32, here they are added in double precision.
        let tolerance = operands.contains { $0.dtype == .float32 } ? 2e-6 : 1e-13
        let exact = golden.name.hasPrefix("eigh") || ["solve", "inv", "det", "lstsq"].contains(golden.name) ? 1e-10 : tolerance
        for (result, expected) in zip(results, golden.results) {
            #expect(result.shape == expected.shape)
            for (index, pair) in zip(result.numbers, expected.numbers).enumerated() where !isClose(pair.0, pair.1, exact) {
                Issue.record("element \(index): \(pair.0) instead of \(pair.1)")
            }
        }
    }

    static func operation(_ name: String) -> Operation? {
        if let operation = named[name] { return operation }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts[0].hasPrefix("percentile"), let percent = Double(name.dropFirst(10)) {
            return { [try Ordering.percentile($0[0], percent)] }
        }
        if name.hasPrefix("percentile"), name.hasSuffix(".axis0"), let percent = Double(name.dropFirst(10).dropLast(6)) {
            return { [try Ordering.percentile($0[0], percent, .one(0))] }
        }
        let axes: [String: (Axes, Bool)] = [
            "": (.all, false), "axis0": (.one(0), false), "axis1": (.one(1), false), "keep": (.one(-1), true),
            "axis02": (.some([0, 2]), false),
        ]
        if let reduction = reductions[parts[0]], let (axes, keepdims) = axes[parts.count > 1 ? parts[1] : ""] {
            return { [try reduction($0[0], axes, keepdims)] }
        }
        if let operation = BinaryOperation.allCases.first(where: { "\($0)" == name }) {
            return { [Tensor(adopting: try Elementwise.binary(operation, $0[0].block, $0[1].block, Heap.current))] }
        }
        if let function = UnaryFunction.allCases.first(where: { "\($0)" == name }) {
            return { [try Mathematics.apply(function, $0[0])] }
        }
        return nil
    }

    static let reductions: [String: @Sendable (Tensor, Axes, Bool) throws -> Tensor] = [
        "sum": { try Reduction.sum($0, $1, keepdims: $2) },
        "mean": { try Reduction.mean($0, $1, keepdims: $2) },
        "std": { try Reduction.deviation($0, $1, keepdims: $2) },
        "var": { try Reduction.variance($0, $1, keepdims: $2) },
        "prod": { try Reduction.product($0, $1, keepdims: $2) },
        "max": { try Extremes.max($0, $1, keepdims: $2) },
        "min": { try Extremes.min($0, $1, keepdims: $2) },
        "median": { try Ordering.median($0, $1, keepdims: $2) },
        "any": { try Reduction.any($0, $1, keepdims: $2) },
        "all": { try Reduction.all($0, $1, keepdims: $2) },
    ]

    static let named: [String: @Sendable ([Tensor]) throws -> [Tensor]] = [
        "argmax": { [try Extremes.argmax($0[0], axis: nil)] },
        "argmin": { [try Extremes.argmin($0[0], axis: nil)] },
        "argmax.axis0": { [try Extremes.argmax($0[0], axis: 0)] },
        "argmax.axis1": { [try Extremes.argmax($0[0], axis: 1)] },
        "argmin.axis1": { [try Extremes.argmin($0[0], axis: 1)] },
        "cumsum": { [try Reduction.cumulativeSum($0[0], axis: nil)] },
        "cumsum.axis0": { [try Reduction.cumulativeSum($0[0], axis: 0)] },
        "cumsum.axis1": { [try Reduction.cumulativeSum($0[0], axis: 1)] },
        "norm": { [try Reduction.norm($0[0])] },
        "norm1.axis1": { [try Reduction.norm($0[0], order: 1, .one(1))] },
        "norminf.axis0": { [try Reduction.norm($0[0], order: .infinity, .one(0))] },
        "norm3.axis0": { [try Reduction.norm($0[0], order: 3, .one(0))] },
        "sort": { [try Ordering.sort($0[0])] },
        "sort.axis0": { [try Ordering.sort($0[0], axis: 0)] },
        "argsort": { [try Ordering.argsort($0[0])] },
        "argsort.axis0": { [try Ordering.argsort($0[0], axis: 0)] },
        "unique": {
            let (values, counts) = try Ordering.unique($0[0])
            return [values, counts]
        },
        "matmul": { [try MatrixProduct.product($0[0], $0[1])] },
        "det": { [try Tensor(scalar: LinearAlgebra.determinant($0[0]))] },
        "inv": { [try LinearAlgebra.inverse($0[0])] },
        "solve": { [try LinearAlgebra.solve($0[0], $0[1])] },
        "lstsq": { [try LinearAlgebra.leastSquares($0[0], $0[1])] },
        "svdvalues": { [try LinearAlgebra.svd($0[0]).s] },
        "eigh": { [try LinearAlgebra.eigen($0[0]).values] },
        "cov": { [try Statistics.covariance($0[0])] },
        "corr": { [try Statistics.correlation($0[0])] },
        "outer": { [try Statistics.outer($0[0], $0[1])] },
        "convolve.full": { [try Statistics.convolve($0[0], $0[1], .full)] },
        "convolve.same": { [try Statistics.convolve($0[0], $0[1], .same)] },
        "convolve.valid": { [try Statistics.convolve($0[0], $0[1], .valid)] },
        "transpose": { [try Shaping.transpose($0[0])] },
        "transpose201": { [try Shaping.transpose($0[0], [2, 0, 1])] },
        "flip": { [try Shaping.flip($0[0])] },
        "flip.axis1": { [try Shaping.flip($0[0], .one(1))] },
        "roll2": { [try Shaping.roll($0[0], 2)] },
        "roll-1.axis1": { [try Shaping.roll($0[0], -1, axis: 1)] },
        "pad12": { [try Shaping.pad($0[0], [(1, 2), (0, 1)])] },
        "tile23": { [try Shaping.tile($0[0], [2, 3])] },
        "repeat2.axis0": { [try Shaping.repeated($0[0], 2, axis: 0)] },
        "repeat3": { [try Shaping.repeated($0[0], 3)] },
        "concat.axis1": { [try Joining.concatenate($0, axis: 1)] },
        "stack.axis1": { [try Joining.stack($0, axis: 1)] },
        "clip": { [try Selection.clip($0[0], -0.5, 0.5)] },
        "choose": { [try Selection.choose($0[0], $0[1], $0[2])] },
        "places": { try Selection.places($0[0]) },
        "linspace": { _ in [try Making.linspace(-1, 2, 7)] },
        "arange": { _ in [try Making.arange(0, 1, 0.1)] },
        "arangedown": { _ in [try Making.arange(5, -3, -2.5)] },
        "eye": { _ in [try Making.eye(2, 3)] },
        "meshgrid": {
            let (x, y) = try Making.meshgrid($0[0], $0[1])
            return [x, y]
        },
    ]
}
