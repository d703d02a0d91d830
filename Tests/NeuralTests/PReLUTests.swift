import Diagnostics
import Neural
import Tensors
import Testing

/// The slope that is trained: behind dense layers, by itself, and what a step does to it.
@Suite struct PReLUTests {
    private func network(_ layers: [any Layer]) throws -> Network {
        var generator = Generator(seed: 2)
        return try Network(input: Input([3]), layers, dtype: .float64, generator: &generator)
    }

    @Test func aLayerWithItHasAnotherParameter() throws {
        let network = try network([try Dense(4, .prelu), try Dense(1)])
        #expect(network.layers[0].parameters.map(\.name) == ["W", "b", "a"])
        #expect(try network.parameter("a", ofLayer: 0)?.numbers == [0.25, 0.25, 0.25, 0.25])
        #expect(network.parameterCount == 16 + 4 + 5)
        let own = try self.network([try Dense(2), ActivationLayer(ActivationRecord.prelu.activation(0.5)), try Dense(1)])
        #expect(try own.parameter("a", ofLayer: 1)?.numbers == [0.5, 0.5])
    }

    @Test func outputsAndGradientsAreThoseOfTheFormula() throws {
        let stacks: [[any Layer]] = [
            [try Dense(4, .prelu), try Dense(1)],
            [try Dense(4), ActivationLayer(.prelu), try Dense(2, .prelu)],
            [try Residual([try Dense(3, .prelu)]), try Dense(1)],
        ]
        for layers in stacks {
            let network = try network(layers)
            var generator = Generator(seed: 4)
            let x = try Drawing.normal(0, 1, [6, 3], &generator)
            let y = try Drawing.normal(0, 1, [6, network.outputShape?[0] ?? 1], &generator)
            // Slopes that differ.
            let before = try network.parameters().map { tensor in
                try Tensor(tensor.numbers.map { $0 + 0.1 * generator.normal() }, shape: tensor.shape)
            }
            func value(_ parameters: [Tensor]) throws -> Double {
                try network.setParameters(parameters)
                return try Training.evaluate(network, x, y)[0].value
            }
            try network.setParameters(before)
            var options = Training.Options()
            options.optimizer = try Optimizer(.sgd, [("learning_rate", 1)])
            try Training.fit(network, x, y, options, generator: &generator)
            let after = try network.parameters()
            for (number, parameter) in before.enumerated() {
                for index in 0..<parameter.count {
                    func moved(_ distance: Double) throws -> Double {
                        var changed = before, numbers = parameter.numbers
                        numbers[index] += distance
                        changed[number] = try Tensor(numbers, shape: parameter.shape)
                        return try value(changed)
                    }
                    let expected = (try moved(1e-5) - moved(-1e-5)) / 2e-5
                    #expect(abs(parameter.numbers[index] - after[number].numbers[index] - expected) < 1e-7)
                }
            }
        }
    }

    @Test func aValueByHand() throws {
        let network = try network([ActivationLayer(.prelu)])
        try network.setParameters([Tensor([0.1, 0.2, 0.3])])
        #expect(try network.predict(Tensor([1, -1, -10, 0, -0.5, 2], shape: [2, 3])).numbers == [1, -0.2, -3, 0, -0.1, 2])
    }

    @Test func aRandomSlopeTrainsTheSameWithAnyNumberOfThreads() throws {
        func weights(_ threads: Int) throws -> [Double] {
            var generator = Generator(seed: 2)
            let network = try Network(
                input: Input([3]), [Dense(64, .rrelu), Dense(64, .rrelu), Dense(1, .rrelu)], dtype: .float64, generator: &generator)
            let x = try Drawing.normal(0, 1, [256, 3], &generator), y = try Drawing.normal(0, 1, [256], &generator)
            var options = Training.Options()
            options.threads = threads
            options.batchSize = 100
            options.epochs = 2
            try Training.fit(network, x, y, options, generator: &generator)
            return try network.parameters().flatMap(\.numbers)
        }
        let one = try weights(1)
        let two = try weights(2)
        #expect(two == one)
        #expect(!one.contains { !$0.isFinite })
    }
}
