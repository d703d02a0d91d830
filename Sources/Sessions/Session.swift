import Builtins
import Diagnostics
import Language
import Stdlib

/// Runs cells one after the other: source in, events out. One session serves every front end; it belongs to one thread
/// at a time.
public final class Session {
    /// Finds the source of a module that is not in the standard library; nil where there is none.
    public typealias ModuleFinder = (_ name: String) throws(Failure) -> Source?

    /// How a cell ended.
    public struct Report: Sendable {
        /// What kind of error ended it; nil where none did.
        public var failure: FailureKind?
        public var duration: Duration
    }

    package let interpreter: Interpreter
    private let surroundings: Surroundings
    private var occurrences: [String: Int] = [:]

    /// - Parameters:
    ///   - seed: of all random numbers; each cell draws from its own stream, made of the seed, its source and its
    ///     occurrence among equal ones.
    ///   - modules: where modules are looked for after the standard library.
    public init(seed: UInt64 = 0, modules: @escaping ModuleFinder = { _ in nil }) {
        surroundings = Surroundings(modules: modules)
        interpreter = Interpreter(builtins: Catalogue.builtins, host: surroundings)
        interpreter.seed = seed
    }

    /// Runs one cell and gives the sink all that comes of it.
    ///
    /// - Parameter name: how diagnostics name the place: `cell 7`, `input 3`.
    public func run(_ text: String, name: String, sink: any Sink) -> Report {
        let occurrence = occurrences[text, default: 0]
        occurrences[text] = occurrence + 1
        surroundings.sink = sink
        defer { surroundings.sink = nil }

        let clock = ContinuousClock()
        let start = clock.now
        let outcome = interpreter.run(Source(name: name, text: text), occurrence: occurrence)
        let duration = clock.now - start
        sink.progress(nil)
        for diagnostic in outcome.diagnostics { sink.take(.diagnostic(diagnostic)) }
        show(outcome.value, sink)
        let failure = outcome.diagnostics.first { $0.severity == .error }?.kind
        return Report(failure: outcome.failed ? failure ?? .internal : nil, duration: duration)
    }

    private func show(_ value: Value, _ sink: any Sink) {
        defer { value.release() }
        guard !value.isMissing, !value.isNone else { return }
        let display = interpreter.display(of: value)
        sink.take(.result(text: interpreter.text(value, .result(columns: sink.columns)), display: display))
    }
}

extension Session {
    /// A module of the standard library; nil where there is none of that name.
    package static func standardModule(_ name: String) -> Source? {
        StandardLibrary.text(of: name).map { Source(name: "\(name).nnb", text: $0) }
    }

    /// An interpreter with the whole prelude and a world of one's own.
    package static func interpreter(host: any Host) -> Interpreter {
        Interpreter(builtins: Catalogue.builtins, host: host)
    }

    package static var preludeNames: [String] { Catalogue.builtins.map(\.name) }
}

/// The world as the interpreter sees it: whoever runs the cell, and the modules.
private final class Surroundings: Host {
    weak var sink: (any Sink)?
    private let modules: Session.ModuleFinder

    init(modules: @escaping Session.ModuleFinder) { self.modules = modules }

    func write(_ text: String) { sink?.take(.text(text)) }
    func display(_ display: Display) { sink?.take(.display(display)) }
    func progress(_ line: String?) { sink?.progress(line) }
    var isInteractive: Bool { sink?.isInteractive ?? false }
    var columns: Int { sink?.columns ?? 80 }

    func module(_ name: String) throws(Failure) -> Source? {
        if let module = Session.standardModule(name) { return module }
        return try modules(name)
    }
}
