import Sessions

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

enum Paths {
    /// As seen from the root, so that it stays right when the working folder changes; `-` stays.
    static func absolute(_ path: String) -> String {
        guard path != "-", !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    /// A notebook finds its data and its modules beside it, wherever it is started from.
    static func enterFolder(of path: String) {
        if path != "-", let folder = Files.folder(of: path) { chdir(folder) }
    }
}
