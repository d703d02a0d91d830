import Diagnostics
import Language
import Sessions

/// Shows a run on the console.
public final class ConsoleWatcher: RunWatcher {
    private let console: Console
    /// Whether only errors are shown.
    private let isQuiet: Bool
    private var isHidden = false

    public init(_ console: Console, isQuiet: Bool) {
        self.console = console
        self.isQuiet = isQuiet
    }

    public var isInteractive: Bool { console.isInteractive && !isQuiet }
    public var columns: Int { console.columns }

    public func begin(_ cell: Cell, number: Int) { isHidden = isQuiet || cell.tags.contains("hide-output") }

    public func end(failure: FailureKind?) {
        console.endLine()
        console.flush()
    }

    public func take(_ event: Event) {
        if case .diagnostic(let diagnostic) = event, diagnostic.severity == .error {
            console.take(event)
        } else if !isHidden {
            console.take(event)
        }
    }

    public func progress(_ line: String?) {
        if !isQuiet { console.progress(line) }
    }
}
