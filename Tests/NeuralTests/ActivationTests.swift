import Autodiff
import Diagnostics
import Neural
import Tensors
import Testing

/// Values and derivatives of every activation: against PyTorch 2.15 where it has them, else against NumPy, and against
/// central differences and the tape everywhere.
@Suite struct ActivationTests {
    static let points = [-4, -2.5, -1, -0.3, 0.2, 0.7, 1.5, 3.5]

    struct Reference: CustomStringConvertible, Sendable {
        let name: String
        let values: [Double]
        let slopes: [Double]
        var description: String { name }
    }

    @Test(arguments: references)
    func valuesAndDerivativesAreThoseOfTheReference(_ reference: Reference) throws {
        let record = try #require(Activation.named(reference.name))
        let activation = reference.name == "soft_exponential" ? try record.activation(0.3) : try record.activation()
        let z = try Tensor(ActivationTests.points)
        for (found, expected) in zip(try activation.value(of: z).numbers, reference.values) {
            #expect(abs(found - expected) < 1e-13, "\(found) \(expected)")
        }
        for (found, expected) in zip(try activation.derivative(at: z).numbers, reference.slopes) {
            // PyTorch's hard sigmoid multiplies by a sixth that is rounded to float32.
            let tolerance = reference.name == "hard_sigmoid" ? 1e-8 : 1e-13
            #expect(abs(found - expected) < tolerance, "\(found) \(expected)")
        }
    }

    /// All of them, and some with other parameters.
    static let all: [Activation] = Activation.catalogue.compactMap { try? $0.activation() } + [
        try? ActivationRecord.sigmoid.activation(2), try? ActivationRecord.tanh.activation(0.5),
        try? ActivationRecord.leakyReLU.activation(0.3), try? ActivationRecord.elu.activation(0.7),
        try? ActivationRecord.softExponential.activation(0.5), try? ActivationRecord.softExponential.activation(-0.1),
        try? ActivationRecord.swish.activation(2), try? ActivationRecord.rrelu.activation(0.1, 0.2),
        try? ActivationRecord.relu.activation(atZero: 0.5), try? ActivationRecord.selu.activation(atZero: 1),
    ].compactMap { $0 }

    @Test(arguments: all.filter { !$0.isSoftmax }.map(\.text))
    func derivativesAreTheLimitsOfDifferences(_ text: String) throws {
        let activation = try #require(ActivationTests.all.first { $0.text == text })
        let step = 1e-5
        let z = try Tensor(ActivationTests.points.map { $0 + 0.01 } + [1e-3, -0.02, 0.49, 0.51])
        func moved(_ distance: Double) throws -> [Double] {
            try activation.value(of: Tensor(z.numbers.map { $0 + distance })).numbers
        }
        let differences = zip(try moved(step), try moved(-step)).map { ($0 - $1) / (2 * step) }
        for (found, expected) in zip(try activation.derivative(at: z).numbers, differences) {
            #expect(abs(found - expected) < 1e-8, "\(text)")
        }
    }

    @Test(arguments: all.map(\.text))
    func theTapeAgrees(_ text: String) throws {
        let activation = try #require(ActivationTests.all.first { $0.text == text })
        let points = ActivationTests.points + [0, 30, -30, 1e-3, 1]
        let z = try Tensor(points, shape: [1, points.count])
        let tape = Tape()
        let leaf = try tape.leaf(z)
        let y = try #require(try activation.traced(leaf, on: tape), "\(text) has no form on the tape")
        let expected = try activation.value(of: z).numbers
        for (found, expected) in zip(try tape.value(y).numbers, expected) {
            #expect((found.isNaN && expected.isNaN) || abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(text)")
        }
        // Weights that differ, so that softmax has a gradient.
        let weights = points.indices.map { Double($0) + 1 }
        let total = try tape.sum(tape.apply(.multiply, y, tape.leaf(Tensor(weights, shape: [1, points.count]))))
        let found = try tape.value(tape.gradient(of: total, withRespectTo: [leaf])[0]).numbers
        let back = try activation.pulledBack(Tensor(weights, shape: [1, points.count]), through: z).numbers
        for (index, (found, expected)) in zip(found, back).enumerated() {
            #expect(
                expected.isNaN || abs(found - expected) <= 1e-11 * max(1, abs(expected)),
                "\(text) at \(points[index]): \(found) \(expected)")
        }
    }

    @Test(arguments: ["relu", "leaky_relu", "elu", "selu", "prelu"], [0, 0.5, 1, -3])
    func theDerivativeAtTheKinkIsTheOneAskedFor(_ name: String, _ slope: Double) throws {
        let activation = try #require(Activation.named(name)).activation(atZero: slope)
        #expect(try activation.derivative(at: Tensor([0, -0.0])).numbers == [slope, slope])
        #expect(try activation.value(of: Tensor([0.0])).numbers == [0])
        let tape = Tape()
        let z = try tape.leaf(0), y = try #require(try activation.traced(z, on: tape))
        #expect(abs(tape.number(try tape.gradient(of: y, withRespectTo: [z])[0]) - slope) < 1e-15)
    }

    @Test func theDerivativeAtTheKinkIsTheStatedOne() throws {
        let zero = try Tensor([0.0])
        #expect(try Activation.relu.derivative(at: zero).numbers == [0])
        #expect(try Activation.leakyReLU.derivative(at: zero).numbers == [0.1])
        #expect(try Activation.elu.derivative(at: zero).numbers == [1])
        #expect(try abs(Activation.selu.derivative(at: zero).numbers[0] - 1.0507009873554805 * 1.6732632423543772) < 1e-15)
        #expect(try Activation.softsign.derivative(at: Tensor([1.0])).numbers == [0.25])
        #expect(try Activation.hardTanh.derivative(at: Tensor([-1.0, 1])).numbers == [0, 0])
        #expect(try Activation.relu6.derivative(at: Tensor([0.0, 6])).numbers == [0, 0])
        #expect(try ActivationRecord.relu.activation(atZero: 0).text == "relu")
    }

    @Test(arguments: all.map(\.text), [DType.float32, .float64])
    func whatIsNoNumberStaysSo(_ text: String, _ dtype: DType) throws {
        let activation = try #require(ActivationTests.all.first { $0.text == text })
        // More than a vector of them, so that every loop is taken.
        let numbers = [0.5] + Array(repeating: Double.nan, count: 20)
        let z = try Tensor(numbers, shape: [activation.isSoftmax ? 1 : 21, activation.isSoftmax ? 21 : 1], dtype)
        #expect(try activation.value(of: z).numbers.dropFirst().allSatisfy(\.isNaN))
        guard activation.name != "identity" else { return }
        let slopes = try activation.derivative(at: z).numbers.dropFirst()
        #expect(slopes.allSatisfy(\.isNaN) || activation.text == "soft_exponential")
    }

    @Test func sincIsSmoothWhereItWouldDivideByNothing() throws {
        let z = try Tensor([0, 1e-8, 1e-3, 0.4999, 0.5001])
        // mpmath.diff(lambda x: mpmath.sin(x) / x, x) with 30 digits
        let expected = [0, -3.3333333333333333e-9, -3.3333330000000120e-4, -0.1625061598553675426, -0.16256790044623955366]
        for (found, expected) in zip(try Activation.sinc.derivative(at: z).numbers, expected) {
            #expect(abs(found - expected) <= 2e-14 * max(abs(expected), 1e-9), "\(found) \(expected)")
        }
    }

    @Test func aRandomSlopeIsDrawnInTrainingAndIsTheMeanInUse() throws {
        let rrelu = try ActivationRecord.rrelu.activation(0.1, 0.3)
        #expect(try rrelu.value(of: Tensor([-1, 2])).numbers == [-0.2, 2])
        func drawn(_ key: UInt64, first: Int, count: Int) -> [Double] {
            let kernels = Kernels(.float64)
            var z = [Double](repeating: -1, count: count), slopes = z
            z.withUnsafeMutableBytes { z in
                slopes.withUnsafeMutableBytes { slopes in
                    guard let z = z.baseAddress, let slopes = slopes.baseAddress else { return }
                    kernels.activate(
                        rrelu.loop, rows: 1, columns: count, stride: count, bias: nil, z, slopes: slopes, isTraining: true, key: key,
                        first: first)
                }
            }
            #expect(zip(z, slopes).allSatisfy { $0 == -$1 })
            return slopes
        }
        let slopes = drawn(7, first: 0, count: 4000)
        #expect(slopes.allSatisfy { $0 >= 0.1 && $0 <= 0.3 })
        #expect(abs(slopes.reduce(0, +) / 4000 - 0.2) < 0.004)
        // What an element draws follows from its number and the key alone.
        #expect(drawn(7, first: 1500, count: 100) == Array(slopes[1500..<1600]))
        #expect(drawn(8, first: 0, count: 100) != Array(slopes[0..<100]))
        // Keys grow by this from batch to batch.
        #expect(drawn(7 &+ 0x9e37_79b9_7f4a_7c15, first: 0, count: 100) != Array(slopes[1..<101]))
    }

    @Test func parametersOutOfRangeAreRefused() {
        #expect(message { _ = try ActivationRecord.rrelu.activation(0.5, 0.1) } == "lower of rrelu must not be above upper, 0.5 is above 0.1")
        #expect(message { _ = try ActivationRecord.sigmoid.activation(0) } == "c of sigmoid must be above 0, not 0")
        #expect(message { _ = try ActivationRecord.tanh.activation(atZero: 1) } == "tanh has no kink at 0 | its derivative is c (1 - f^2)")
        #expect(message { _ = try ActivationRecord.relu.activation(atZero: .nan) } == "at_zero of relu must be a finite number, not nan")
        #expect(message { _ = try ActivationRecord.softExponential.activation(.infinity) } == "a of soft_exponential must be a finite number, not inf")
    }
}
