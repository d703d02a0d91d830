import Diagnostics
import Language

/// What a cell gives while it runs, in the order in which it comes.
public enum Event: Sendable {
    /// What `print` writes, newlines included.
    case text(String)
    /// A figure or a summary that shows by itself.
    case display(Display)
    case diagnostic(Diagnostic)
    /// The value of the last expression: as text without a newline at its end, and in richer forms where it has them.
    case result(text: String, display: Display?)
}

/// A front end, as a session sees it.
public protocol Sink: AnyObject {
    func take(_ event: Event)
    /// A line that replaces the one before it: a progress bar. `nil` ends it.
    func progress(_ line: String?)
    /// Whether progress is drawn in place (a terminal) or as plain lines.
    var isInteractive: Bool { get }
    /// How many columns a text may be wide.
    var columns: Int { get }
}
