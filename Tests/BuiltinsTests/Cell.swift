import Diagnostics
import Language
import Sessions

/// What cells of one session gave, for tests of what a user sees.
final class Cell: Sink {
    private(set) var printed = ""
    private(set) var displays: [Display] = []
    private(set) var errors: [Diagnostic] = []
    private(set) var result = ""
    private(set) var shown: Display?
    let session: Session

    /// Runs the sources one after the other as cells of one session.
    init(_ sources: String..., seed: UInt64 = 0) {
        session = Session(seed: seed)
        for (index, source) in sources.enumerated() { _ = session.run(source, name: "cell \(index + 1)", sink: self) }
    }

    /// The first error's message, with its help behind ` | `; empty where all went well.
    var error: String {
        guard let first = errors.first(where: { $0.severity == .error }) else { return "" }
        return ([first.message] + first.help).joined(separator: " | ")
    }

    func take(_ event: Event) {
        switch event {
        case .text(let text): printed += text
        case .display(let display): displays.append(display)
        case .diagnostic(let diagnostic): errors.append(diagnostic)
        case .result(let text, let display): (result, shown) = (text, display)
        }
    }

    func progress(_ line: String?) {}
    let isInteractive = false
    let columns = 80
}
