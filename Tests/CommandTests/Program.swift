import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Runs the `nnb` that was built with the tests.
enum Program {
    struct Result {
        var output: String
        var errors: String
        var exitCode: Int32
    }

    static var path: String {
        #if DEBUG
        let configuration = "debug"
        #else
        let configuration = "release"
        #endif
        if let tests = realpath("/proc/self/exe", nil) {
            defer { free(tests) }
            let beside = folder(of: String(cString: tests)) + "/nnb"
            if access(beside, X_OK) == 0 { return beside }
        }
        return folder(of: folder(of: folder(of: #filePath))) + "/.build/\(configuration)/nnb"
    }

    static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// Runs to the end.
    static func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Result {
        let folder = try Folder()
        try folder.write("in", input)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.path + "/in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.path + "/out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.path + "/err", O_WRONLY | O_CREAT, 0o600)
        let process = try spawn(arguments, &actions, environment)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return Result(output: try folder.read("out"), errors: try folder.read("err"), exitCode: exitCode(status))
    }

    /// As a shell tells it: 128 and the signal's number where a signal ended it.
    static func exitCode(_ status: Int32) -> Int32 { status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F }

    /// Starts `nnb`.
    ///
    /// - Parameter flags: of `posix_spawn`.
    static func spawn(
        _ arguments: [String], _ actions: inout posix_spawn_file_actions_t, flags: Int16 = 0, _ environment: [String: String]
    ) throws -> pid_t {
        var all = ["PATH=/usr/bin:/bin", "HOME=/nonexistent"] + environment.map { "\($0.key)=\($0.value)" }
        // Where data sets are, and where a search for libraries goes on, are the machine's business.
        for name in ["NNB_DATA", "LD_LIBRARY_PATH"] {
            if let value = getenv(name) { all.append("\(name)=\(String(cString: value))") }
        }
        return try start(path, [path] + arguments, &actions, flags: flags, all)
    }

    static func start(
        _ program: String, _ arguments: [String], _ actions: inout posix_spawn_file_actions_t, flags: Int16 = 0,
        _ environment: [String]
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of the tests block signals, which a person's shell does not.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, flags | Int16(POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        try #require(posix_spawn(&process, program, &actions, &attributes, &argv, &envp) == 0)
        return process
    }
}

/// A folder of its own for a test.
final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/nnb-test.XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        // All names in it were made by the test.
        _ = try? Folder.shell("rm -r '\(path)'")
    }

    func write(_ name: String, _ text: String) throws {
        let file = try #require(fopen(path + "/" + name, "w"))
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    func read(_ name: String) throws -> String {
        let file = try #require(fopen(path + "/" + name, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    func names() throws -> [String] {
        let directory = try #require(opendir(path))
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    @discardableResult
    static func shell(_ command: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let process = try Program.start("/bin/sh", ["/bin/sh", "-c", command], &actions, ["PATH=/usr/bin:/bin"])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return Program.exitCode(status)
    }
}
