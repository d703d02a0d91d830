import Autodiff
import Diagnostics
import Tensors
import Testing

typealias Program = @Sendable (Tape, [Variable]) throws(Failure) -> Variable

/// A computation and what it is tried on.
struct GradientCase: CustomStringConvertible, Sendable {
    var name: String
    var shapes: [[Int]]
    /// The operands are drawn from low ..< high.
    var low: Double
    var high: Double
    /// Whether its gradient's gradient is tried too.
    var twice: Bool
    var program: Program

    init(
        _ name: String, _ shapes: [[Int]], _ low: Double = -2, _ high: Double = 2, twice: Bool = true,
        _ program: @escaping Program
    ) {
        self.name = name
        self.shapes = shapes
        self.low = low
        self.high = high
        self.twice = twice
        self.program = program
    }

    var description: String { "\(name) of \(shapes.map { Tensor.text(of: $0) }.joined(separator: ", "))" }
}

/// Every primitive against central differences.
@Suite struct GradientTests {
    static let binary: [GradientCase] = {
        let operations: [(Operation, Double, Double)] = [
            (.add, -2, 2), (.subtract, -2, 2), (.multiply, -2, 2), (.divide, 0.5, 2), (.power, 0.5, 2), (.maximum, -2, 2),
            (.minimum, -2, 2), (.modulo, 0.7, 0.9), (.floorDivide, 1.1, 1.9),
        ]
        let shapes: [[[Int]]] = [[[3], [3]], [[], []], [[0], [0]], [[0, 3], [3]], [[2, 3], []], [[2, 3], [3]], [[2, 3], [2, 1]], [[], [2, 2]], [[2, 1, 2], [1, 3, 2]], [[20], [20]]]
        return operations.flatMap { operation, low, high in
            shapes.map { shapes in
                GradientCase("\(operation)", shapes, low, high) { t, x throws(Failure) in try t.apply(operation, x[0], x[1]) }
            }
        }
    }()

    static let elementary: [GradientCase] = UnaryFunction.allCases.map { function in
        let (low, high): (Double, Double) =
            switch function {
            case .log, .log2, .log10, .sqrt, .log1p: (0.3, 2)
            case .asin, .acos: (-0.9, 0.9)
            case .tan: (-1, 1)
            // Away from their steps and corners.
            case .sign, .floor, .ceil, .round, .abs: (0.1, 0.4)
            default: (-2, 2)
            }
        return GradientCase("\(function)", [[2, 3]], low, high) { t, x throws(Failure) in try t.apply(function, x[0]) }
    }

    static let all = binary + elementary + GradientCases.sums + GradientCases.shapes + GradientCases.products + GradientCases.choices

    @Test(arguments: all)
    func `the gradient is what central differences give`(_ test: GradientCase) throws {
        try check(test.shapes, test.low, test.high, test.program)
    }

    /// The gradient of a weighted sum of the gradient: the derivative rules are themselves differentiable.
    @Test(arguments: all.filter { $0.twice })
    func `the gradient of the gradient is what central differences give`(_ test: GradientCase) throws {
        try check(test.shapes, test.low, test.high, tolerance: 1e-5) { t, x throws(Failure) in
            let y = try GradientTests.weighted(t, test.program(t, x))
            var total = try t.leaf(0)
            for gradient in try t.gradient(of: y, withRespectTo: x) {
                total = try t.apply(.add, total, GradientTests.weighted(t, gradient))
            }
            return total
        }
    }

    /// The recorded steps, forward and backward, carried out again on other numbers, are those recorded on them, bit for bit.
    @Test(arguments: all)
    func `a replay gives what recording anew gives`(_ test: GradientCase) throws {
        var generator = Generator(seed: 3)
        func draw() throws -> [Tensor] { try test.shapes.map { try Drawing.uniform(test.low, test.high, $0, &generator) } }
        func record(_ tape: Tape, _ inputs: [Tensor]) throws -> (leaves: [Variable], results: [Variable]) {
            let leaves = try inputs.map { try tape.leaf($0) }
            let root = try GradientTests.weighted(tape, test.program(tape, leaves))
            return (leaves, [root] + (try tape.gradient(of: root, withRespectTo: leaves)))
        }
        let tape = Tape()
        let (leaves, results) = try record(tape, draw())
        let recording = tape.recording(from: leaves, to: results)
        for _ in 0..<2 {
            let inputs = try draw()
            for (leaf, input) in zip(leaves, inputs) { try tape.set(leaf, to: input) }
            try recording.replay()
            let other = Tape()
            let (_, expected) = try record(other, inputs)
            for (mine, theirs) in zip(results, expected) {
                #expect(Array(tape.numbers(of: mine)) == Array(other.numbers(of: theirs)))
            }
        }
    }

    /// Σ w y with weights that differ from each other, so that no two errors cancel.
    static func weighted(_ tape: Tape, _ y: Variable) throws(Failure) -> Variable {
        let shape = tape.shape(y)
        let weights = (0..<shape.reduce(1, *)).map { 1 + 0.3 * Double(($0 * 7) % 5) }
        return try tape.sum(tape.apply(.multiply, y, tape.leaf(Tensor(weights, shape: shape))))
    }

    private func check(
        _ shapes: [[Int]], _ low: Double, _ high: Double, tolerance: Double = 1e-6, _ program: Program
    ) throws {
        var generator = Generator(seed: 12)
        let inputs = try shapes.map { try Drawing.uniform(low, high, $0, &generator) }
        func value(_ inputs: [Tensor]) throws -> Double {
            let tape = Tape()
            return tape.number(try GradientTests.weighted(tape, program(tape, inputs.map { try tape.leaf($0) })))
        }
        let tape = Tape()
        let leaves = try inputs.map { try tape.leaf($0) }
        let root = try GradientTests.weighted(tape, program(tape, leaves))
        let gradients = try tape.gradient(of: root, withRespectTo: leaves)
        let step = 1e-5
        for (index, input) in inputs.enumerated() {
            let gradient = try tape.value(gradients[index])
            #expect(gradient.shape == input.shape)
            for element in 0..<input.count {
                var ends: [Double] = []
                for sign in [1.0, -1.0] {
                    let moved = try input.copy()
                    moved.block.float64[element] += sign * step
                    var all = inputs
                    all[index] = moved
                    ends.append(try value(all))
                }
                let slope = (ends[0] - ends[1]) / (2 * step)
                let found = gradient.numbers[element]
                if abs(found - slope) > tolerance * max(1, abs(slope)) {
                    Issue.record("operand \(index), element \(element): \(found), differences say \(slope)")
                }
            }
        }
    }
}
