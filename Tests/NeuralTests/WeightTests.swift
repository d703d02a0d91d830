import Diagnostics
import Tensors
import Testing

import Neural

/// One neuron ŷ = W x + b with W = b = 0 on x = 1, 2 and y = 1, 1: its gradient by mse is Σ w (ŷ - y) (x, 1), and a step of
/// rate 1 puts W and b to Σ w (x, 1).
@Suite struct WeightTests {
    private func step(
        y: [Double] = [1, 1], _ change: (inout Training.Options) throws -> Void
    ) throws -> (numbers: [Double], loss: Double) {
        var generator = Generator(seed: 0)
        let network = try Network(input: Input([1]), [Dense(1)], dtype: .float64, generator: &generator)
        try network.setParameters([Tensor([0], shape: [1, 1]), Tensor([0])])
        var options = Training.Options()
        options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
        try change(&options)
        let history = try Training.fit(
            network, Tensor([1, 2], shape: [2, 1]), Tensor(y), options, generator: &generator)
        return (try network.parameters().flatMap(\.numbers), history.values(of: "loss")?[0] ?? .nan)
    }

    private func expect(_ found: [Double], _ expected: [Double]) {
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-12) }
    }

    @Test func samplesCountByTheirWeight() throws {
        let (numbers, loss) = try step { $0.sampleWeight = try Tensor([3, 0.5]) }
        expect(numbers, [3 * 1 + 0.5 * 2, 3.5])
        #expect(loss == 3.5 / 2)
    }

    @Test func samplesCountByTheirClass() throws {
        // Σ w (0 - y)(x, 1) with y = 1 at x = 1 and y = 0 at x = 2, where the gradient is 0.
        expect(try step(y: [1, 0]) { $0.classWeight = .list([7, 3]) }.numbers, [3, 3])
        expect(try step(y: [1, 0]) { $0.classWeight = .each([(label: 1, weight: 4)]) }.numbers, [4, 4])
        expect(try step(y: [1, -1]) { $0.classWeight = .each([(label: 1, weight: 4), (label: -1, weight: 2)]) }.numbers, [0, 2])
        expect(
            try step(y: [1, 0]) {
                $0.classWeight = .list([7, 3])
                $0.sampleWeight = try Tensor([2, 1])
            }.numbers, [6, 6])
    }

    @Test func balancedClassesCountTheSameInSum() throws {
        let targets = try Targets(Tensor([0, 2, 0, 0]), outputShape: [3], samples: 4, loss: .crossentropy)
        #expect(try SampleWeights.of(4, .balanced, nil, targets) == [4.0 / 6, 2, 4.0 / 6, 4.0 / 6])
        let rows = try Targets(Tensor([1, 0, 0, 1, 1, 0, 1, 0], shape: [4, 2]), outputShape: [2], samples: 4, loss: .mse)
        #expect(try SampleWeights.of(4, .balanced, nil, rows) == [4.0 / 6, 2, 4.0 / 6, 4.0 / 6])
    }

    @Test func theGradientIsClipped() throws {
        // The gradient is -(3, 2).
        func clipped(value: Double? = nil, norm: Double? = nil) throws -> [Double] {
            try step {
                $0.optimizer = try Optimizer(
                    .sgd, [("learning_rate", 1)], Optimizer.Extras(clipValue: value, clipNorm: norm))
            }.numbers
        }
        expect(try clipped(value: 2.5), [2.5, 2])
        expect(try clipped(norm: 1), [3 / Double(13.0).squareRoot(), 2 / Double(13.0).squareRoot()])
        expect(try clipped(norm: 100), [3, 2])
        expect(try clipped(value: 2, norm: 1), [Double(0.5).squareRoot(), Double(0.5).squareRoot()])
    }

    @Test func theNumberOfThreadsDoesNotMatterWhereTheGradientIsClipped() throws {
        func train(_ threads: Int) throws -> [Double] {
            var generator = Generator(seed: 5)
            let network = try Network(input: Input([600]), [Dense(70, .tanh), Dense(10, .softmax)], generator: &generator)
            let x = try Drawing.normal(0, 1, [96, 600], &generator)
            let y = try Tensor((0..<96).map { Double($0 % 10) })
            var options = Training.Options()
            options.loss = .crossentropy
            options.optimizer = try Optimizer(.adam, [], Optimizer.Extras(clipNorm: 0.1))
            options.sampleWeight = try Tensor((0..<96).map { Double($0 % 3) })
            options.threads = threads
            let history = try Training.fit(network, x, y, options, generator: &generator)
            return try history.values.flatMap { $0 } + network.parameters().flatMap(\.numbers)
        }
        let one = try train(1)
        for threads in [2, 3] { #expect(try train(threads) == one) }
    }

    @Test func wrongWeightsAreRefused() {
        #expect(
            message { _ = try step { $0.sampleWeight = try Tensor([1, 2, 3]) } }
                == "sample_weight is one number a sample, 2 in all, and its shape is (3,)")
        #expect(
            message { _ = try step { $0.sampleWeight = try Tensor([1, -2]) } }
                == "the numbers of sample_weight must be 0 or more, not -2")
        #expect(
            message { _ = try step(y: [0, 2]) { $0.classWeight = .list([1, 2]) } }
                == "class_weight has weights for the classes from 0 to 1, and there is a class 2 | a map names the classes: {2: 2}")
        #expect(
            message { _ = try step { $0.classWeight = .each([(label: 1, weight: .nan)]) } }
                == "the numbers of class_weight must be 0 or more, not nan")
    }

    @Test func aLossThatIsNotFiniteIsExplained() {
        func explained(_ numbers: [Double], x: [Double] = [1, 2], y: [Double] = [1, 1]) -> String {
            message {
                var generator = Generator(seed: 0)
                let network = try Network(input: Input([1]), [Dense(1, .tanh), Dense(1), Dense(1)], generator: &generator)
                try network.setParameters(numbers.enumerated().map { try Tensor([$1], shape: $0 % 2 == 0 ? [1, 1] : [1]) })
                var options = Training.Options()
                options.shuffle = false
                options.batchSize = 1
                _ = try Training.fit(network, Tensor(x, shape: [2, 1]), Tensor(y), options, generator: &generator)
            }
        }
        #expect(
            explained([1, 0, 1e30, 0, 1e30, 0])
                == "the loss became infinite in epoch 1, batch 1: the outputs of layer 2 (dense 1) are no longer finite; the largest finite output is 7.6e+29 (layer 1 (dense 1)), parameter is 1e+30 (W of layer 1 (dense 1)) | take a smaller learning rate, such as sgd(0.001), or clip the gradient: clip_norm=1")
        #expect(
            explained([1, 0, 1, 0, 1, 0], x: [1, .nan])
                == "the loss became NaN in epoch 1, batch 2: X holds nan in sample 1, feature 0 | take out or fill such samples first")
        #expect(
            explained([1, 0, 1, 0, 1, 0], y: [.infinity, 1])
                == "the loss became infinite in epoch 1, batch 1: the target of sample 0 is not a finite number | take out or fill such samples first")
    }
}
