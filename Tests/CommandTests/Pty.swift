import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A terminal of 80 columns with `nnb` in it, as a person sits before it.
final class Pty {
    private let main: Int32
    private let process: pid_t
    /// All that was shown and not yet waited for.
    private var shown = ""
    private let home: Folder
    /// All that was shown, with its control sequences.
    private(set) var raw = ""

    init(_ arguments: [String] = [], home: Folder? = nil, environment: [String: String] = [:]) throws {
        self.home = try home ?? Folder()
        let name: String
        (main, name) = try Pty.open()
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a leader of a session opens becomes its own: Ctrl-C reaches it.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        process = try Program.spawn(
            arguments, &actions, flags: Pty.newSession,
            ["TERM": "xterm", "XDG_DATA_HOME": self.home.path].merging(environment) { $1 })
    }

    #if canImport(Darwin)
    private static let newSession = Int16(POSIX_SPAWN_SETSID)

    private static func open() throws -> (Int32, String) {
        let main = posix_openpt(O_RDWR | O_NOCTTY)
        try #require(main >= 0 && grantpt(main) == 0 && unlockpt(main) == 0)
        return (main, try #require(ptsname(main).map { String(cString: $0) }))
    }
    #else
    // Swift's Glibc leaves out what the headers give only to _GNU_SOURCE: the numbers of spawn.h and asm/ioctls.h.
    private static let newSession: Int16 = 0x80

    private static func open() throws -> (Int32, String) {
        let main = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var lock: Int32 = 0
        var number: Int32 = 0
        try #require(main >= 0 && ioctl(main, 0x4004_5431, &lock) == 0 && ioctl(main, 0x8004_5430, &number) == 0)
        return (main, "/dev/pts/\(number)")
    }
    #endif

    deinit {
        kill(process, SIGKILL)
        close(main)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(write(main, bytes, bytes.count) == bytes.count)
    }

    /// Waits until the terminal shows the text, and gives what it showed up to there, without its control sequences.
    @discardableResult
    func wait(for text: String, seconds: Double = 20) throws -> String {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while clock.now < end {
            if let range = shown.firstRange(of: text) {
                let seen = String(shown[..<range.upperBound])
                shown.removeSubrange(..<range.upperBound)
                return seen
            }
            var poller = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 100) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(main, &chunk, chunk.count)
            guard count > 0 else { break }
            pending += chunk[..<count]
            raw += String(decoding: chunk[..<count], as: UTF8.self)
            takePending()
        }
        Issue.record("waited for \(text.debugDescription), the terminal shows \(shown.debugDescription)")
        return shown
    }

    /// The exit code, once the program has ended.
    func exitCode(polls: Int = 200) -> Int32 {
        var status: Int32 = 0
        // What it still shows must be taken, or it waits for ever.
        for _ in 0..<polls {
            if waitpid(process, &status, WNOHANG) == process { return Program.exitCode(status) }
            var poller = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
            if poll(&poller, 1, 100) > 0 {
                var chunk = [UInt8](repeating: 0, count: 4096)
                if read(main, &chunk, chunk.count) <= 0 { usleep(50_000) }
            }
        }
        return -1
    }

    private var pending: [UInt8] = []

    /// Shows what is whole: no half of a character, no half of a control sequence.
    private func takePending() {
        guard let text = String(validating: pending, as: UTF8.self) else { return }
        var rest = Array(text.unicodeScalars)[...]
        var plain = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1B}" else {
                // CR LF is a newline to a reader, and CR alone draws a line again.
                if scalar != "\r" { plain.append(scalar) }
                continue
            }
            if rest.first == "[" {
                rest = rest.dropFirst().drop { !("@"..."~").contains($0) }.dropFirst()
            } else {
                rest = rest.dropFirst()
            }
        }
        pending = []
        shown.unicodeScalars.append(contentsOf: plain)
    }
}
