import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Whole files, in and out.
package enum Files {
    /// The bytes of a file. Refused where it is more than a quarter of the memory that is left.
    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        let path = expand(path)
        guard let file = fopen(path, "rb") else { throw unreadable(path, errno) }
        defer { fclose(file) }
        var status = stat()
        guard fstat(fileno(file), &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(.file, "\(quoted(path)) is a folder, not a file")
        }
        let limit = max(0, MemoryLimit.available() / 4)
        guard status.st_size <= limit else { throw tooLarge(path) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        // A pipe has no size beforehand: read until nothing comes.
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            guard bytes.count + count <= limit else { throw tooLarge(path) }
            bytes += buffer[0..<count]
        }
        guard ferror(file) == 0 else { throw unreadable(path, errno) }
        return bytes
    }

    /// Writes a file so that at its path stands either what was there before or all of `bytes`.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let draft = "\(path).\(getpid()).part"
        guard let file = fopen(draft, "wb") else { throw unwritable(path, errno) }
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0 && fsync(fileno(file)) == 0
        let reason = errno
        guard fclose(file) == 0, isWritten, rename(draft, path) == 0 else {
            let reason = isWritten ? errno : reason
            unlink(draft)
            throw unwritable(path, reason)
        }
    }

    /// Makes a folder and those above it that are missing.
    package static func makeFolder(_ path: String) throws(Failure) {
        var made = path.first == "/" ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o755) != 0, errno != EEXIST else { continue }
            throw Failure(.file, "cannot make the folder \(quoted(made)): \(String(cString: strerror(errno)))")
        }
    }

    /// The names in a folder, sorted; none where it cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// `~/x` with the user's home folder.
    package static func expand(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = environment("HOME") else { return path }
        return home + path.dropFirst()
    }

    /// A variable of the environment; nil where it is not set or empty.
    package static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    static func quoted(_ path: String) -> String { "\"\(path)\"" }

    private static func unreadable(_ path: String, _ reason: Int32) -> Failure {
        guard reason == ENOENT else {
            return Failure(.file, "cannot read \(quoted(path)): \(String(cString: strerror(reason)))")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let name = String(parts.last ?? "")
        let here = names(in: folder.isEmpty ? "/" : folder)
        if let near = Nearest.match(name, in: here) {
            return Failure(.file, "there is no file \(quoted(path))", help: "did you mean \(quoted(near))?")
        }
        return Failure(
            .file, "there is no file \(quoted(path))",
            help: path.first == "/" ? nil : "a relative path starts from \(quoted(currentFolder()))")
    }

    private static func currentFolder() -> String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    private static func unwritable(_ path: String, _ reason: Int32) -> Failure {
        Failure(.file, "cannot write \(quoted(path)): \(String(cString: strerror(reason)))")
    }

    private static func tooLarge(_ path: String) -> Failure {
        Failure(.memory, "\(quoted(path)) is too large for the memory that is left")
    }
}
