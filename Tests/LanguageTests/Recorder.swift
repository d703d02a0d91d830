import Diagnostics
import Language

/// A host that keeps what is written, and has modules of its own.
final class Recorder: Host {
    var written = ""
    var modules: [String: String] = [:]

    func write(_ text: String) { written += text }
    func display(_ display: Display) { written += "<display>" }
    func progress(_ line: String?) {}
    func module(_ name: String) throws(Failure) -> Source? {
        modules[name].map { Source(name: "\(name).nnb", text: $0) }
    }
    var isInteractive: Bool { false }
    var columns: Int { 80 }
}

/// What a piece of a case gave, in the words of its expectation.
func outcomeText(_ outcome: Outcome, _ interpreter: Interpreter) -> String {
    let errors = outcome.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty {
        return errors.map { "error: \($0.kind.rawValue) \($0.message)" }.joined(separator: " / ")
    }
    if outcome.value.isMissing { return "nothing" }
    return "-> " + interpreter.text(outcome.value, .result(columns: 80)).split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\\n")
}
