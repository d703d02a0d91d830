import Diagnostics
import Sessions

/// Modules that lie as `NAME.nnb` in a folder, that of the notebook which imports them.
public enum ModuleFolder {
    /// The code of the module, every line at its place in the file; nil where there is no such file.
    public static func source(of module: String, in folder: String) throws(Failure) -> Source? {
        let path = "\(folder)/\(module).nnb"
        guard Files.exists(path) else { return nil }
        let bytes = try Files.read(path)
        let (code, diagnostics) = NotebookReader.code(of: bytes, name: path)
        if let diagnostic = diagnostics.first {
            throw Failure(.module, "\(path) is no notebook: \(diagnostic.message)", help: diagnostic.help.first)
        }
        return Source(name: "\(module).nnb", text: code)
    }
}
