import Diagnostics

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

/// What running a cell gave.
public struct Outcome {
    /// What the cell shows by itself, with one count for the caller; `missing` where it shows nothing (an error, a
    /// statement, a `;` at the end, or none).
    public var value: Value
    /// Errors and warnings, in the order in which they were found.
    public var diagnostics: [Diagnostic]
    /// Whether the cell ended with an error.
    public var failed: Bool

    public init(value: Value = .missing, diagnostics: [Diagnostic] = [], failed: Bool = false) {
        self.value = value
        self.diagnostics = diagnostics
        self.failed = failed
    }
}

/// How a value is written.
public enum TextStyle: Sendable {
    /// As `print` writes it: numbers to 15 digits, tensors to 6, strings as they are.
    case print
    /// So that it reads back.
    case repr
    /// As a cell shows it, in so many columns: strings in quotes, long things abbreviated.
    case result(columns: Int)
}
