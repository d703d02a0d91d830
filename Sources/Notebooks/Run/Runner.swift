import Diagnostics
import Language
import Sessions

/// Runs the code cells of a notebook one after the other in a fresh session, and puts their outputs into it.
public struct Runner {
    public struct Options {
        /// Instead of the seed of the notebook's first line.
        public var seed: UInt64?
        /// Seconds that one cell may take; a cell that takes longer ends the run.
        public var timeout: Double?
        /// Whether to go on behind a cell that fails.
        public var allowsErrors: Bool
        /// How diagnostics name the only cell of a plain script.
        public var scriptName: String?

        public init(seed: UInt64? = nil, timeout: Double? = nil, allowsErrors: Bool = false, scriptName: String? = nil) {
            self.seed = seed
            self.timeout = timeout
            self.allowsErrors = allowsErrors
            self.scriptName = scriptName
        }
    }

    /// How a run ended.
    public enum Ending: Sendable {
        case finished, failed, timedOut, interrupted

        public var exitCode: Int32 {
            switch self {
            case .finished: 0
            case .failed: 1
            case .timedOut: 3
            case .interrupted: 130
            }
        }
    }

    public private(set) var notebook: Notebook
    private let options: Options
    private let session: Session
    private let proofs: Proofs

    public init(_ notebook: Notebook, options: Options = Options(), modules: @escaping Session.ModuleFinder = { _ in nil }) {
        self.notebook = notebook
        self.options = options
        let seed = options.seed ?? notebook.seed
        session = Session(seed: seed, modules: modules)
        proofs = Proofs(of: notebook, seed: seed)
    }

    /// - Parameters:
    ///   - watcher: is given what a cell gives as it comes, with the number of the cell before.
    ///   - save: is called after every cell, with the notebook so far.
    public mutating func run(
        watcher: any RunWatcher, save: (Notebook) throws(Failure) -> Void = { _ in }
    ) throws(Failure) -> Ending {
        notebook.run = nil
        var ending = Ending.finished
        var number = 0
        for index in notebook.cells.indices where notebook.cells[index].kind == .code {
            number += 1
            let cell = notebook.cells[index]
            if cell.tags.contains("skip-execution") { continue }
            let failure = run(index, name: options.scriptName ?? "cell \(number)", watcher)
            try save(notebook)
            switch failure {
            case nil: continue
            case .interrupt: return .interrupted
            case .timeout: return .timedOut
            default: break
            }
            if cell.tags.contains("raises-exception") || options.allowsErrors { continue }
            ending = .failed
            break
        }
        if ending == .finished {
            notebook.run = proofs.footer
            try save(notebook)
        }
        return ending
    }

    private mutating func run(_ index: Int, name: String, _ watcher: any RunWatcher) -> FailureKind? {
        let cell = notebook.cells[index]
        watcher.begin(cell, number: index + 1)
        let recorder = Recorder(watcher: watcher)
        if let timeout = options.timeout { Signals.limit(seconds: timeout) }
        var failure = session.run(cell.source, name: name, sink: recorder).failure
        if options.timeout != nil { Signals.limit(seconds: nil) }
        if failure == nil, Interruption.isRequested {
            // What it did last does not look at the clock.
            let stopped = Interruption.failure
            recorder.take(.diagnostic(Diagnostic(.error, stopped.kind, stopped.message)))
            failure = stopped.kind
        }
        watcher.end(failure: failure)
        notebook.cells[index].outputs = recorder.outputs.map { output in
            var output = output
            output.attributes["src"] = .string(proofs.sources[index])
            return output
        }
        return failure
    }
}

/// Watches a run: what each cell gives, between its beginning and its end.
public protocol RunWatcher: Sink {
    /// - Parameter number: of the cell in the notebook, from 1.
    func begin(_ cell: Cell, number: Int)
    func end(failure: FailureKind?)
}
