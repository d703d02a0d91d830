import Diagnostics
import Language
import Notebooks

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The texts that are changed: all `.nnb` and `.ipynb` files of the folders and those below, in the order of their paths,
/// and the cells of code in them.
struct Corpus {
    private(set) var texts: [[UInt8]] = []
    /// Of these, the ones that are programs without a mistake.
    private(set) var programs: [[UInt8]] = []

    init(_ folders: [String]) {
        for path in folders.flatMap(Corpus.files).sorted() {
            guard let bytes = Corpus.read(path), !bytes.isEmpty else { continue }
            texts.append(bytes)
            let cells = NotebookReader.read(bytes, name: path).notebook.cells.filter { $0.kind == .code }
            if cells.count > 1 { texts += cells.map { Array($0.source.utf8) } }
        }
        if texts.isEmpty { texts = [Array("x = [1, 2; 3, 4]\nfn f(a) { a @ x }\nf(x)\n".utf8)] }
        programs = texts.filter { Parser.parse(Source(name: "", text: String(decoding: $0, as: UTF8.self))).diagnostics.isEmpty }
        if programs.isEmpty { programs = texts }
    }

    private static func files(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return path.hasSuffix(".nnb") || path.hasSuffix(".ipynb") ? [path] : [] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { found += files(path + "/" + name) }
        }
        return found
    }

    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
