import Sessions
import Terminal
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

@Suite struct HistoryTests {
    @Test func `entries outlive the session, the same one only once`() {
        let path = "/tmp/nnb-history-\(getpid())-\(UInt64.random(in: 0...UInt64.max))/nnb/history"
        defer { unlink(path) }
        var first = History(path: path)
        for entry in ["a = 1", "fn f(x) {\n    x\\y\n}", "b", "a = 1", "  \n "] { first.add(entry) }
        #expect(History(path: path).entries == ["fn f(x) {\n    x\\y\n}", "b", "a = 1"])
        var second = History(path: path)
        first.add("from the first")
        second.add("from the second")
        #expect(History(path: path).entries.suffix(2) == ["from the first", "from the second"])
    }

    @Test func `only the newest are kept`() {
        let path = "/tmp/nnb-history-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        let old = (0..<History.most).map { "\($0)\n" }.joined()
        try? Files.replace(path, with: Array(old.utf8))
        var history = History(path: path)
        history.add("new")
        #expect(history.entries.count == History.most)
        #expect(history.entries.first == "1")
        #expect(history.entries.last == "new")
    }

    @Test func `where it cannot be written it is kept for the session`() {
        var history = History(path: "/proc/nowhere/history")
        history.add("a")
        history.add("b")
        #expect(history.entries == ["a", "b"])
    }

    @Test(arguments: ["a\\nb\nc", "\\", "\n", "ŷ\\\\n"])
    func `an entry is written on one line and read back`(entry: String) {
        #expect(!History.escaped(entry).contains("\n"))
        #expect(History.unescaped(History.escaped(entry)) == entry)
    }
}
