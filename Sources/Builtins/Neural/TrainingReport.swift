import Language
import Neural
import Tensors

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

    /// Whether it is drawn while an epoch runs, too.
    var isDrawn: Bool { isVerbose && host.isInteractive }

    /// After a batch; drawn at most ten times a second.
    mutating func batch(_ progress: Training.Progress) {
        let now = TrainingReport.now()
        guard now - lastDrawn > 0.1 else { return }
        lastDrawn = now
        draw(progress.epoch, Double(progress.batch) / Double(max(1, progress.batches)), progress.measures, at: now)
    }

    /// After an epoch (they count from 1), with what was measured in it.
    mutating func epoch(_ epoch: Int, _ measures: [(name: String, value: Double)]) {
        guard isVerbose else { return }
        if host.isInteractive {
            let now = TrainingReport.now()
            guard now - lastDrawn > 0.1 || epoch == epochs else { return }
            lastDrawn = now
            draw(epoch, 1, measures, at: now)
        } else if epoch == 1 || epoch == epochs || epoch % stride == 0 {
            host.write("epoch \(epoch)/\(epochs)  \(TrainingReport.text(measures))\n")
        }
    }

    /// Ends the line that was drawn.
    func end() {
        if isVerbose, host.isInteractive { host.progress(nil) }
    }

    private func draw(_ epoch: Int, _ fraction: Double, _ measures: [(name: String, value: Double)], at now: Double) {
        let done = (Double(epoch - 1) + fraction) / Double(max(1, epochs))
        let width = 20
        let filled = min(width, Int(done * Double(width)))
        let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
        let spent = now - start
        let time = done < 1 ? "\(TrainingReport.clock(spent / max(done, 1e-9) - spent)) left" : TrainingReport.clock(spent)
        let line = "epoch \(epoch)/\(epochs) \(bar) \(time)  \(TrainingReport.text(measures))"
        host.progress(String(line.prefix(max(20, host.columns - 1))))
    }

    static func text(_ measures: [(name: String, value: Double)]) -> String {
        measures.map { "\($0.name) \(text($0.value))" }.joined(separator: "  ")
    }

    /// `0.0123`, `1.2e-05`: four significant digits.
    static func text(_ value: Double) -> String {
        var format = Format()
        format.type = "g"
        format.precision = 4
        return format.text(of: value, plain: "") ?? ""
    }

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
