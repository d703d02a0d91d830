import Testing

@Suite struct SavingTests {
    @Test func `outputs go into the file, and running again changes nothing`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1 seed=7\n%% md\nHello\n%% code\nx = 2\nprint(x)\nx^2\n%% code\nx + 1\n")
        #expect(try Program.run(["run", folder.path + "/a.nnb", "--in-place"]).exitCode == 0)
        let once = try folder.read("a.nnb")
        #expect(once.hasPrefix("%% nnb 1 seed=7\n\n%% md\nHello\n\n%% code\nx = 2\nprint(x)\nx^2\n%% out kind=\"print\" src=\""))
        #expect(once.contains("\n| 2\n%% out kind=\"result\" src=\""))
        #expect(once.contains("\n| 3\n\n%% run code=\""))
        #expect(try Program.run([folder.path + "/a.nnb", "--in-place"]).exitCode == 0)
        #expect(try folder.read("a.nnb") == once)
        #expect(try Program.run(["strip", folder.path + "/a.nnb"]).exitCode == 0)
        #expect(try folder.read("a.nnb") == "%% nnb 1 seed=7\n\n%% md\nHello\n\n%% code\nx = 2\nprint(x)\nx^2\n\n%% code\nx + 1\n")
    }

    @Test func `without being asked nothing is written`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "print(1)\n")
        #expect(try Program.run(["run", folder.path + "/a.nnb"]).output == "1\n")
        #expect(try folder.read("a.nnb") == "print(1)\n")
        #expect(try folder.names() == ["a.nnb"])
    }

    @Test func `a failing cell keeps what came before, with its diagnostic as an output`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1\n%% code\nprint(1)\n%% code\nprint(2); error(\"oh\")\n%% code\nprint(3)\n")
        let result = try Program.run(["run", folder.path + "/a.nnb", "-o", folder.path + "/b.nnb"])
        #expect(result.exitCode == 1)
        let written = try folder.read("b.nnb")
        #expect(written.contains("| 1\n"))
        #expect(written.contains("| 2\n%% out kind=\"error\" src=\""))
        #expect(written.contains("| error[error]: oh"))
        #expect(!written.contains("%% run"))
        #expect(written.hasSuffix("%% code\nprint(3)\n"))
        #expect(try folder.read("a.nnb").hasSuffix("print(3)\n"))
    }

    @Test func `large outputs are files by their hash, and go when nobody names them`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1\n%% code\nfor i in range(2000) { print(i) }\n")
        #expect(try Program.run(["run", folder.path + "/a.nnb", "--in-place"]).exitCode == 0)
        #expect(try folder.names() == ["a.nnb", "a.nnb.out"])
        let written = try folder.read("a.nnb")
        // seq 0 1999 | sha256sum
        let name = "a.nnb.out/60ca767d880385d16bd409800190b12f8eb69cff0a3117a3fa106ed751d2b386.txt"
        #expect(written.contains("%% out kind=\"print\" file=\"\(name)\" src=\""))
        try folder.write("a.nnb", written.replacing("2000", with: "3"))
        #expect(try Program.run(["run", folder.path + "/a.nnb", "--in-place"]).exitCode == 0)
        #expect(try folder.names() == ["a.nnb"])
    }

    @Test func `tags: skipped, allowed to fail, other parameters`() throws {
        let folder = try Folder()
        try folder.write(
            "a.nnb",
            """
            %% nnb 1
            %% code tags=["parameters"]
            rate = 0.1; name = "x"
            layers = [1, 2]
            %% code tags=["skip-execution"]
            nosuch
            %% out kind="result"
            | kept
            %% code tags=["raises-exception"]
            nosuch
            %% code tags=["hide-output"]
            print("hidden")
            %% code
            print(rate, name, layers)

            """)
        let result = try Program.run([
            "run", folder.path + "/a.nnb", "--in-place", "--param", "rate=2e-3", "--param", "name=iris.csv", "--param", "layers=[3]",
        ])
        #expect(result.exitCode == 0)
        #expect(result.output == "0.002 iris.csv [3]\n")
        let written = try folder.read("a.nnb")
        #expect(written.contains("rate = 2e-3; name = \"iris.csv\"\nlayers = [3]\n"))
        #expect(written.contains("%% out kind=\"result\"\n| kept\n"))
        #expect(written.contains("| hidden\n"))
        #expect(written.contains("error[name]"))
        let wrong = try Program.run(["run", folder.path + "/a.nnb", "--param", "rat=1"])
        #expect(wrong.exitCode == 2)
        #expect(wrong.errors.contains("did you mean `rate`?"))
    }

    @Test func `the seed decides the numbers, also from outside`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1 seed=7\n%% code\nrand(2)\n%% code\nrand(2)\n")
        let run = { (arguments: [String]) in try Program.run(["run", folder.path + "/a.nnb"] + arguments).output }
        let first = try run([])
        #expect(try run([]) == first)
        #expect(try run(["--seed", "7"]) == first)
        #expect(try run(["--seed", "8"]) != first)
        let lines = first.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] != lines[1])
    }

    @Test func `a notebook finds its modules and its data beside it`() throws {
        let folder = try Folder()
        try folder.write("mine.nnb", "%% nnb 1\n%% md\nText\n%% code\ndouble(x) = 2 * x\n")
        try folder.write("a.nnb", "import mine\nfrom metrics import f1\nprint(mine.double(4), f1([1, 0], [1, 0]))\n")
        #expect(try Program.run([folder.path + "/a.nnb"]).output == "8 1\n")
    }

    @Test func `a notebook that somebody changes while it runs is left alone`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1\n%% code\nt = 0; while t < 2e8 { t += 1 }\n%% code\n1\n")
        let other = "%% nnb 1\n%% code\n# mine\n"
        try folder.write("other", other)
        let script = """
            cd '\(folder.path)'
            '\(Program.path)' run a.nnb --in-place 2>err &
            sleep 0.2
            cp other a.nnb
            wait $!
            """
        #expect(try Folder.shell(script) == 2)
        #expect(try folder.read("err").contains("changed by somebody else"))
        #expect(try folder.read("a.nnb") == other)
    }

    @Test func `the normal form`() throws {
        let folder = try Folder()
        try folder.write("a.nnb", "%% nnb 1   title=\"\\u0041\" seed=1\r\n%% md\r\n\r\nx\r\n")
        #expect(try Program.run(["fmt", folder.path + "/a.nnb"]).exitCode == 0)
        #expect(try folder.read("a.nnb") == "%% nnb 1 seed=1 title=\"A\"\n\n%% md\n\nx\n")
        #expect(try Program.run(["fmt", "-"], input: "1 + 1").output == "%% nnb 1\n\n%% code\n1 + 1\n")
        #expect(try Program.run(["fmt", "-"], input: "%% oh").exitCode == 2)
    }
}
