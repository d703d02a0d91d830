import Diagnostics
import Language
import Sessions

/// Remembers what a session gives.
final class Witness: Sink {
    private(set) var printed = ""
    private(set) var results: [String] = []
    private(set) var displays: [Display] = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var progress: [String?] = []
    /// All in order, one letter each: text, result, display, diagnostic.
    private(set) var order = ""

    let isInteractive = false
    let columns = 80

    func take(_ event: Event) {
        switch event {
        case .text(let text):
            printed += text
            order += "t"
        case .result(let text, _):
            results.append(text)
            order += "r"
        case .display(let display):
            displays.append(display)
            order += "d"
        case .diagnostic(let diagnostic):
            diagnostics.append(diagnostic)
            order += "!"
        }
    }

    func progress(_ line: String?) { progress.append(line) }
}

extension Session {
    /// Runs code that is right, and gives the text of its value.
    @discardableResult
    func value(_ code: String) throws -> String {
        let witness = Witness()
        let report = run(code, name: "test", sink: witness)
        if report.failure != nil || !witness.diagnostics.isEmpty { throw Unexpected(messages: witness.diagnostics.map(\.message)) }
        return witness.results.first ?? ""
    }

    /// Runs code that is wrong, and gives what is said of it.
    func complaint(_ code: String) -> String {
        let witness = Witness()
        _ = run(code, name: "test", sink: witness)
        return witness.diagnostics.first?.message ?? ""
    }

    struct Unexpected: Error {
        var messages: [String]
    }
}
