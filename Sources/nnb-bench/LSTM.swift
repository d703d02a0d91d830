import Neural
import Tensors

let lstm = Benchmark(
    name: "lstm", summary: "LSTM(64) over 28 steps of 28, 10 softmax, Adam, 12,800 samples, batches of 128, an epoch"
) {
    // Numbers of the kind that images have: how fast a network trains does not depend on what it learns.
    var generator = Generator(seed: 1)
    let count = 12_800
    let x = try Tensor(uninitialized: [count, 28, 28], .float32)
    for index in 0..<x.count { x.block.float32[index] = Float(generator.uniform()) }
    let y = try Tensor(uninitialized: [count], .uint8)
    for index in 0..<y.count { y.block.bytes[index] = UInt8(generator.integer(below: 10)) }
    for threads in [1, 2] {
        let network = try Network(
            input: Input([28, 28]), [LSTM(Recurrence("lstm", units: 64)), Dense(10, .softmax)], generator: &generator)
        var options = Training.Options()
        options.optimizer = try Optimizer(.adam)
        options.loss = .crossentropy
        options.batchSize = 128
        options.threads = threads
        var times: [Double] = []
        for _ in 0..<6 {
            let watch = Stopwatch()
            try Training.fit(network, x, y, options, generator: &generator)
            times.append(watch.seconds)
        }
        report("\(threads) thread\(threads == 1 ? "" : "s")", times)
    }
}
