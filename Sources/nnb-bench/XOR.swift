import Neural
import Tensors

let xor = Benchmark(
    name: "xor",
    summary: "2-4-1 (tanh, sigmoid), binary cross-entropy, 500 full-batch Adam steps, the whole fit"
) {
    var times: [Double] = []
    let x = try Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
    let y = try Tensor([0, 1, 1, 0])
    for seed in 0..<20 {
        var generator = Generator(seed: UInt64(seed))
        let network = try Network(input: Input([2]), [Dense(4, .tanh), Dense(1, .sigmoid)], generator: &generator)
        var options = Training.Options()
        options.loss = .binaryCrossentropy
        options.optimizer = try Optimizer(.adam, [("learning_rate", 0.05)])
        options.epochs = 500
        options.batchSize = 4
        let watch = Stopwatch()
        try Training.fit(network, x, y, options, generator: &generator)
        times.append(watch.seconds)
    }
    report("500 steps", times)
}
