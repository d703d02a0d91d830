import Diagnostics

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Whole files, read and written without Foundation.
package enum Files {
    /// All bytes of a file; `-` is standard input.
    ///
    /// - Parameter name: how a message names it.
    package static func read(_ path: String, name: String? = nil) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be read", name ?? path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glue.read(descriptor, &chunk)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read", name ?? path) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Puts new bytes in the place of a file at one stroke: who reads it, or pulls the plug, finds the old ones or the new
    /// ones. Permissions stay; a symbolic link goes on leading to the file.
    package static func replace(_ path: String, with bytes: [UInt8], name: String? = nil) throws(Failure) {
        let name = name ?? path
        let path = resolved(path)
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o666 & ~currentMask()
        var template = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("cannot be written", name) }
        let written =
            write(bytes, to: descriptor) && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        let isWhole = close(descriptor) == 0 && written
        guard isWhole, rename(template, path) == 0 else {
            let failure = failure("cannot be written", name)
            unlink(template)
            throw failure
        }
    }

    /// Makes a folder and those above it; one that is there already is fine.
    package static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        if errno == ENOENT, let parent = folder(of: path), parent != path {
            try makeFolder(parent)
            guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        }
        throw failure("cannot be made", path)
    }

    /// Removes the files of a folder that the condition names, and the folder itself where it is then empty.
    package static func removeContents(of path: String, where isUnwanted: (_ name: String) -> Bool) {
        guard let directory = opendir(path) else { return }
        var unwanted: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if isUnwanted(name) { unwanted.append(name) }
        }
        closedir(directory)
        for name in unwanted { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Where symbolic links lead; the path itself where nothing is there.
    package static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The folder that a path names a file in; nil for a bare name.
    package static func folder(of path: String) -> String? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        String(path[(path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex)...])
    }

    /// All bytes to a descriptor; false where that fails.
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

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(.file, "\(path) \(what): \(String(cString: strerror(errno)))")
    }

    /// The mask for new files, which can only be read by setting it; the moment without one is ours alone.
    private static func currentMask() -> mode_t {
        let mask = umask(0o077)
        umask(mask)
        return mask
    }
}

/// `read` and `write` by names that the methods above do not hide.
private enum Glue {
    static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Darwin)
        Darwin.read(descriptor, &buffer, buffer.count)
        #else
        Glibc.read(descriptor, &buffer, buffer.count)
        #endif
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
