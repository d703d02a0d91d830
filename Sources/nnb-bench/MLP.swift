import Neural
import Tensors

let mlp = Benchmark(
    name: "mlp",
    summary: "784-128-10 (tanh, sigmoid), MSE, Adam, 60,000 samples without zeros, batches of 32, an epoch"
) {
    // How fast a network trains does not depend on what it learns, but columns of zeros would be left out.
    var generator = Generator(seed: 1)
    let count = 60_000
    let x = try Tensor(uninitialized: [count, 784], .float32)
    for index in 0..<x.count { x.block.float32[index] = Float(generator.uniform()) }
    let y = try Tensor(uninitialized: [count, 10], .float32)
    for index in 0..<y.count { y.block.float32[index] = generator.uniform() < 0.1 ? 1 : 0 }
    let bytes = try Tensor(uninitialized: [count, 784], .uint8)
    for index in 0..<bytes.count { bytes.block.bytes[index] = UInt8(truncatingIfNeeded: generator.next()) & 1 }
    for (name, samples) in [("float32", x), ("uint8", bytes)] {
        for batch in [32, 128] {
            for threads in [1, 2] {
                var times: [Double] = []
                for _ in 0..<3 {
                    let network = try Network(
                        input: Input([784]), [Dense(128, .tanh), Dense(10, .sigmoid)], generator: &generator)
                    var options = Training.Options()
                    options.optimizer = try Optimizer(.adam)
                    options.batchSize = batch
                    options.threads = threads
                    let watch = Stopwatch()
                    try Training.fit(network, samples, y, options, generator: &generator)
                    times.append(watch.seconds)
                }
                report("\(name), batches of \(batch), \(threads) thread\(threads == 1 ? "" : "s")", times)
            }
        }
    }
}
