import Notebooks
import Sessions
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The notebooks of `notebooks/`, all of them; `.ci/run` runs each.
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
    func `it is written in the normal form`(name: String) throws {
        let bytes = try Files.read("\(Self.folder)/\(name)")
        #expect(NotebookWriter.write(NotebookReader.read(bytes, name: name).notebook) == bytes)
    }
}
