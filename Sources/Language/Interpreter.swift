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

/// A session of the language: its global names, its machine. It belongs to one thread at a time.
public final class Interpreter {
    public unowned let host: any Host
    /// The stream of random numbers of the running cell.
    public var generator = Generator(seed: 0)
    /// The seed that each cell's stream is made of; `seed(n)` sets it.
    public var seed: UInt64 = 0

    private var attachments: [ObjectIdentifier: AnyObject] = [:]
    private var endings: [(Value) -> Void] = []

    public init(builtins: [Builtin], host: any Host) {
        self.host = host
    }

    /// Runs a cell. Its random numbers depend on the seed, the text and the occurrence among cells of the same text.
    public func run(_ source: Source, occurrence: Int = 0) -> Outcome {
        generator = Generator(seed: seed, stream: Generator.stream(of: source.bytes, occurrence: occurrence))
        return Outcome()
    }

    /// Calls anything that can be called. Arguments are borrowed; the result carries one count.
    public func call(_ function: Value, _ arguments: [Value]) throws(Failure) -> Value {
        throw Failure(.internal, "calls are not there yet")
    }

    /// The value as text.
    public func text(_ value: Value, _ style: TextStyle) -> String { "" }

    /// The rich form in which a value shows itself; nil where its text is all.
    public func display(of value: Value) -> Display? { value.native?.display }

    /// The user's names with their values, borrowed, in the order in which they were made.
    public var globals: [(name: String, value: Value)] { [] }

    /// Sets a global name; takes over one count.
    public func setGlobal(_ name: String, _ value: Value) { value.release() }

    /// Forgets a global name; false where there is none.
    public func removeGlobal(_ name: String) -> Bool { false }

    /// The value of a global name, or of the prelude's; borrowed.
    public func global(_ name: String) -> Value? { nil }

    /// Names after a `.`: fields and methods, for completion.
    public func fieldNames(of value: Value) -> [String] { value.native?.fieldNames ?? [] }

    /// A record of the prelude.
    public func builtin(named name: String) -> Builtin? { nil }

    /// All the records of the prelude, in the order of the catalogue.
    public var builtins: [Builtin] { [] }

    /// What a builtin keeps for the session (the current figure): one object a class.
    public func attachment<T: AnyObject>(_ type: T.Type = T.self, make: () -> T) -> T {
        if let known = attachments[ObjectIdentifier(type)] as? T { return known }
        let made = make()
        attachments[ObjectIdentifier(type)] = made
        return made
    }

    /// Has the action done once when the running cell ends, also by an error, before its value is shown: it is given
    /// the value that the cell will show (`missing` where none), borrowed.
    public func whenDone(_ action: @escaping (_ shown: Value) -> Void) { endings.append(action) }
}
