import Autodiff
import Diagnostics
import Tensors

/// What a recorded step costs, forward and backward, and what a replay of it costs.
let tape = Benchmark(
    name: "tape",
    summary: "steps of the tape: 4 elements, XOR 2-4-1 by hand, a network 2-32-32-1 on 128 samples"
) {
    try step("add", count: 200_000) { t, x throws(Failure) in try t.apply(.add, x, x) }
    try step("multiply", count: 200_000) { t, x throws(Failure) in try t.apply(.multiply, x, x) }
    try step("tanh", count: 200_000) { t, x throws(Failure) in try t.apply(.tanh, x) }
    var generator = Generator(seed: 1)
    try training("XOR 2-4-1, 5,000 steps", steps: 5000, [2, 4, 1], samples: 4, &generator)
    try training("2-32-32-1, batch 128, 200 steps", steps: 200, [2, 32, 32, 1], samples: 128, &generator)
}

private func step(_ name: String, count: Int, _ body: (Tape, Variable) throws(Failure) -> Variable) throws {
    var times: [Double] = []
    let tape = Tape()
    for _ in 0..<5 {
        let watch = Stopwatch()
        for _ in 0..<(count / 1000) {
            tape.reset()
            let x = try tape.leaf(Tensor([1, 2, 3, 4]))
            var y = x
            for _ in 0..<1000 { y = try body(tape, y) }
            _ = try tape.gradient(of: tape.sum(y), withRespectTo: [x])
        }
        times.append(watch.seconds)
    }
    print("  \(name): \(((times.min() ?? 0) / Double(count) * 1e10).rounded() / 10) ns a step, forward and backward")
}

private func training(_ name: String, steps: Int, _ widths: [Int], samples: Int, _ generator: inout Generator) throws {
    let x = try Drawing.uniform(-1, 1, [samples, widths[0]], &generator)
    let y = try Drawing.uniform(0, 1, [samples, 1], &generator)
    var weights: [Tensor] = []
    for (inputs, units) in zip(widths, widths.dropFirst()) {
        weights.append(try Drawing.uniform(-0.5, 0.5, [inputs, units], &generator))
        weights.append(try Making.full([units], 0))
    }
    func record(_ tape: Tape) throws -> (leaves: [Variable], results: [Variable]) {
        let leaves = try weights.map { try tape.leaf($0) }
        var h = try tape.leaf(sharing: x)
        for layer in 0..<(leaves.count / 2) {
            h = try tape.apply(.tanh, tape.apply(.add, tape.product(h, leaves[2 * layer]), leaves[2 * layer + 1]))
        }
        let loss = try tape.mean(tape.apply(.square, tape.apply(.subtract, h, tape.leaf(sharing: y))))
        return (leaves, [loss] + (try tape.gradient(of: loss, withRespectTo: leaves)))
    }
    func descend(_ tape: Tape, _ leaves: [Variable], _ results: [Variable], into: (Int) throws -> UnsafeMutableBufferPointer<Double>) throws {
        for index in leaves.indices {
            let gradient = tape.numbers(of: results[index + 1]), target = try into(index)
            for element in gradient.indices { target[element] -= 0.1 * gradient[element] }
        }
    }
    let tape = Tape()
    var watch = Stopwatch()
    for _ in 0..<steps {
        tape.reset()
        let (leaves, results) = try record(tape)
        try descend(tape, leaves, results) { index in UnsafeMutableBufferPointer(start: weights[index].block.float64, count: weights[index].count) }
    }
    report("\(name), recorded", [watch.seconds])
    tape.reset()
    let (leaves, results) = try record(tape)
    let recording = tape.recording(from: leaves, to: results)
    watch = Stopwatch()
    for _ in 0..<steps {
        try recording.replay()
        try descend(tape, leaves, results) { index in tape.numbers(of: leaves[index]) }
    }
    report("\(name), replayed (\(recording.count) steps)", [watch.seconds])
}
