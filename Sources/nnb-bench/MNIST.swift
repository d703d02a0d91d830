import Neural
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

let mnist = Benchmark(
    name: "mnist",
    summary: "the network of mlp on MNIST from the folder that NNB_MNIST names (the four idx files, unpacked): accuracy"
) {
    guard let folder = getenv("NNB_MNIST").map({ String(cString: $0) }) else {
        print("  NNB_MNIST is not set")
        return
    }
    func images(_ name: String) throws -> Tensor {
        let bytes = contents(of: folder + "/" + name).dropFirst(16)
        let x = try Tensor(uninitialized: [bytes.count / 784, 784], .float32)
        for (index, byte) in bytes.enumerated() where index < x.count { x.block.float32[index] = Float(byte) / 255 }
        return x
    }
    func labels(_ name: String) throws -> Tensor {
        let bytes = Array(contents(of: folder + "/" + name).dropFirst(8))
        let oneHot = try Making.full([bytes.count, 10], 0, .uint8)
        for (index, byte) in bytes.enumerated() where byte < 10 { oneHot.block.bytes[index * 10 + Int(byte)] = 1 }
        return oneHot
    }
    let x = try images("train-images-idx3-ubyte"), y = try labels("train-labels-idx1-ubyte")
    let testX = try images("t10k-images-idx3-ubyte"), testY = try labels("t10k-labels-idx1-ubyte")
    var accuracies: [Double] = [], times: [Double] = []
    for seed in 0..<5 {
        var generator = Generator(seed: UInt64(seed))
        let network = try Network(input: Input([784]), [Dense(128, .tanh), Dense(10, .sigmoid)], generator: &generator)
        var options = Training.Options()
        options.optimizer = try Optimizer(.adam)
        options.epochs = 15
        let watch = Stopwatch()
        try Training.fit(network, x, y, options, generator: &generator)
        times.append(watch.seconds / 15)
        let measured = try Training.evaluate(network, testX, testY, loss: .mse, metrics: [.accuracy])
        accuracies.append(measured[1].value)
    }
    print("  test accuracy after 15 epochs, 5 seeds: \(accuracies.sorted()), in the middle \(accuracies.sorted()[2])")
    report("an epoch", times)
}

private func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
        print("  \(path) cannot be read")
        return []
    }
    defer { fclose(file) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&piece, 1, piece.count, file)
        if count == 0 { return result }
        result += piece[..<count]
    }
}
