import Diagnostics
import Language
import Sessions

/// The prompt: reads entries, runs each in one session, shows what comes of it.
public final class Prompt {
    /// What the prompt cannot do alone, since it knows no notebooks.
    public struct Notebooks {
        /// The code cells of a file, each with its name.
        public var load: (_ path: String) throws(Failure) -> [(name: String, code: String)]
        /// Writes a notebook with these code cells.
        public var save: (_ path: String, _ cells: [String]) throws(Failure) -> Void

        public init(
            load: @escaping (String) throws(Failure) -> [(name: String, code: String)],
            save: @escaping (String, [String]) throws(Failure) -> Void
        ) {
            self.load = load
            self.save = save
        }
    }

    let session: Session
    let console: Console
    let notebooks: Notebooks
    /// The entries that ran without an error, for `:save`.
    private(set) var accepted: [String] = []
    private var count = 0
    var isOver = false

    public init(session: Session, console: Console, notebooks: Notebooks) {
        self.session = session
        self.console = console
        self.notebooks = notebooks
    }

    /// Reads until Ctrl-D or `:quit`.
    public func run() throws(Failure) {
        Locale.useUTF8()
        Signals.installInterrupt(second: .isIgnored)
        var history = History(path: History.standardPath)
        guard let editor = LineEditor(program: "nnb", history: history.entries) else {
            throw Failure(.file, "this terminal cannot be used", help: "give the program on standard input, or in a file")
        }
        editor.isIncomplete = { Parser.isIncomplete(Command.code(in: $0)) }
        editor.complete = { [unowned self] in completing($0) }
        console.write("nnb \(Version.current); :help tells what can be done here, ?name explains a function\n")
        while !isOver {
            console.flush()
            switch editor.readEntry() {
            case .end:
                console.write("\n")
                isOver = true
            case .interrupted:
                console.write("^C\n")
            case .text(let entry):
                guard !entry.allSatisfy(\.isWhitespace) else { continue }
                history.add(entry)
                editor.remember(entry)
                take(entry)
            }
        }
        console.flush()
    }

    /// Does what an entry says: a command behind a colon, else a piece of a program.
    func take(_ entry: String) {
        if entry.hasPrefix(":") { return Command.run(entry.dropFirst(), self) }
        if execute(entry) != nil { accepted.append(entry) }
    }

    /// Runs code and gives how long it took; nil where it failed.
    @discardableResult
    func execute(_ code: String, name: String? = nil) -> Duration? {
        count += 1
        Interruption.clear()
        let report = session.run(code, name: name ?? "input \(count)", sink: console)
        // A Ctrl-C that came too late to stop anything is not for the next entry.
        Interruption.clear()
        console.endLine()
        return report.failure == nil ? report.duration : nil
    }

    func accept(_ code: String) { accepted.append(code) }

    // MARK: - Completion

    func completing(_ text: String) -> LineEditor.Completing {
        let completion = Command.completion(of: text) ?? session.completion(of: text)
        let typed = text.suffix(completion.replaced)
        switch completion.candidates.count {
        case 0:
            let isIndentation = text.suffix(while: { $0 != "\n" }).allSatisfy { $0 == " " }
            return isIndentation ? .replace(count: 0, with: "    ") : .nothing
        case 1:
            return .replace(count: completion.replaced, with: completion.candidates[0])
        default:
            let common = completion.common
            return common.count > typed.count
                ? .replace(count: completion.replaced, with: common) : .list(completion.candidates)
        }
    }
}
