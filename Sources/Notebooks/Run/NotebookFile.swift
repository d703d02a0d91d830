import Diagnostics
import Sessions

/// A notebook on disk with the folder of its large outputs, `NAME.nnb.out/`.
public final class NotebookFile {
    /// Text above this many bytes is kept in a file of its own.
    static let mostInline = 4096

    public let path: String
    /// What the file held when this object last read or wrote it; nil before.
    private var known: [UInt8]?

    /// How messages name it.
    private let name: String

    /// - Parameters:
    ///   - path: `-` is standard input and output.
    ///   - name: how messages name the file; its path where nothing is given.
    public init(_ path: String, name: String? = nil) {
        self.path = path
        isStream = path == "-" || Files.isSpecial(path)
        self.name = path == "-" ? "standard input" : name ?? path
    }

    /// Whether it is written once, at the end: to standard output, a pipe or a device.
    public let isStream: Bool
    private var folder: String { isStream ? "." : Files.folder(of: path) ?? "." }
    private var outputFolder: String { Files.name(of: path) + ".out" }

    public func read() throws(Failure) -> (notebook: Notebook, diagnostics: [Diagnostic]) {
        let bytes = try Files.read(path, name: name)
        known = bytes
        return NotebookReader.read(bytes, name: name)
    }

    /// Writes at one stroke, outputs' files first. Refuses where somebody else has changed the file since.
    public func write(_ notebook: Notebook) throws(Failure) {
        if isStream {
            let bytes = NotebookWriter.write(notebook)
            guard path == "-" else { return try Files.replace(path, with: bytes, name: name) }
            guard Files.write(bytes, to: 1) else { throw Failure(.file, "the notebook could not be written to standard output") }
            return
        }
        let bytes = NotebookWriter.write(try withOutputsInFiles(notebook))
        if let known {
            guard try Files.read(path, name: name) == known else {
                throw Failure(
                    .file, "\(name) was changed by somebody else while it ran, so it was left as it is",
                    help: "run it again, or write elsewhere with -o")
            }
            guard bytes != known else { return }
        }
        try Files.replace(path, with: bytes, name: name)
        known = bytes
    }

    /// Refuses a place that cannot be written to, before anything has been computed.
    public func checkWritable() throws(Failure) {
        if path != "-" { try Files.checkWritable(path, name: name) }
    }

    /// Removes files that earlier runs have left in the folder of outputs and that no output names any more.
    public func removeUnusedFiles(_ notebook: Notebook) throws(Failure) {
        guard !isStream else { return }
        let kept = try withOutputsInFiles(notebook).cells.flatMap { $0.outputs + $0.attachments }.compactMap(\.file)
        let names = Set(kept.map { Files.name(of: $0) })
        Files.removeContents(of: "\(folder)/\(outputFolder)") { name in
            NotebookFile.isOutputName(name) && !names.contains(name)
        }
    }

    /// Brings the files that outputs name over from where another notebook has them.
    public func adoptFiles(of notebook: Notebook, from other: NotebookFile) throws(Failure) -> Notebook {
        guard !isStream, folder != other.folder || outputFolder != other.outputFolder else { return notebook }
        var notebook = notebook
        for cell in notebook.cells.indices {
            for output in notebook.cells[cell].outputs.indices {
                guard let file = notebook.cells[cell].outputs[output].file, Files.exists("\(other.folder)/\(file)") else { continue }
                let bytes = try Files.read("\(other.folder)/\(file)")
                let name = "\(outputFolder)/\(Files.name(of: file))"
                try Files.makeFolder("\(folder)/\(outputFolder)")
                try Files.replace("\(folder)/\(name)", with: bytes)
                notebook.cells[cell].outputs[output].attributes["file"] = .string(name)
            }
        }
        return notebook
    }

    // MARK: - Outputs in files

    private func withOutputsInFiles(_ notebook: Notebook) throws(Failure) -> Notebook {
        var notebook = notebook
        for cell in notebook.cells.indices {
            for index in notebook.cells[cell].outputs.indices {
                let output = notebook.cells[cell].outputs[index]
                let bytes = Array(output.text.utf8)
                guard bytes.count > NotebookFile.mostInline else { continue }
                let name = "\(outputFolder)/\(Digest.text(of: bytes)).\(NotebookFile.ending(of: output.mime))"
                if !Files.exists("\(folder)/\(name)") {
                    try Files.makeFolder("\(folder)/\(outputFolder)")
                    try Files.replace("\(folder)/\(name)", with: bytes)
                }
                notebook.cells[cell].outputs[index].attributes["file"] = .string(name)
                notebook.cells[cell].outputs[index].text = ""
            }
        }
        return notebook
    }

    private static func ending(of mime: String) -> String {
        switch mime {
        case "text/plain": "txt"
        case "text/html": "html"
        case "image/svg+xml": "svg"
        case "application/json": "json"
        default: "bin"
        }
    }

    /// 64 hexadecimal digits, a point and an ending: a name that only this program gives.
    private static func isOutputName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "."))
        guard parts.count == 2, parts[0].count == 64 else { return false }
        return parts[0].allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
