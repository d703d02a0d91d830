import ArgumentParser
import Diagnostics
import Notebooks
import Sessions

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Write notebooks in their normal form: attributes in order, one blank line between cells.")

    @Argument(help: "The notebooks; - reads standard input and writes standard output.", completion: .file(extensions: ["nnb"]))
    var files: [String]

    func run() throws { try rewrite(files) { $0 } }
}

struct StripCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strip", abstract: "Take the outputs off notebooks, with the files that hold large ones.")

    @Argument(help: "The notebooks; - reads standard input and writes standard output.", completion: .file(extensions: ["nnb"]))
    var files: [String]

    func run() throws { try rewrite(files, \.stripped) }
}

/// Writes each notebook changed. One that cannot be read stays as it is, and the others are done all the same.
private func rewrite(_ files: [String], _ change: (Notebook) -> Notebook) throws {
    let console = Console()
    var isFine = true
    for path in files {
        let file = NotebookFile(path)
        let (notebook, diagnostics) = try file.read()
        for diagnostic in diagnostics { console.take(.diagnostic(diagnostic)) }
        guard diagnostics.isEmpty else {
            isFine = false
            continue
        }
        let changed = change(notebook)
        try file.write(changed)
        try file.removeUnusedFiles(changed)
    }
    if !isFine { throw ExitCode(2) }
}
