/// Seconds of wall-clock time.
struct Stopwatch {
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    var seconds: Double {
        let (seconds, attoseconds) = (clock.now - start).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

/// The least and the median of several runs, as text with a unit.
func report(_ what: String, _ times: [Double]) {
    let sorted = times.sorted()
    guard let least = sorted.first else { return }
    print("  \(what): \(inUnits(least)) at least, \(inUnits(sorted[sorted.count / 2])) in the middle of \(times.count)")
}

private func inUnits(_ seconds: Double) -> String {
    func three(_ number: Double) -> String {
        let scale = number >= 100 ? 1.0 : number >= 10 ? 10 : 1000
        return "\((number * scale).rounded() / scale)"
    }
    if seconds < 1e-3 { return three(seconds * 1e6) + " µs" }
    if seconds < 1 { return three(seconds * 1e3) + " ms" }
    return three(seconds) + " s"
}
