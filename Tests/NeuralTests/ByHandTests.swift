import Diagnostics
import Neural
import Tensors
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Back-propagation through f = S(w20 + w21 tanh(w10 + w11 x1 + w12 x2)) with e = ½ (y - f)², as the course derives it.
@Suite struct ByHandTests {
    @Test func oneStepMovesEachWeightByTheDerivativesOfTheCourse() throws {
        var generator = Generator(seed: 0)
        let network = try Network(
            input: Input([2]), [Dense(1, .tanh), Dense(1, .sigmoid)], dtype: .float64, generator: &generator)
        // w10 = 0.1, w11 = 0.2, w12 = -0.3; w20 = -0.4, w21 = 0.5
        try network.setParameters([
            Tensor([0.2, -0.3], shape: [2, 1]), Tensor([0.1]), Tensor([0.5], shape: [1, 1]), Tensor([-0.4]),
        ])
        let x = try Tensor([1, 2], shape: [1, 2])
        let y = try Tensor([1])
        // g = tanh(-0.3) = -0.2913126125, z = -0.4 + 0.5 g = -0.5456563062, f = S(z) = 0.3668727651
        // -(y - f) f (1 - f) = -0.1470609830; its products with g, with w21 (1 - g²), and with x1, x2:
        let rate = 0.5
        var options = Training.Options()
        options.loss = .halfMSE
        options.optimizer = try Optimizer(.sgd, [("learning_rate", rate)])
        #expect(abs(try network.predict(x).numbers[0] - 0.3668727651) < 1e-9)
        let history = try Training.fit(network, x, y, options, generator: &generator)
        #expect(abs((history.values(of: "loss")?[0] ?? 0) - 0.5 * 0.6331272349 * 0.6331272349) < 1e-9)
        let d20 = -0.1470609830, d21 = 0.0428407191, d10 = -0.0672904706, d12 = 2 * d10
        let moved = try network.parameters().map(\.numbers)
        #expect(abs(moved[3][0] - (-0.4 - rate * d20)) < 1e-9)
        #expect(abs(moved[2][0] - (0.5 - rate * d21)) < 1e-9)
        #expect(abs(moved[1][0] - (0.1 - rate * d10)) < 1e-9)
        #expect(abs(moved[0][0] - (0.2 - rate * d10)) < 1e-9)
        #expect(abs(moved[0][1] - (-0.3 - rate * d12)) < 1e-9)
    }

    @Test func lossesHaveTheirDocumentedScales() throws {
        let target = try Tensor([0, 1, 1, 0], shape: [2, 2])
        let output = try Tensor([0.1, 0.7, 0.6, 0.4], shape: [2, 2])
        // Squared errors 0.01, 0.09, 0.16, 0.16; absolute ones 0.1, 0.3, 0.4, 0.4.
        #expect(abs(try Loss.mse.value(target: target, output: output) - 0.42 / 4) < 1e-12)
        #expect(abs(try Loss.halfMSE.value(target: target, output: output) - 0.42 / 2 / 2) < 1e-12)
        #expect(abs(try Loss.mae.value(target: target, output: output) - 1.2 / 4) < 1e-12)
        // -(ln 0.9 + ln 0.7 + ln 0.6 + ln 0.6) / 4 and -(ln 0.7 + ln 0.6) / 2
        #expect(abs(try Loss.binaryCrossentropy.value(target: target, output: output) - 0.3709216768) < 1e-9)
        #expect(abs(try Loss.crossentropy.value(target: target, output: output) - 0.4337502838) < 1e-9)
        let classes = try Tensor([1, 0])
        #expect(abs(try Loss.crossentropy.value(target: classes, output: output) - 0.4337502838) < 1e-9)
    }

    @Test func activationsHaveTheirValues() throws {
        let z = try Tensor([-2, -0.5, 0, 0.5, 2])
        func values(_ activation: Activation) throws -> [Double] {
            try activation.value(of: z).numbers.map { ($0 * 1e6).rounded() / 1e6 }
        }
        #expect(try values(.identity) == [-2, -0.5, 0, 0.5, 2])
        #expect(try values(.sign) == [-1, -1, 1, 1, 1])
        #expect(try values(.step) == [0, 0, 1, 1, 1])
        #expect(try values(.relu) == [0, 0, 0, 0.5, 2])
        #expect(try values(.leakyReLU) == [-0.2, -0.05, 0, 0.5, 2])
        #expect(try values(.sigmoid) == [0.119203, 0.377541, 0.5, 0.622459, 0.880797])
        #expect(try values(.tanh) == [-0.964028, -0.462117, 0, 0.462117, 0.964028])
        #expect(try values(.elu) == [-0.864665, -0.393469, 0, 0.5, 2])
        #expect(try values(.softsign) == [-0.666667, -0.333333, 0, 0.333333, 0.666667])
        #expect(try values(.softplus) == [0.126928, 0.474077, 0.693147, 0.974077, 2.126928])
        #expect(try values(.softmax).reduce(0, +) == 1)
        #expect(try Activation.relu.derivative(at: z).numbers == [0, 0, 0, 1, 1])
        #expect(try Activation.leakyReLU.derivative(at: z).numbers == [0.1, 0.1, 0.1, 1, 1])
    }

    @Test(arguments: [DType.float32, .float64])
    func transcendentalActivationsAreAccurateEverywhere(dtype: DType) throws {
        // Against the mathematics library, by the error in units of the last digit of the type.
        let numbers = (0...4000).map { Double($0 - 2000) / 87 }
        let z = try Tensor(numbers, shape: [numbers.count], dtype)
        let exact = dtype == .float64 ? numbers : numbers.map { Double(Float($0)) }
        let epsilon = dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
        let tanhs = try Activation.tanh.value(of: z).numbers, sigmoids = try Activation.sigmoid.value(of: z).numbers
        let expected = exact.map { tanh($0) }, logistic = exact.map { 1 / (1 + exp(-$0)) }
        for index in exact.indices {
            #expect(abs(tanhs[index] - expected[index]) <= 5 * epsilon * abs(expected[index]))
            #expect(abs(sigmoids[index] - logistic[index]) <= 4 * epsilon * logistic[index])
        }
    }

    @Test func classesOfAllWidthsAreCounted() throws {
        let classes = try Tensor([2, 0, 1], shape: [3], .uint8)
        let output = try Tensor([0.1, 0.2, 0.7, 0.8, 0.1, 0.1, 0.5, 0.4, 0.1], shape: [3, 3])
        #expect(try Metric.accuracy.value(target: classes, output: output) == 2.0 / 3)
        // sklearn.metrics.r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) is 0.9486081370449679
        let r2 = try Metric.r2.value(target: Tensor([3, -0.5, 2, 7]), output: Tensor([2.5, 0, 2, 8]))
        #expect(abs(r2 - 0.9486081370449679) < 1e-14)
    }
}
