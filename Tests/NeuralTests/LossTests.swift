import Autodiff
import Diagnostics
import Neural
import Tensors
import Testing

/// Every loss with its exact scale: by hand or by PyTorch and Keras, its gradient by differences, and its form on the tape.
@Suite struct LossTests {
    struct Reference: CustomStringConvertible, Sendable {
        let name: String
        var parameter: Double?
        let target: [Double]
        let output: [Double]
        let value: Double
        var description: String { name }
    }

    // Two samples of two outputs.
    static let references: [Reference] = [
        // Errors 1, -2, 0.5, 0.
        Reference(name: "mse", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 5.25 / 4),
        Reference(name: "half_mse", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 5.25 / 2 / 2),
        Reference(name: "sse", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 5.25),
        Reference(name: "half_sse", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 5.25 / 2),
        Reference(name: "mae", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 3.5 / 4),
        // torch.nn.functional.huber_loss(output, target, delta=1) and delta=0.5: (½ + 1.5 + ⅛) / 4, (⅜ + ⅞ + ⅛) / 4
        Reference(name: "huber", target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 2.125 / 4),
        Reference(name: "huber", parameter: 0.5, target: [0, 2, 1, 3], output: [1, 0, 1.5, 3], value: 1.375 / 4),
        // y ŷ: 0.5, -2, 1.5, -0
        Reference(name: "hinge", target: [1, -1, -1, 1], output: [0.5, 2, -1.5, 0], value: (0.5 + 3 + 0 + 1) / 4),
        Reference(name: "perceptron_loss", target: [1, -1, -1, 1], output: [0.5, 2, -1.5, 0], value: 2.0 / 4),
        Reference(name: "zero_one", target: [1, -1, -1, 1], output: [0.5, 2, -1.5, 0], value: 2.0 / 4),
        // keras.losses.BinaryCrossentropy()(target, output), float64: 0.37092168...
        Reference(name: "binary_crossentropy", target: [0, 1, 1, 0], output: [0.1, 0.7, 0.6, 0.4], value: 0.37092167678213506),
        Reference(name: "crossentropy", target: [0, 1, 1, 0], output: [0.3, 0.7, 0.6, 0.4], value: -(0.35667494393873245 * -1 + 0.5108256237659907 * -1) / 2),
        // torch.nn.functional.kl_div(output.log(), target, reduction="batchmean")
        Reference(name: "kl", target: [0.2, 0.8, 1, 0], output: [0.3, 0.7, 0.6, 0.4], value: 0.26827885812198804),
    ]

    static func loss(_ reference: Reference) throws -> Loss {
        try #require(Loss.named(reference.name)).with(parameter: reference.parameter)
    }

    @Test(arguments: references) func theScaleIsTheDocumentedOne(_ reference: Reference) throws {
        let loss = try LossTests.loss(reference)
        let target = try Tensor(reference.target, shape: [2, 2]), output = try Tensor(reference.output, shape: [2, 2])
        #expect(abs(try loss.value(target: target, output: output) - reference.value) < 1e-15)
        #expect(abs(try loss.with(weight: 0.5).value(target: target, output: output) - reference.value / 2) < 1e-15)
    }

    @Test(arguments: references) func gradientsAreTheLimitsOfDifferences(_ reference: Reference) throws {
        let loss = try LossTests.loss(reference)
        let target = try Tensor(reference.target, shape: [2, 2])
        // Off the kinks.
        let base = reference.output.map { $0 + 0.013 }, step = 1e-6
        func value(_ numbers: [Double]) throws -> Double {
            try loss.value(target: target, output: Tensor(numbers, shape: [2, 2]))
        }
        let gradient = try loss.gradient(target: target, output: Tensor(base, shape: [2, 2])).numbers
        for index in base.indices {
            var up = base, down = base
            up[index] += step
            down[index] -= step
            #expect(abs(gradient[index] - (try value(up) - value(down)) / (2 * step)) < 1e-8)
        }
    }

    @Test(arguments: references) func theTapeAgrees(_ reference: Reference) throws {
        let loss = try LossTests.loss(reference), tape = Tape()
        let t = try Tensor(reference.target, shape: [2, 2])
        // At the outputs themselves: the kinks included.
        let o = try Tensor(reference.output, shape: [2, 2])
        let output = try tape.leaf(o), value = try loss.traced(target: tape.leaf(t), output: output, on: tape)
        #expect(abs(tape.number(value) - reference.value) < 1e-15)
        let gradient = try tape.value(tape.gradient(of: value, withRespectTo: [output])[0]).numbers
        for (found, expected) in zip(gradient, try loss.gradient(target: t, output: o).numbers) {
            #expect(abs(found - expected) < 1e-14)
        }
    }

    @Test(arguments: [("crossentropy", "softmax"), ("kl", "softmax"), ("binary_crossentropy", "sigmoid")])
    func pairsOnTheTapeLoseNothingByRounding(_ name: String, _ activation: String) throws {
        let loss = try #require(Loss.named(name)), f = try #require(Activation.named(activation)).activation()
        let tape = Tape()
        let z = try tape.leaf(Tensor([400, -400, 0.5, 0.25], shape: [2, 2]))
        let t = try tape.leaf(Tensor([0, 1, 1, 0], shape: [2, 2]))
        let value = try #require(try loss.traced(target: t, sums: z, f, on: tape))
        let rest = name == "binary_crossentropy" ? (800 + 0.4740769841801067 + 0.8259394198788436) / 4 : (800 + 0.5759394198788436) / 2
        #expect(abs(tape.number(value) - rest) < 1e-12)
        #expect(try tape.value(tape.gradient(of: value, withRespectTo: [z])[0]).numbers.allSatisfy(\.isFinite))
    }

    @Test func thePerceptronsCriterionBeginsAtZero() throws {
        let gradient = try Loss.perceptron.gradient(target: Tensor([1, -1]), output: Tensor([0.0, 0]))
        #expect(gradient.numbers == [-0.5, 0.5])
        // One step of gradient descent on it is the perceptron's rule: w + η y x for a wrong sample.
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([2]), [Dense(1)], dtype: .float64, generator: &generator)
        try network.setParameters([Tensor([0.0, 0], shape: [2, 1]), Tensor([0.0])])
        var options = Training.Options()
        options.loss = .perceptron
        options.batchSize = 1
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 0.5)])
        try Training.fit(network, Tensor([3, -2], shape: [1, 2]), Tensor([-1.0]), options, generator: &generator)
        #expect(try network.parameters().flatMap(\.numbers) == [-1.5, 1, -0.5])
    }

    @Test func sumsAreSummedOverTheBatches() throws {
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([1]), [Dense(1)], dtype: .float64, generator: &generator)
        try network.setParameters([Tensor([1.0], shape: [1, 1]), Tensor([0.0])])
        let x = try Tensor([1, 2, 3, 4, 5], shape: [5, 1]), y = try Tensor([2, 2, 2, 2, 2.0])
        var options = Training.Options()
        options.batchSize = 2
        options.loss = .sse
        // So small that the weights stay.
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1e-18)])
        let history = try Training.fit(network, x, y, options, generator: &generator)
        #expect(history.values(of: "loss")?[0] == 15)
        #expect(try Training.evaluate(network, x, y)[0].value == 15)
    }

    @Test func targetsAndLossesThatDoNotFitAreRefused() throws {
        #expect(
            message { _ = try Loss.hinge.value(target: Tensor([0, 1]), output: Tensor([0.5, 1])) }
                == "hinge needs the targets -1 and 1; y holds 0 | 2 * y - 1 makes -1 and 1 of 0 and 1")
        #expect(
            message { _ = try Loss.kl.value(target: Tensor([2, 1], shape: [1, 2]), output: Tensor([0.5, 1], shape: [1, 2])) }
                == "kl needs targets from 0 to 1; y holds 2")
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([1]), [Dense(1)], generator: &generator)
        var options = Training.Options()
        options.loss = .zeroOne
        #expect(
            message { try Training.fit(network, Tensor([1.0], shape: [1, 1]), Tensor([1.0]), options, generator: &generator) }
                == "the derivative of zero_one is 0, so nothing can be learned by it | train with perceptron_loss or hinge, and give zero_one to evaluate")
        #expect(try Training.evaluate(network, Tensor([1.0], shape: [1, 1]), Tensor([1.0]), loss: .zeroOne).count == 1)
        options.loss = .kl
        #expect(
            message { try Training.fit(network, Tensor([1.0], shape: [1, 1]), Tensor([1.0]), options, generator: &generator) }
                .hasPrefix("kl needs probabilities that sum to 1, and layer 0 (dense 1) ends in identity"))
        #expect(message { _ = try Loss.huber.with(parameter: 0) } == "delta of huber must be above 0, not 0")
        #expect(message { _ = try Loss.mse.with(parameter: 1) } == "mse has no parameter | write mse alone")
    }
}
