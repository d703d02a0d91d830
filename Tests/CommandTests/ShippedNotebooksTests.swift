import Notebooks
import Sessions
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The notebooks of `notebooks/`, all of them.
@Suite struct ShippedNotebooksTests {
    static let folder = Program.folder(of: Program.folder(of: Program.folder(of: #filePath))) + "/notebooks"

    static var names: [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".nnb") { names.append(name) }
        }
        return names.sorted()
    }

    @Test(arguments: names)
    func `it runs from its first cell to its last, and stores what it shows`(name: String) throws {
        let output = try Folder()
        let result = try Program.run(["run", "\(Self.folder)/\(name)", "-o", "\(output.path)/\(name)", "--quiet", "--timeout", "600"])
        #expect(result.errors == "")
        #expect(result.exitCode == 0)
        let (notebook, diagnostics) = try NotebookFile("\(output.path)/\(name)").read()
        #expect(diagnostics.isEmpty)
        #expect(notebook.run != nil)
        #expect(notebook.cells.contains { !$0.outputs.isEmpty })
    }

    @Test(arguments: names)
    func `it is written in the normal form`(name: String) throws {
        let bytes = try Files.read("\(Self.folder)/\(name)")
        #expect(NotebookWriter.write(NotebookReader.read(bytes, name: name).notebook) == bytes)
    }
}
