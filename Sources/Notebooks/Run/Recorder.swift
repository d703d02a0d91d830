import Diagnostics
import Language
import Sessions

/// Collects what a cell gives as the outputs that its notebook keeps, and passes it on to whoever watches.
final class Recorder: Sink {
    /// A cell that prints without end does not fill the disk.
    static let mostText = 1 << 20

    private(set) var outputs: [Output] = []
    private let watcher: any Sink
    private var groups = 0
    private var textCount = 0

    init(watcher: any Sink) { self.watcher = watcher }

    /// Notebooks are read at any width, so theirs is fixed.
    var columns: Int { 80 }
    var isInteractive: Bool { watcher.isInteractive }
    func progress(_ line: String?) { watcher.progress(line) }

    func take(_ event: Event) {
        watcher.take(event)
        switch event {
        case .text(let text):
            record(printed: text)
        case .display(let display):
            record("display", forms: display.forms)
        case .result(let text, let display):
            var forms = display?.forms ?? []
            if !forms.contains(where: { $0.mime == "text/plain" }) { forms.append(("text/plain", text + "\n")) }
            record("result", forms: forms)
        case .diagnostic(let diagnostic):
            let kind = diagnostic.severity == .error ? "error" : "warning"
            outputs.append(Output(kind: kind, text: Renderer().text(diagnostic) + "\n"))
        }
    }

    private func record(printed text: String) {
        guard textCount <= Recorder.mostText else { return }
        textCount += text.utf8.count
        let kept = textCount <= Recorder.mostText ? text : "... (more than 1 MB was printed; the rest is not kept)\n"
        if let last = outputs.indices.last, outputs[last].kind == "print" {
            outputs[last].text += kept
        } else if !kept.isEmpty {
            outputs.append(Output(kind: "print", text: kept))
        }
    }

    private func record(_ kind: String, forms: [(mime: String, content: String)]) {
        if forms.count > 1 { groups += 1 }
        for form in forms {
            outputs.append(
                Output(
                    kind: kind, mime: form.mime == "text/plain" ? nil : form.mime, group: forms.count > 1 ? groups : nil,
                    text: form.content))
        }
    }
}
