import Neural
import Tensors
import Testing

/// The same numbers, bit for bit, whatever computes them.
@Suite struct RepeatabilityTests {
    private func train(_ threads: Int, _ dtype: DType, _ samples: DType, batch: Int) throws -> [Double] {
        var generator = Generator(seed: 5)
        let network = try Network(
            input: Input([100]), [Dense(200, .tanh), Dense(140, .relu), Dense(10, .softmax)], dtype: dtype, generator: &generator)
        let x = try Tensor((0..<150 * 100).map { _ in Double(generator.integer(below: 2)) }, shape: [150, 100], samples)
        let y = try Tensor((0..<150).map { _ in Double(generator.integer(below: 10)) }, shape: [150], .uint8)
        var options = Training.Options()
        options.loss = .crossentropy
        options.optimizer = try Optimizer(.adam)
        options.epochs = 3
        options.batchSize = batch
        options.threads = threads
        options.metrics = [.accuracy]
        options.validation = (x, y)
        let history = try Training.fit(network, x, y, options, generator: &generator)
        return try history.values.flatMap { $0 } + network.parameters().flatMap(\.numbers)
    }

    @Test(arguments: [DType.float32, .float64], [32, 50, 64])
    func theNumberOfThreadsDoesNotMatter(dtype: DType, batch: Int) throws {
        let one = try train(1, dtype, .float64, batch: batch)
        for threads in [2, 3, 5] { #expect(try train(threads, dtype, .float64, batch: batch) == one) }
    }

    @Test func neitherDoesTheLoad() async throws {
        let one = try train(1, .float32, .uint8, batch: 48)
        // More trainings at once than there are cores: most run alone, one of them with the pool.
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<8 { group.addTask { try train(2, .float32, .uint8, batch: 48) } }
            for try await found in group { #expect(found == one) }
        }
    }

    @Test func theTypeOfTheSamplesDoesNotMatter() throws {
        let expected = try train(2, .float32, .float64, batch: 32)
        for type in [DType.float32, .uint8, .bool] { #expect(try train(2, .float32, type, batch: 32) == expected) }
    }
}
