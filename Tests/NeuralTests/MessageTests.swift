import Diagnostics
import Neural
import Tensors
import Testing

/// What is refused, and in which words.
@Suite struct MessageTests {
    private func fit(
        _ layers: [any Layer], input: [Int]? = nil, x: [Int] = [4, 2], y: [Int] = [4], targets: [Double]? = nil,
        _ change: (inout Training.Options) throws -> Void = { _ in }
    ) throws {
        var generator = Generator(seed: 0)
        let network = try Network(input: input.map { try Input($0) }, layers, generator: &generator)
        let samples = try Drawing.normal(0, 1, x, &generator)
        let given = try Tensor(
            targets ?? Array(repeating: 0, count: y.reduce(1, *)), shape: y)
        var options = Training.Options()
        try change(&options)
        try Training.fit(network, samples, given, options, generator: &generator)
    }

    @Test func argumentsOutOfRange() {
        #expect(message { _ = try Dense(0) } == "units of dense must be 1 or more, not 0")
        #expect(message { _ = try Input([0]) } == "the lengths of input(0) must be above 0")
        #expect(message { _ = try Optimizer(.sgd, [("learning_rate", 0)]) } == "learning_rate of sgd must be above 0, not 0")
        #expect(message { _ = try Optimizer(.adam, [("beta1", 1)]) } == "beta1 of adam must be 0 or more and below 1, not 1")
        #expect(
            message { _ = try Optimizer(.sgd, [("rate", 1)]) }
                == "sgd has no parameter rate | it has learning_rate, momentum")
        #expect(
            message { _ = try Optimizer(.sgd, [], Optimizer.Extras(nesterov: true)) }
                == "nesterov needs a momentum above 0 | sgd(0.01, momentum=0.9, nesterov=true)")
        #expect(message { _ = try ActivationRecord.elu.activation(-1) } == "a of elu must be 0 or more, not -1")
        #expect(message { _ = try ActivationRecord.relu.activation(1) } == "relu has no parameter | write relu alone")
        #expect(message { try fit([Dense(1)]) { $0.batchSize = 0 } } == "batch_size must be 1 or more, not 0")
        #expect(message { try fit([Dense(1)]) { $0.epochs = -1 } } == "epochs must be 0 or more, not -1")
        #expect(message { try fit([Flatten()], y: [4, 2]) } == "the network has nothing to train | give it a dense layer")
    }

    @Test func shapesThatDisagree() {
        #expect(
            message { try fit([Flatten(), Dense(3)], input: [2, 2]) }
                == "the network takes samples of shape (2, 2), these have (2,)")
        #expect(
            message { try fit([Dense(3)], input: [4], x: [5, 2, 2]) }
                == "the network takes samples of shape (4,), these have (2, 2) | X.reshape(-1, 4) makes rows of them; or begin with input(2, 2), flatten()")
        #expect(
            message { try fit([Dense(4), Dense(1)], x: [5, 2, 2]) }
                == "layer 0 (dense 4): takes rows of numbers; a sample here is (2, 2) | put flatten() before it; conv1d(4, 1) is a dense layer for each step of a series")
        #expect(
            message { try fit([Dense(1)], y: [3]) } == "there are 4 samples and 3 targets: y is (3,)")
        #expect(
            message { try fit([Dense(3)], y: [4, 2]) }
                == "the network gives (4, 3), the targets are (4, 2) | make the last layer dense(2, …)")
        #expect(
            message { try fit([Dense(3)], targets: [0, 1, 2, 1]) }
                == "the network gives 3 numbers a sample and y has one: mse compares number with number | for classes: y = one_hot(y, 3), or loss=crossentropy with a softmax")
        #expect(message { try fit([Dense(1)], x: [0, 2], y: [0]) } == "there are no samples to train on: X is (0, 2)")
    }

    @Test func lossesThatDoNotFitTheLastLayer() {
        #expect(
            message { try fit([Dense(1, .softmax)]) { $0.loss = .crossentropy } }
                == "layer 0 (dense 1): softmax over 1 output is always 1 | dense(1, sigmoid) for two classes, dense(2, softmax) with classes 0 and 1")
        #expect(
            message { try fit([Dense(3)]) { $0.loss = .crossentropy } }
                == "crossentropy needs probabilities that sum to 1, and layer 0 (dense 3) ends in identity | end with softmax; for a sigmoid an output take loss=binary_crossentropy")
        #expect(
            message { try fit([Dense(1, .tanh)]) { $0.loss = .binaryCrossentropy } }
                == "binary_crossentropy needs a probability for each output, and layer 0 (dense 1) ends in tanh | end with sigmoid")
        #expect(
            message { try fit([Dense(1, .sigmoid)], targets: [-1, 1, 1, -1]) { $0.loss = .binaryCrossentropy } }
                == "binary_crossentropy needs targets from 0 to 1; y holds -1 | (y + 1) / 2 makes 0 and 1 of -1 and 1; or take tanh with mse")
        #expect(
            message { try fit([Dense(3, .softmax)], targets: [1, 2, 3, 1]) { $0.loss = .crossentropy } }
                == "classes for 3 outputs are the integers from 0 to 2; y[2] is 3 | if they count from 1: y - 1")
        #expect(
            message { try fit([Dense(1, .step)]) }
                == "layer 0 (dense 1): the derivative of step is 0, so nothing can be learned through it | take sigmoid, or the perceptron's rule")
    }

    @Test func accuracyOfARegression() {
        let refusal = "accuracy counts right classes, and this is a regression | metrics=[r2] or metrics=[mae]"
        #expect(message { try fit([Dense(1)], targets: [0.5, 1, 2, 3]) { $0.metrics = [.accuracy] } } == refusal)
        #expect(message { try fit([Dense(1, .sigmoid)], targets: [0.5, 1, 0, 1]) { $0.metrics = [.accuracy] } } == refusal)
        #expect(
            message { try fit([Dense(1, .tanh)], targets: [0, 1, 0, 1]) { $0.metrics = [.accuracy] } }
                == "the network's output is from -1 to 1 and the classes are 0 and 1 | 2 * y - 1 makes -1 and 1 of them; or end with a sigmoid")
        #expect(
            message { try fit([Dense(1, .tanh)], targets: [-1, 1, 1, 1]) { $0.metrics = [.accuracy] } }
                == "nothing was refused")
    }

    @Test func aLossThatIsNoLongerFinite() throws {
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([2]), [Dense(3, .relu), Dense(1)], generator: &generator)
        let before = try network.parameters().map(\.numbers)
        let x = try Tensor([1, 2, 3, 4, 5, .nan, 7, 8], shape: [4, 2])
        let y = try Tensor([1, 2, 3, 4])
        var options = Training.Options()
        options.shuffle = false
        options.batchSize = 4
        #expect(
            message { try Training.fit(network, x, y, options, generator: &generator) }
                == "the loss became NaN in epoch 1, batch 1: X holds nan in sample 2, feature 1 | take out or fill such samples first")
        #expect(try network.parameters().map(\.numbers) == before)
        let large = try Tensor([1e3, 2e3, -1e3, 1e3, 5e3, 2e3, 3e3, 1e3], shape: [4, 2])
        options.epochs = 1000
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
        let found = message { try Training.fit(network, large, y, options, generator: &generator) }
        #expect(found.hasPrefix("the loss became"))
        #expect(
            found.hasSuffix(
                "| standardize X (its largest number in this batch is 5000), or take a smaller learning rate, such as sgd(0.1), or clip the gradient: clip_norm=1"))
        #expect(try network.parameters().allSatisfy { $0.numbers.allSatisfy(\.isFinite) })
    }

    @Test func anInterruptionKeepsTheLastBatch() throws {
        let network = try OptimizerTests.network(), (x, y) = try OptimizerTests.samples()
        var generator = Generator(seed: 0)
        var options = Training.Options()
        options.batchSize = 2
        options.epochs = 5
        var asked = 0
        #expect(
            message {
                try Training.fit(network, x, y, options, generator: &generator, isInterrupted: { asked += 1; return asked == 4 })
            } == "interrupted in epoch 2, batch 2: the network is as after the batch before")
        #expect(try network.parameters().flatMap(\.numbers) != [0.3, -0.2, 0.1])
    }
}
