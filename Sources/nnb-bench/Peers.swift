import Diagnostics
import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The same training in nnb and in its peers, in turn on one machine: each peer's script stands in `peers/` and prints its
/// least time of several runs after one that is not counted; nnb is measured the same way before and after each of them.
let peers = Benchmark(
    name: "peers",
    summary: "training beside JAX, PyTorch and Keras (peers/requirements.txt); NNB_PYTHON names the Python that has them"
) {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/peers/"
    let python = getenv("NNB_PYTHON").map { String(cString: $0) } ?? "python3"
    let session = Session()
    try run(
        """
        try { d = load("mnist") } catch e { d = load("fashion-mnist") }
        X = d.train.X.reshape(-1, 784).astype("float32") / 255; Y = one_hot(d.train.y, 10).astype("float32")
        net = sequential(input(784), dense(128, tanh), dense(10, sigmoid))
        x = [0, 0; 0, 1; 1, 0; 1, 1]; y = [0, 1, 1, 0]
        f = load("fashion-mnist"); I = f.train.X[:12800].astype("float32") / 255; l = f.train.y[:12800]
        cnn = sequential(
            input(28, 28), conv2d(32, 3, relu), maxpool(2), conv2d(64, 3, relu), maxpool(2), flatten(), dense(10, softmax))
        """, session)
    let rows: [(title: String, code: String, scripts: [String])] = [
        (
            "784-128-10, 60,000 samples, batches of 32, an epoch",
            "fit(net, X, Y, loss=mse, optimizer=adam(0.001), batch_size=32, verbose=false);",
            ["mlp_jax", "mlp_torch", "mlp_keras"]
        ),
        (
            "conv32-3x3, relu, pool, conv64-3x3, relu, pool, dense10, 12,800 images, batches of 128",
            "fit(cnn, I, l, loss=crossentropy, optimizer=adam(0.001), batch_size=128, verbose=false);", ["cnn_torch", "cnn_keras"]
        ),
        (
            "XOR 2-4-1, 500 full-batch Adam steps",
            """
            small = sequential(input(2), dense(4, tanh), dense(1, sigmoid))
            fit(small, x, y, loss=mse, optimizer=adam(0.05), epochs=500, batch_size=4, verbose=false);
            """, ["xor_torch", "xor_keras"]
        ),
        (
            "LSTM(64) over the 28 rows of an image, 10 softmax, 12,800 images, batches of 128, an epoch",
            """
            recurrent = sequential(input(28, 28), lstm(64), dense(10, softmax))
            fit(recurrent, X[0:12800].reshape(-1, 28, 28), Y[0:12800], loss=crossentropy, optimizer=adam(0.001), batch_size=128, verbose=false);
            """, ["lstm_torch", "lstm_keras"]
        ),
        (
            "XOR 2-4-1, 5,000 full-batch steps in a loop that is written out, derivatives by grad",
            """
            fn xor_loss(θ) {
                W1, b1, W2, b2 = θ
                P = sigmoid(tanh(x @ W1 + b1) @ W2 + b2)
                sum((P - t)^2) / 2
            }
            t = [0; 1; 1; 0]
            fn descend() {
                θ = (uniform(-1, 1, 2, 4), zeros(4), uniform(-1, 1, 4, 1), zeros(1))
                for _ in range(5000) { θ -= 0.5 * ∇xor_loss(θ) }
                θ
            }
            descend();
            """, ["xor_grad_numpy", "xor_grad_torch"]
        ),
    ]
    for row in rows {
        print("  \(row.title)")
        for script in row.scripts {
            try run(row.code, session)
            let before = try least(of: 3, row.code, session)
            guard let other = seconds(python + " " + folder + script + ".py") else {
                print("    \(script): did not run")
                continue
            }
            let own = min(before, try least(of: 3, row.code, session))
            print("    \(script): \(three(other)) s, nnb \(three(own)) s, ratio \(three(own / other))")
        }
    }
}

private func least(of runs: Int, _ code: String, _ session: Session) throws -> Double {
    var least = Double.infinity
    for _ in 0..<runs {
        let watch = Stopwatch()
        try run(code, session)
        least = min(least, watch.seconds)
    }
    return least
}

/// Runs code whose failure ends the benchmark.
func run(_ code: String, _ session: Session) throws {
    if let failure = session.run(code, name: "benchmark", sink: Console()).failure {
        throw Failure(failure, "the benchmark's code does not run")
    }
}

/// What the script reports on its last line: `{"name": …, "seconds": 0.16}`.
private func seconds(_ command: String) -> Double? {
    guard let pipe = popen(command + " 2>/dev/null", "r") else { return nil }
    defer { pclose(pipe) }
    var text = ""
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), pipe) != nil {
        text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard let key = text.split(separator: " ").last else { return nil }
    return Double(key.prefix { $0 != "}" })
}

private func three(_ number: Double) -> String { "\((number * 1e5).rounded() / 1e5)" }
