#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Shares the inputs out among processes, keeps those that end one, and goes on behind them.
final class Watch {
    /// A worker is started afresh after so many inputs, whatever it has gathered.
    static let batch = 20_000
    static let secondsForOne = 20

    private struct Worker {
        var process: pid_t
        var end: Int
        var lastIndex = -1
        var quiet = 0
    }

    private let options: Options
    private let mutation: Mutation
    private let board: Board
    private let boardPath: String
    private var next = 0
    private var waiting: [(first: Int, end: Int)] = []
    private var workers: [Int: Worker] = [:]
    private(set) var found: [String] = []

    init?(_ options: Options, _ mutation: Mutation) {
        self.options = options
        self.mutation = mutation
        boardPath = "/tmp/nnb-fuzz.\(getpid())"
        guard let board = Board(boardPath, isNew: true) else { return nil }
        self.board = board
    }

    /// Whether nothing was found.
    func run() -> Bool {
        var ticks = 0
        while true {
            for slot in 0..<options.jobs where workers[slot] == nil { start(slot) }
            if workers.isEmpty { break }
            usleep(100_000)
            ticks += 1
            for slot in workers.keys.sorted() { look(slot) }
            if ticks % 100 == 0 { say(line) }
        }
        unlink(boardPath)
        say(line)
        return found.isEmpty
    }

    private var line: String {
        func sum(_ column: Board.Column) -> Int { (0..<options.jobs).reduce(0) { $0 + board[$1, column] } }
        return "\(sum(.tried)) tried, \(sum(.notebooks)) read as notebooks, \(sum(.parsed)) parsed, \(sum(.compiled)) compiled"
            + (options.isRunning ? ", \(sum(.ran)) run" : "") + ", \(found.count) found"
    }

    private func start(_ slot: Int) {
        let part: (first: Int, end: Int)
        if let rest = waiting.popLast() {
            part = rest
        } else if next < options.count {
            part = (next, min(options.count, next + Watch.batch))
            next = part.end
        } else {
            return
        }
        board[slot, .index] = part.first
        guard let process = spawn(options.command(boardPath, slot, part.first, part.end), slot) else { return }
        workers[slot] = Worker(process: process, end: part.end)
    }

    private func spawn(_ arguments: [String], _ slot: Int) -> pid_t? {
        #if os(Linux)
        let program = "/proc/self/exe"
        #else
        let program = CommandLine.arguments[0]
        #endif
        var strings: [UnsafeMutablePointer<CChar>?] = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, words(slot), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var process: pid_t = 0
        guard posix_spawn(&process, program, &actions, nil, &strings, environ) == 0 else { return nil }
        return process
    }

    /// Where a worker's last words go.
    private func words(_ slot: Int) -> String { "\(boardPath).\(slot)" }

    private func look(_ slot: Int) {
        guard var worker = workers[slot] else { return }
        var status: Int32 = 0
        let index = board[slot, .index]
        if waitpid(worker.process, &status, WNOHANG) == worker.process {
            workers[slot] = nil
            if status != 0 {
                // The low seven bits are the signal that ended it, the next byte what it gave back itself.
                let signal = status & 0x7f
                let code = (status >> 8) & 0xff
                keep(index, slot, signal != 0 ? "signal \(signal)" : code == Int32(Verdict.fault) ? "fault" : "exit \(code)")
                if index + 1 < worker.end { waiting.append((index + 1, worker.end)) }
            }
            unlink(words(slot))
            return
        }
        worker.quiet = index == worker.lastIndex ? worker.quiet + 1 : 0
        worker.lastIndex = index
        if worker.quiet > Watch.secondsForOne * 10 {
            kill(worker.process, SIGKILL)
            waitpid(worker.process, &status, 0)
            keep(index, slot, "hang")
            if index + 1 < worker.end { waiting.append((index + 1, worker.end)) }
            workers[slot] = nil
            unlink(words(slot))
            return
        }
        workers[slot] = worker
    }

    /// At once, also into a pipe.
    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    private func keep(_ index: Int, _ slot: Int, _ what: String) {
        mkdir(options.out, 0o755)
        let path = "\(options.out)/\(options.seed)-\(index).nnb"
        if let file = fopen(path, "wb") {
            let bytes = mutation.input(seed: options.seed, index: index)
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
        let last = Corpus.read(words(slot)).map { String(decoding: $0.prefix(300), as: UTF8.self) } ?? ""
        let summary = last.split(separator: "\n").first { $0.count > 3 }.map(String.init) ?? ""
        found.append(path)
        say("found: \(what), \(path) (--try \(index)) \(summary)")
    }
}
