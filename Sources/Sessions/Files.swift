import Builtins
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

    /// Puts new bytes in the place of a file at one stroke.
    package static func replace(_ path: String, with bytes: [UInt8], name: String? = nil) throws(Failure) {
        try Builtins.Files.write(bytes, to: path, name: name)
    }

    /// Refuses a place that cannot be written to, as far as that shows before.
    package static func checkWritable(_ path: String, name: String) throws(Failure) {
        try Builtins.Files.checkWritable(path, name: name)
    }

    /// Whether at a path is something that takes what is written one after the other, such as a pipe.
    package static func isSpecial(_ path: String) -> Bool { Builtins.Files.isSpecial(path) }

    /// All bytes to a descriptor; false where that fails, and errno says why.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool { Builtins.Files.write(bytes, to: descriptor) }

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

    /// The folder that a path names a file in; nil for a bare name.
    package static func folder(of path: String) -> String? { Builtins.Files.folder(of: path) }

    package static func name(of path: String) -> String {
        String(path[(path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex)...])
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(.file, "\(path) \(what): \(String(cString: strerror(errno)))")
    }
}

/// `read` by a name that the method above does not hide.
private enum Glue {
    static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Darwin)
        Darwin.read(descriptor, &buffer, buffer.count)
        #else
        Glibc.read(descriptor, &buffer, buffer.count)
        #endif
    }
}
