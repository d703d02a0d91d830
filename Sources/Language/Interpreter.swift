import Diagnostics
import Tensors

/// What the interpreter needs of the world around it: it knows neither files nor terminals.
public protocol Host: AnyObject {
    /// What `print` writes, newline included.
    func write(_ text: String)
    /// A figure or a summary that shows by itself.
    func display(_ display: Display)
    /// A line that replaces the one before it: a progress bar. `nil` ends it.
    func progress(_ line: String?)
    /// The source of the module of that name; nil where there is none.
    func module(_ name: String) throws(Failure) -> Source?
    /// Whether progress is drawn in place (a terminal) or as plain lines.
    var isInteractive: Bool { get }
    /// Columns of the terminal, 80 elsewhere.
    var columns: Int { get }
}

/// A session of the language: its global names, its machine.
public final class Interpreter {
    public init() {}
}
