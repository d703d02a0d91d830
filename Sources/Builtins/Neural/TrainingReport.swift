import Language

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What `fit` tells while it runs: in a terminal one line that is drawn anew, elsewhere a line for some of the epochs,
/// which holds no time, so that the same training writes the same text.
struct TrainingReport {
    private let host: any Host
    private let epochs: Int
    private let isVerbose: Bool
    private let start = TrainingReport.now()
    private var lastDrawn = 0.0
    /// Plain lines come every so many epochs, so that there are at most some twenty.
    private let stride: Int

    init(_ host: any Host, epochs: Int, isVerbose: Bool) {
        self.host = host
        self.epochs = epochs
        self.isVerbose = isVerbose
        stride = max(1, (epochs + 19) / 20)
    }

    /// After a batch: `done` of `count` batches of the epoch, which counts from 0. Drawn at most ten times a second.
    mutating func batch(epoch: Int, done: Int, of count: Int, loss: Double) {
        guard isVerbose, host.isInteractive else { return }
        let now = TrainingReport.now()
        guard now - lastDrawn > 0.1 else { return }
        lastDrawn = now
        draw(epoch: epoch, fraction: Double(done) / Double(max(1, count)), text: "loss \(TrainingReport.text(loss))", at: now)
    }

    /// After an epoch, with what was measured in it.
    mutating func epoch(_ epoch: Int, _ values: [(name: String, value: Double)]) {
        guard isVerbose else { return }
        let text = values.map { "\($0.name) \(TrainingReport.text($0.value))" }.joined(separator: "  ")
        if host.isInteractive {
            let now = TrainingReport.now()
            guard now - lastDrawn > 0.1 || epoch + 1 == epochs else { return }
            lastDrawn = now
            draw(epoch: epoch, fraction: 1, text: text, at: now)
        } else if epoch == 0 || epoch + 1 == epochs || (epoch + 1) % stride == 0 {
            host.write("epoch \(epoch + 1)/\(epochs)  \(text)\n")
        }
    }

    /// Ends the line that was drawn.
    func end() {
        if isVerbose, host.isInteractive { host.progress(nil) }
    }

    private func draw(epoch: Int, fraction: Double, text: String, at now: Double) {
        let done = (Double(epoch) + fraction) / Double(max(1, epochs))
        let width = 20
        let filled = min(width, Int(done * Double(width)))
        let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
        let spent = now - start
        let time = done < 1 ? "\(TrainingReport.clock(spent / max(done, 1e-9) - spent)) left" : TrainingReport.clock(spent)
        var line = "epoch \(epoch + 1)/\(epochs) \(bar) \(time)  \(text)"
        if line.count > max(20, host.columns - 1) { line = String(line.prefix(max(20, host.columns - 1))) }
        host.progress(line)
    }

    /// `0.0123`, `1.2e-05`: four significant digits.
    static func text(_ value: Double) -> String { NumberText.significant(value, 4) }

    /// `0:07`, `12:30`
    private static func clock(_ seconds: Double) -> String {
        let whole = seconds.isFinite ? Int(min(max(0, seconds), 359_999)) : 0
        let rest = whole % 60
        return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
