import Builtins
import Diagnostics
import Language

/// A world that keeps what is written.
final class RecordingHost: Host {
    var written = ""
    func write(_ text: String) { written += text }
    func display(_ display: Display) {}
    func progress(_ line: String?) {}
    func module(_ name: String) throws(Failure) -> Source? { nil }
    var isInteractive: Bool { false }
    var columns: Int { 100 }
}

/// What a piece of code shows, on one line with single spaces: its value as a cell shows it, or the message of its error.
func shown(_ code: String) -> String {
    run(code).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
}

private func run(_ code: String) -> String {
    let host = RecordingHost()
    let interpreter = Interpreter(builtins: Catalogue.builtins, host: host)
    let outcome = interpreter.run(Source(name: "test", text: code))
    if outcome.failed {
        let error = outcome.diagnostics.first { $0.severity == .error }
        return "error: \(error?.message ?? "none given")"
    }
    defer { outcome.value.release() }
    return host.written + (outcome.value.isMissing ? "" : interpreter.text(outcome.value, .result(columns: 100)))
}
