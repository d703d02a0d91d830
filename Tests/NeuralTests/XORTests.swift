import Neural
import Tensors
import Testing

@Suite struct XORTests {
    @Test(arguments: [DType.float32, .float64])
    func aSmallNetworkLearnsXOR(dtype: DType) throws {
        var generator = Generator(seed: 1)
        let network = try Network(
            input: Input([2]), [Dense(4, .tanh), Dense(1, .sigmoid)], dtype: dtype, generator: &generator)
        let x = try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
        let y = try Tensor([0, 1, 1, 0])
        var options = Training.Options()
        options.loss = .binaryCrossentropy
        options.optimizer = try Optimizer(.adam, [("learning_rate", 0.05)])
        options.epochs = 500
        options.batchSize = 4
        options.metrics = [.accuracy]
        let history = try Training.fit(network, x, y, options, generator: &generator)
        #expect(history.epochs == 500)
        #expect(history.values(of: "accuracy")?.last == 1)
        #expect((history.values(of: "loss")?.last ?? 1) < 0.05)
        let measured = try Training.evaluate(network, x, y, metrics: [.accuracy, .mae])
        #expect(measured.map(\.name) == ["loss", "accuracy", "mae"])
        #expect(measured[1].value == 1)
    }
}
