/// Something whose time is measured: one file each, and a line in `benchmarks`.
struct Benchmark: Sendable {
    let name: String
    let summary: String
    /// Measures and prints.
    let run: @Sendable () throws -> Void
}

/// In the order of the alphabet.
let benchmarks: [Benchmark] = [cnn, language, lstm, mlp, mnist, peers, scaling, sdss, startup, tape, xor]
