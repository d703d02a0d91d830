import Terminal
import Testing

@Suite struct KeysTests {
    @Test(arguments: [
        ("a\rb", "a\nb"), ("a\r\nb\r\n", "a\nb"), ("a\n\nb", "a\n\nb"), ("\tx", "    x"), ("a\u{1B}[31mb\u{7}\u{0}", "a[31mb"),
        ("ŷ = 1", "ŷ = 1"), ("", ""),
    ])
    func `what is pasted becomes text without control characters`(sent: String, text: String) {
        var scalars = Array((sent + "\u{1B}[201~and what is typed then").unicodeScalars)[...]
        #expect(Keys.pasted { scalars.popFirst() } == text)
        #expect(String(String.UnicodeScalarView(scalars)) == "and what is typed then")
    }

    @Test func `a paste that never ends is taken as far as it goes`() {
        var scalars = Array("abc".unicodeScalars)[...]
        #expect(Keys.pasted { scalars.popFirst() } == "abc")
    }

    @Test(arguments: [
        ("fn f() {", "    "), ("fn f() {\n    x = [", "        "), ("    a", "    "), ("a", ""), ("", ""), ("f( ", "    "), ("{}", ""),
    ])
    func `a further line is indented like the last, and more behind an open bracket`(text: String, indentation: String) {
        #expect(Indentation.next(after: text) == indentation)
    }

    @Test(arguments: [("fn f() {\n    ", true), ("fn f() {\n    x", false), ("    ", false), ("{\n  ", false), ("", false)])
    func `a closing brace goes back where it begins a further line`(text: String, goesBack: Bool) {
        #expect(Indentation.isAlone(text) == goesBack)
    }

    @Test func `words stand in columns`() {
        #expect(Columns.text(of: ["a", "bb", "ccc", "d"], width: 10) == "a    ccc\nbb   d\n")
        #expect(Columns.text(of: ["long"], width: 2) == "long\n")
        #expect(Columns.text(of: (0..<102).map(String.init), width: 80).hasSuffix("... and 2 more\n"))
    }
}

@Suite struct CommandTests {
    @Test(arguments: [
        (Duration.nanoseconds(12), "12 ns"), (.nanoseconds(1234), "1.23 µs"), (.microseconds(12345), "12.3 ms"),
        (.milliseconds(999), "999 ms"), (.seconds(2), "2 s"), (.seconds(75), "75 s"), (.zero, "0 s"),
    ])
    func `a duration is written with three digits`(duration: Duration, text: String) {
        #expect(Command.text(of: duration) == text)
    }

    @Test func `commands complete behind their colon`() {
        #expect(Command.completion(of: ":l")?.candidates == [":load "])
        #expect(Command.completion(of: ":")?.candidates.count == Command.all.count)
        #expect(Command.completion(of: ":load /usr/inc")?.candidates == ["include/"])
        #expect(Command.completion(of: ":time lear") == nil)
        #expect(Command.code(in: ":time fn f(x) {") == "fn f(x) {" && Command.code(in: ":load {") == "" && Command.code(in: "a(") == "a(")
        #expect(Command.all.map(\.name) == Command.all.map(\.name).sorted())
    }
}
