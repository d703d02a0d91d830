import Neural
import Tensors

let scaling = Benchmark(
    name: "scaling",
    summary: "what a step costs against batch, width and depth: it grows with the number of multiplications"
) {
    print("  batch  width  depth      µs a step   ns a sample and weight")
    for batch in [16, 32, 64, 128, 256, 512] { try measure(batch: batch, width: 256, depth: 4) }
    for width in [64, 128, 256, 512, 1024] { try measure(batch: 128, width: width, depth: 4) }
    for depth in [1, 2, 4, 8, 16] { try measure(batch: 128, width: 256, depth: depth) }
}

/// Steps of `depth` dense layers of `width` neurons on `width` inputs, and a last one of 10, with Adam; the least of several
/// runs, each of which takes what a fit costs beside its steps too.
private func measure(batch: Int, width: Int, depth: Int) throws {
    let steps = max(8, min(400, (1 << 31) / (batch * width * width * depth)))
    var generator = Generator(seed: 1)
    let x = try Drawing.normal(0, 1, [batch, width], &generator)
    let y = try Drawing.normal(0, 1, [batch, 10], &generator)
    var least = Double.infinity
    for _ in 0..<5 {
        var layers: [any Layer] = []
        for _ in 0..<depth { layers.append(try Dense(width, .tanh)) }
        layers.append(try Dense(10))
        let network = try Network(input: Input([width]), layers, generator: &generator)
        var options = Training.Options()
        options.optimizer = try Optimizer(.adam)
        options.batchSize = batch
        options.epochs = steps
        let watch = Stopwatch()
        try Training.fit(network, x, y, options, generator: &generator)
        least = min(least, watch.seconds / Double(steps))
    }
    let weights = Double(depth * width * width + width * 10)
    func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    let micro = (least * 1e7).rounded() / 10, nano = (least * 1e9 / Double(batch) / weights * 1e5).rounded() / 1e5
    print("  \(padded("\(batch)", 5))  \(padded("\(width)", 5))  \(padded("\(depth)", 5))  \(padded("\(micro)", 13))  \(padded("\(nano)", 23))")
}
