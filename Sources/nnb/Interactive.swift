import Diagnostics
import Notebooks
import Sessions
import Terminal

/// The prompt with what it needs of the other front end.
enum Interactive {
    static func start(seed: UInt64) throws {
        let session = Session(seed: seed) { name throws(Failure) in try ModuleFolder.source(of: name, in: ".") }
        let notebooks = Prompt.Notebooks(
            load: { path throws(Failure) in try load(path) },
            save: { path, cells throws(Failure) in try save(cells, to: path) })
        try Prompt(session: session, console: Console(), notebooks: notebooks).run()
    }

    private static func load(_ path: String) throws(Failure) -> [(name: String, code: String)] {
        let (notebook, diagnostics) = try NotebookFile(path).read()
        if let diagnostic = diagnostics.first {
            throw Failure(.file, "\(path) is no notebook: \(diagnostic.message)", help: diagnostic.help.first)
        }
        let cells = notebook.cells.filter { $0.kind == .code && !$0.tags.contains("skip-execution") }
        return cells.enumerated().map { (notebook.isScript ? path : "\(path), cell \($0.offset + 1)", $0.element.source) }
    }

    private static func save(_ cells: [String], to path: String) throws(Failure) {
        guard !Files.exists(path) else {
            throw Failure(.file, "\(path) is there already", help: "choose another name, or remove it first")
        }
        try NotebookFile(path).write(Notebook(cells: cells.map { Cell(.code, $0) }))
    }
}
