import Diagnostics
import Interchange
import Language
import Sessions

/// Tells of a run in lines of JSON, one an event, for other programs.
///
///     {"event": "output", "cell": 3, "kind": "result", "mime": "text/plain", "text": "[0.2, 0.1]"}
///     {"event": "end", "cell": 3, "error": null}
public final class JSONWatcher: RunWatcher {
    private let console: Console
    private var cell = 0

    public init(_ console: Console) { self.console = console }

    public var isInteractive: Bool { false }
    public var columns: Int { 80 }
    public func progress(_ line: String?) {}

    public func begin(_ cell: Cell, number: Int) { self.cell = number }

    public func end(failure: FailureKind?) {
        put("end", [JSON.Member("error", failure.map { .string($0.rawValue) } ?? .null)])
        console.flush()
    }

    public func take(_ event: Event) {
        switch event {
        case .text(let text): put("print", text)
        case .display(let display): for form in display.forms { put("display", form.content, mime: form.mime) }
        case .result(let text, let display):
            put("result", text)
            for form in display?.forms ?? [] where form.mime != "text/plain" { put("result", form.content, mime: form.mime) }
        case .diagnostic(let diagnostic):
            put(diagnostic.severity == .error ? "error" : "warning", Renderer().text(diagnostic) + "\n")
        }
    }

    private func put(_ kind: String, _ text: String, mime: String = "text/plain") {
        put("output", [JSON.Member("kind", .string(kind)), JSON.Member("mime", .string(mime)), JSON.Member("text", .string(text))])
    }

    private func put(_ event: String, _ members: [JSON.Member]) {
        console.write(JSON.object([JSON.Member("event", .string(event)), JSON.Member("cell", JSON(cell))] + members).text + "\n")
    }
}
