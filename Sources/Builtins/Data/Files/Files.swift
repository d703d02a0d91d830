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
        guard !isFolder(status) else {
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

    /// Puts new bytes in the place of a file at one stroke: who reads it, or pulls the plug, finds the old ones or the new
    /// ones. Owner and permissions stay; a symbolic link goes on leading to the file. What is no file, such as a pipe or
    /// /dev/null, is written to as it is.
    ///
    /// - Parameter name: how a message names it.
    package static func write(_ bytes: [UInt8], to path: String, name: String? = nil) throws(Failure) {
        let name = name ?? path
        try checkWritable(path, name: name)
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, isSpecial(status) {
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            guard descriptor >= 0 else { throw unwritable(name, errno) }
            let reason = write(bytes, to: descriptor) ? 0 : errno
            close(descriptor)
            if reason != 0 { throw unwritable(name, reason) }
            return
        }
        let target = try target(of: path, name)
        let mode = isThere ? status.st_mode & 0o7777 : 0o666 & ~currentMask()
        var draft = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&draft)
        guard descriptor >= 0 else { throw unwritable(name, errno) }
        // Only the superuser can write for another owner, and need not.
        if isThere, status.st_uid != geteuid() || status.st_gid != getegid() { _ = fchown(descriptor, status.st_uid, status.st_gid) }
        let isWritten = write(bytes, to: descriptor) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        var reason = isWritten ? 0 : errno
        if close(descriptor) != 0 || isWritten && rename(draft, target) != 0 { reason = errno }
        guard reason == 0 else {
            unlink(draft)
            throw unwritable(name, reason)
        }
    }

    /// Refuses a place that cannot be written to, as far as that shows before.
    package static func checkWritable(_ path: String, name: String? = nil) throws(Failure) {
        let name = name ?? path
        var status = stat()
        if stat(path, &status) == 0 {
            if isFolder(status) { throw Failure(.file, "\(quoted(name)) is a folder, not a file") }
            // Of files this asks the permissions even for the superuser, who may do anything: they are meant.
            let isAllowed = isRegular(status) && status.st_mode & 0o222 == 0 ? false : access(path, W_OK) == 0
            guard isAllowed else { throw unwritable(name, EACCES) }
            return
        }
        guard errno == ENOENT else { throw unwritable(name, errno) }
        let folder = folder(of: try target(of: path, name)) ?? "."
        guard access(folder, W_OK | X_OK) == 0 else { throw unwritable(name, errno) }
    }

    /// Whether at a path is something that takes what is written one after the other, such as a pipe, or the file that
    /// standard output goes to.
    package static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && !isFolder(status) && isSpecial(status)
    }

    private static func isSpecial(_ status: stat) -> Bool {
        var output = stat()
        return !isRegular(status)
            || fstat(STDOUT_FILENO, &output) == 0 && output.st_dev == status.st_dev && output.st_ino == status.st_ino
    }

    private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    private static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    /// The folder that a path names a file in; nil for a bare name.
    package static func folder(of path: String) -> String? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Where symbolic links lead, also where nothing is there yet.
    private static func target(of path: String, _ name: String) throws(Failure) -> String {
        var target = path
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink(target, &buffer, buffer.count - 1)
            guard count >= 0 else { return target }
            let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            target = link.hasPrefix("/") ? link : "\(folder(of: target) ?? ".")/\(link)"
        }
        throw unwritable(name, ELOOP)
    }

    /// All bytes to a descriptor; false where that fails, and errno says why.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glue.write(descriptor, $0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The mask for new files, which can only be read by setting it; the moment without one is ours alone.
    private static func currentMask() -> mode_t {
        let mask = umask(0o077)
        umask(mask)
        return mask
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

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && isFolder(status)
    }

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

/// `write` by a name that the methods above do not hide.
private enum Glue {
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
