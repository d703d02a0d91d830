import Testing

@Suite(.serialized) struct PromptTests {
    /// The terminal makes a zero of a Ctrl-D that comes just before the prompt reads keys: a person presses it again.
    private func leave(_ pty: Pty, by keys: String) throws {
        var code: Int32 = -1
        for _ in 0..<10 where code == -1 {
            try pty.type(keys)
            code = pty.exitCode(polls: 20)
        }
        #expect(code == 0, "the terminal shows \(pty.raw.debugDescription)")
    }

    @Test func `an entry shows its value, and Ctrl-D leaves`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("w = 3\r")
        try pty.wait(for: "nnb> ")
        try pty.type("w + 1\r")
        try pty.wait(for: "\n4\n")
        try pty.wait(for: "nnb> ")
        try leave(pty, by: "\u{4}")
    }

    @Test func `a zero, which a Ctrl-D between two entries becomes, takes nothing of the key after it`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("1 + 1\r")
        try pty.wait(for: "\n2\n")
        try pty.wait(for: "nnb> ")
        try leave(pty, by: "\u{0}\u{4}")
    }

    @Test func `a mistake keeps the session`() throws {
        let pty = try Pty()
        try pty.type("a = 5\rnosuch\r")
        try pty.wait(for: "error[name]")
        try pty.type("a * 2\r")
        try pty.wait(for: "\n10\n")
    }

    @Test func `an open bracket opens further lines`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("fn f(x) {\rx + 40\r")
        try pty.wait(for: "\n    x + 40\n")
        try pty.type("}\r")
        try pty.wait(for: "nnb> ")
        try pty.type("f(2)\r")
        try pty.wait(for: "\n42\n")
    }

    @Test func `a line that would go on with the one before is told how to`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("[1, 2]\r|> sum\r")
        try pty.wait(for: "end the line before with")
        try pty.type("[1, 2]\r.shape\r")
        try pty.wait(for: "put parentheses around the whole")
    }

    @Test func `several lines may be pasted`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("\u{1B}[200~for i in range(3) {\n\tprint(i * 11)\n}\nprint(\"done\")\n\u{1B}[201~")
        try pty.type("\r")
        try pty.wait(for: "0\n11\n22\ndone\n")
    }

    @Test func `signs and names complete`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("\\alpha\t = 6; longname = 7\r")
        try pty.wait(for: "nnb> ")
        try pty.type("α * longn\t\r")
        try pty.wait(for: "\n42\n")
        try pty.type("zero\t")
        try pty.wait(for: "zeros")
    }

    @Test func `Ctrl-C stops what runs and keeps the session`() throws {
        let pty = try Pty()
        try pty.type("k = 17\rprint(\"on it\"); while true { }\r")
        try pty.wait(for: "\non it")
        try pty.type("\u{3}")
        try pty.wait(for: "error[interrupt]")
        try pty.wait(for: "nnb> ")
        try pty.type("k + 1\r")
        try pty.wait(for: "\n18\n")
    }

    @Test func `Ctrl-C at the prompt clears the line`() throws {
        let pty = try Pty()
        try pty.wait(for: "nnb> ")
        try pty.type("garbage(")
        try pty.wait(for: "garbage(")
        try pty.type("\u{3}")
        try pty.wait(for: "nnb> ")
        try pty.type("1 + 2\r")
        try pty.wait(for: "\n3\n")
    }

    @Test func `the history outlives the session`() throws {
        let home = try Folder()
        let first = try Pty(home: home)
        try first.type("print(\"ñandú\")\r")
        try first.wait(for: "\nñandú")
        try first.type(":quit\r")
        #expect(first.exitCode() == 0)
        let second = try Pty(home: home)
        try second.wait(for: "nnb> ")
        try second.type("\u{1B}[A\u{1B}[A\r")
        try second.wait(for: "\nñandú\n")
        try Folder.shell("rm -r '\(home.path)/nnb'")
    }

    @Test func `commands`() throws {
        let home = try Folder()
        let pty = try Pty(home: home)
        try pty.type("weights = zeros(30, 2)\r:vars\r")
        try pty.wait(for: "weights  tensor  (30, 2) float64\n")
        try pty.type(":time weights[0, 0]\r")
        try pty.wait(for: "\n0\n")
        try pty.wait(for: "s\n")
        try pty.type(":save \(home.path)/saved.nnb\r")
        try pty.wait(for: "2 cells in")
        #expect(try home.read("saved.nnb") == "%% nnb 1\n\n%% code\nweights = zeros(30, 2)\n\n%% code\nweights[0, 0]\n")
        try pty.type(":load \(home.path)/saved.nnb\r")
        try pty.wait(for: "\n0\n")
        try pty.type(":save \(home.path)/saved.nnb\r")
        try pty.wait(for: "is there already")
        try pty.type(":lod x\r")
        try pty.wait(for: "did you mean :load?")
        try pty.type(":help\r")
        try pty.wait(for: ":vars")
        try pty.type("?zeros\r")
        try pty.wait(for: "zeros(")
        try pty.type(":q\r")
        #expect(pty.exitCode() == 0)
        try Folder.shell("rm -r '\(home.path)/nnb'")
    }

    @Test func `colours are for terminals that want them`() throws {
        #expect(!(try Program.run(["-e", "nosuch"])).errors.contains("\u{1B}"))
        let coloured = try Pty(["-e", "nosuch"])
        try coloured.wait(for: "nosuch")
        #expect(coloured.raw.contains("\u{1B}["))
        let plain = try Pty(["-e", "nosuch"], environment: ["NO_COLOR": "1"])
        try plain.wait(for: "nosuch")
        #expect(!plain.raw.contains("\u{1B}["))
    }
}

@Suite struct InterruptTests {
    @Test func `Ctrl-C ends a run with 130 and keeps its outputs`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1\n%% code\nprint(\"first\")\n%% code\nprint(\"second\"); while true { }\n%% code\n3\n")
        let pty = try Pty(["run", folder.path + "/a.nnb", "--in-place"])
        try pty.wait(for: "second")
        try pty.type("\u{3}")
        #expect(pty.exitCode() == 130)
        let written = try folder.read("a.nnb")
        #expect(written.contains("| first\n"))
        #expect(written.contains("| second\n"))
        #expect(written.contains("| error[interrupt]"))
        #expect(written.hasSuffix("%% code\n3\n"))
    }

    @Test func `a closed pipe ends a run that writes nothing, and not one that does`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "for i in range(100000) { print(i) }\n")
        #expect(try Folder.shell("'\(Program.path)' '\(folder.path)/a.nnb' | head -1 >/dev/null") == 0)
        #expect(try Folder.shell("'\(Program.path)' '\(folder.path)/a.nnb' --in-place | head -1 >/dev/null") == 0)
        #expect(try folder.read("a.nnb").contains("%% run"))
    }
}
