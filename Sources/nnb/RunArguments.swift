import ArgumentParser
import Diagnostics
import Notebooks
import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a notebook from its first cell to its last, in a fresh session.")

    @OptionGroup var arguments: RunArguments

    mutating func run() throws {
        guard arguments.file != nil else { throw ValidationError("Which notebook? Give its file, or - for standard input.") }
        try arguments.start()
    }
}

/// What `nnb run` and `nnb` alone both take.
struct RunArguments: ParsableArguments {
    @Argument(help: "The notebook, or a plain script; - is standard input.", completion: .file(extensions: ["nnb"]))
    var file: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the notebook with its outputs here.", valueName: "file"))
    var output: String?

    @Flag(help: "Write the outputs into the notebook itself.")
    var inPlace = false

    @Flag(help: "Write nothing; this is the default.")
    var noSave = false

    @Option(help: "The seed of all random numbers, instead of the notebook's own.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("How long one cell may take; a cell that takes longer ends the run.", valueName: "seconds"))
    var timeout: Double?

    @Flag(help: "Go on behind cells that fail.")
    var allowErrors = false

    @Flag(help: "Show nothing but errors.")
    var quiet = false

    @Flag(help: "Show all outputs as lines of JSON.")
    var json = false

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp("Another value for what a cell tagged `parameters` assigns; may be repeated.", valueName: "name=value"))
    var parameters: [String] = []

    func validate() throws {
        guard [output != nil, inPlace, noSave].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give only one of --output, --in-place and --no-save.")
        }
        if let timeout, !(timeout > 0) { throw ValidationError("--timeout must be a number of seconds above 0.") }
        if inPlace && (file == nil || file == "-") { throw ValidationError("--in-place needs a file to write to.") }
    }

    /// Runs the file, or the code, and leaves with the exit code that tells how it ended.
    func start(code: String? = nil) throws {
        let console = Console()
        let file = NotebookFile(Paths.absolute(file ?? "-"), name: file)
        let target = output.map { NotebookFile(Paths.absolute($0), name: $0) } ?? (inPlace ? file : nil)
        var notebook = Notebook(cells: [Cell(.code, code ?? "")])
        var isScript = true
        if code == nil {
            let (read, diagnostics) = try file.read()
            guard diagnostics.isEmpty else {
                for diagnostic in diagnostics { console.take(.diagnostic(diagnostic)) }
                throw ExitCode(2)
            }
            notebook = read
            isScript = read.isScript
            Paths.enterFolder(of: file.path)
        }
        var values = Parameters()
        for parameter in parameters { try values.add(parameter) }
        notebook = try values.applied(to: notebook)
        if let target {
            try target.checkWritable()
            notebook = try target.adoptFiles(of: notebook, from: file)
        }

        Signals.installInterrupt(second: .endsProcess)
        if target != nil { Signals.ignoreClosedPipes() }
        let options = Runner.Options(
            seed: seed, timeout: timeout, allowsErrors: allowErrors,
            // What is written has marked cells, and a run of that gives the same bytes.
            scriptName: isScript && target == nil ? code == nil ? Files.name(of: self.file ?? "-") : "-e" : nil)
        var runner = Runner(notebook, options: options) { name throws(Failure) in try ModuleFolder.source(of: name, in: ".") }
        let isQuiet = quiet || output == "-"
        let watcher: any RunWatcher = json ? JSONWatcher(console) : ConsoleWatcher(console, isQuiet: isQuiet)
        let ending = try runner.run(watcher: watcher) { notebook throws(Failure) in
            if let target, !target.isStream { try target.write(notebook) }
        }
        if let target, target.isStream { try target.write(runner.notebook) }
        if ending == .finished { try target?.removeUnusedFiles(runner.notebook) }
        try console.finish()
        guard ending == .finished else { throw ExitCode(ending.exitCode) }
    }
}
