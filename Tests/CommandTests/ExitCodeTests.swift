import Testing

@Suite struct ExitCodeTests {
    @Test func `code on the command line shows its value`() throws {
        let result = try Program.run(["-e", "1+1"])
        #expect(result.output == "2\n")
        #expect(result.errors == "")
        #expect(result.exitCode == 0)
    }

    @Test func `a program may come on standard input`() throws {
        #expect(try Program.run([], input: "a = 2\nprint(a)\na * 3\n").output == "2\n6\n")
        #expect(try Program.run(["-"], input: "1;").output == "")
        #expect(try Program.run(["run", "-"], input: "%% nnb 1\n%% code\n1\n%% md\nx\n%% code\n2\n").output == "1\n2\n")
    }

    static let cases: [([String], Int32)] = [
        (["-e", "1 +"], 1), (["-e", "nosuchname"], 1), (["-e", "error(\"x\")"], 1), (["-e", "1", "file.nnb"], 2),
        (["nosuchfile.nnb"], 2), (["run"], 2), (["run", "/"], 2), (["--nosuchoption"], 2), (["run", "x", "-o", "y", "--in-place"], 2),
        (["run", "-", "--in-place"], 2), (["run", "-", "--seed", "-1"], 2), (["run", "-", "--timeout", "0"], 2),
        (["run", "-", "--param", "x"], 2), (["run", "-", "--param", "x=1"], 2), (["--help"], 0), (["--version"], 0), (["run", "--help"], 0),
    ]

    @Test(arguments: cases)
    func `what is wrong is told by the exit code`(arguments: [String], exitCode: Int32) throws {
        let result = try Program.run(arguments)
        #expect(result.exitCode == exitCode)
        #expect(result.errors.isEmpty == (exitCode == 0))
    }

    @Test func `a file that is no notebook`() throws {
        let result = try Program.run(["-"], input: "%% nnb 1\n%% what\n")
        #expect(result.exitCode == 2)
        #expect(result.errors.contains("no marker of a notebook"))
        #expect(result.errors.contains("standard input"))
    }

    @Test func `a cell that takes too long is stopped`() throws {
        let result = try Program.run(["-", "--timeout", "0.2"], input: "%% nnb 1\n%% code\nprint(7)\n%% code\nwhile true { }\n%% code\nprint(8)\n")
        #expect(result.exitCode == 3)
        #expect(result.output == "7\n")
        #expect(result.errors.contains("error[timeout]"))
    }

    /// Sorting does not look at the clock: its cell is found to be too long when it has ended.
    @Test func `a cell that took too long in one function has failed as well`() throws {
        let result = try Program.run(["-", "--timeout", "0.05"], input: "sort(rand(3000000)); 5\n")
        #expect(result.exitCode == 3)
        #expect(result.errors.contains("error[timeout]: the time for this cell is over"), "\(result.errors)")
    }

    @Test(arguments: ["> /dev/full", ">&-"])
    func `output that is lost is not passed over in silence`(_ place: String) throws {
        #if os(Linux)
        #expect(try Folder.shell("'\(Program.path)' -e '1+1' \(place) 2>/dev/null") == 2)
        #endif
    }

    @Test func `a place that cannot be written to is told before anything runs`() throws {
        let result = try Program.run(["-", "-o", "/nosuchfolder/x"], input: "print(7)\n")
        #expect(result.exitCode == 2 && result.output == "")
        #expect(result.errors.contains("cannot write \"/nosuchfolder/x\": No such file or directory"), "\(result.errors)")
    }

    @Test func `a training that takes too long is stopped, and not called interrupted`() throws {
        let fits = ["", "loss=(y, ŷ) -> mean((y - ŷ)^2), "].map { "fit(sequential(input(9), dense(99), dense(1)), rand(9999, 9), rand(9999), \($0)epochs=99999, verbose=false)" }
        for fit in fits {
            let result = try Program.run(["-", "--timeout", "0.3"], input: fit)
            #expect(result.exitCode == 3)
            #expect(result.errors.contains("error[timeout]: the time for this cell is over: interrupted in epoch"), "\(result.errors)")
        }
    }

    @Test func `code may begin with a minus`() throws {
        #expect(try Program.run(["-e", "-2^2"]).output == "-4\n")
    }

    @Test func `the usage names no command that is not there`() throws {
        #expect(try Program.run(["--timeout", "x"]).errors.contains("nnb start") == false)
    }

    @Test func `errors that are allowed do not stop the run`() throws {
        let input = "%% nnb 1\n%% code\nnosuch\n%% code\nprint(8)\n"
        let stopped = try Program.run(["-"], input: input)
        #expect(stopped.exitCode == 1 && stopped.output == "")
        let allowed = try Program.run(["-", "--allow-errors"], input: input)
        #expect(allowed.exitCode == 0 && allowed.output == "8\n")
        #expect(allowed.errors.contains("cell 1, line 1"))
    }

    @Test func `quiet shows errors alone`() throws {
        let result = try Program.run(["-", "--quiet"], input: "print(1)\n2\n")
        #expect(result.output == "" && result.errors == "" && result.exitCode == 0)
        #expect(try Program.run(["-", "--quiet"], input: "print(1)\nnosuch\n").errors.contains("nosuch"))
    }

    @Test func `events as lines of JSON`() throws {
        let result = try Program.run(["-", "--json"], input: "%% nnb 1\n%% md\nx\n%% code\nprint(\"a\\\"b\")\n[1, 2]\n%% code\nnosuch\n")
        #expect(result.exitCode == 1)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == #"{"event": "output", "cell": 2, "kind": "print", "mime": "text/plain", "text": "a\"b\n"}"#)
        #expect(lines.dropFirst().first == #"{"event": "output", "cell": 2, "kind": "result", "mime": "text/plain", "text": "[1, 2]"}"#)
        #expect(lines.dropFirst(2).first == #"{"event": "end", "cell": 2, "error": null}"#)
        #expect(lines.last == #"{"event": "end", "cell": 3, "error": "name"}"#)
    }
}
