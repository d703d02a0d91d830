import Diagnostics
import Notebooks
import Testing

@Suite struct FormatTests {
    /// The example of the format's description.
    static let example = """
        %% nnb 1 lang="es" seed=42 title="Perceptrón"

        %% md
        # El perceptrón
        Rosenblatt (1958) ...

        %% code id="q1" points=2 tags=["exercise"]
        w, b = perceptron(X, y, rate=0.1)
        w
        %% out kind="result" src="9c1f2ab0"
        | [0.2, 0.1]
        %% out kind="display" mime="image/svg+xml" file="perceptron.nnb.out/3f9a.svg" src="9c1f2ab0"

        %% run code="77aa01c2" nnb="0.1.0"

        """

    @Test func `the example is read`() throws {
        let notebook = try read(FormatTests.example)
        #expect(notebook.attributes == ["lang": .string("es"), "seed": .number("42"), "title": .string("Perceptrón")])
        #expect(notebook.seed == 42)
        #expect(notebook.cells.map(\.kind) == [.md, .code])
        #expect(notebook.cells[0].source == "# El perceptrón\nRosenblatt (1958) ...")
        #expect(notebook.cells[1].source == "w, b = perceptron(X, y, rate=0.1)\nw")
        #expect(notebook.cells[1].tags == ["exercise"])
        #expect(notebook.cells[1].outputs.map(\.kind) == ["result", "display"])
        #expect(notebook.cells[1].outputs[0].text == "[0.2, 0.1]\n")
        #expect(notebook.cells[1].outputs[1].file == "perceptron.nnb.out/3f9a.svg")
        #expect(notebook.run == ["code": .string("77aa01c2"), "nnb": .string("0.1.0")])
    }

    @Test func `the example is written as it was read`() throws {
        #expect(text(try read(FormatTests.example)) == FormatTests.example)
    }

    @Test(arguments: [
        ("", Notebook(cells: [Cell(.code, "")])),
        ("print(1)\n", Notebook(cells: [Cell(.code, "print(1)")])),
        ("print(1)", Notebook(cells: [Cell(.code, "print(1)")])),
        ("%%time\nx", Notebook(cells: [Cell(.code, "%%time\nx")])),
        ("%% nnb 1", Notebook()),
        ("%% nnb 1\n\n\n", Notebook()),
        ("\u{FEFF}%% nnb 1\n%% md\na\n", Notebook(cells: [Cell(.md, "a")])),
        ("%% nnb 1\n%% md\na\n\n%% md\nb\n", Notebook(cells: [Cell(.md, "a"), Cell(.md, "b")])),
        ("%% nnb 1\n%% md\na\n%% md\nb\n\n", Notebook(cells: [Cell(.md, "a"), Cell(.md, "b\n")])),
        ("%% nnb 1\n%% code\n\n\na\n\n\n%% code\n", Notebook(cells: [Cell(.code, "\n\na\n"), Cell(.code, "")])),
        ("%% nnb 1\r\n%% md\r\na\r\nb\r\n", Notebook(cells: [Cell(.md, "a\nb")])),
        ("%% nnb 1\n%% md\na\r\nb\r\n", Notebook(cells: [Cell(.md, "a\r\nb\r")])),
        ("%% nnb 1\n%% md\na\rb\u{2028}c\u{c}d\n", Notebook(cells: [Cell(.md, "a\rb\u{2028}c\u{c}d")])),
        ("%% nnb 1\n%% md\n%%\\ md\n%%\\\n%%\\\\ x\n%%\\x\n", Notebook(cells: [Cell(.md, "%% md\n%%\n%%\\ x\n%%\\x")])),
        ("%% nnb 1\n%% md\n=======\n=======\\\n=======\\\\\n", Notebook(cells: [Cell(.md, "=======\n=======\n=======\\")])),
        ("%% nnb 1\n%% md\n<<<<<<<\\ a\n>>>>>>>\\ b\n", Notebook(cells: [Cell(.md, "<<<<<<< a\n>>>>>>> b")])),
        ("%% nnb 1\n%% md\n<<<<<<< a\n", Notebook(cells: [Cell(.md, "<<<<<<< a")])),
        ("%% nnb 1\n%% md\n %% md\n", Notebook(cells: [Cell(.md, " %% md")])),
    ])
    func `what is written by hand is read`(input: String, expected: Notebook) throws {
        #expect(try read(input) == expected)
    }

    @Test(arguments: [
        ("", "%% out kind=\"print\"\n"),
        ("\n", "%% out kind=\"print\"\n| \n"),
        ("a", "%% out kind=\"print\"\n| a\n\\\n"),
        ("a\n", "%% out kind=\"print\"\n| a\n"),
        ("\\\n", "%% out kind=\"print\"\n| \\\n"),
        ("\n\na\n\n", "%% out kind=\"print\"\n| \n| \n| a\n| \n"),
        ("%% md\n", "%% out kind=\"print\"\n| %% md\n"),
    ])
    func `the lines of an output`(output: String, written: String) throws {
        let notebook = Notebook(cells: [Cell(.code, "1", outputs: [Output(kind: "print", text: output)])])
        #expect(text(notebook) == "%% nnb 1\n\n%% code\n1\n" + written)
        #expect(try read(text(notebook)) == notebook)
    }

    @Test func `an output's empty line may have lost its space, and blank lines may follow it`() throws {
        let notebook = try read("%% nnb 1\n%% code\n%% out kind=\"print\"\n| a\n|\n| b\n\n\n\n%% code\n")
        #expect(notebook.cells[0].outputs[0].text == "a\n\nb\n")
    }

    @Test func `attributes are written in their order, and unknown ones kept as they are`() throws {
        let notebook = try read(
            #"%% nnb 1 zeta={"b":1,"a":[1.50,-0,1e400,12345678901234567890]} title="\u0041\ud83d\ude00\/" seed=1 alpha=null  "#)
        #expect(
            text(notebook) == #"""
                %% nnb 1 seed=1 title="A😀/" alpha=null zeta={"b": 1, "a": [1.50, -0, 1e400, 12345678901234567890]}

                """#)
    }

    @Test func `attachments stand before outputs`() throws {
        let input = "%% nnb 1\n\n%% md\na\n%% att name=\"a.png\" mime=\"image/png\"\n| iVBO\n\n%% code\n1\n"
        #expect(text(try read(input)) == input)
        #expect(try read(input).cells[0].attachments.map(\.text) == ["iVBO\n"])
    }
}

@Suite struct FormatMistakeTests {
    @Test(arguments: ["%% nnb 2\n%% code\n1\n", "%% nnb 1 seed=-1\n%% code\n1\n", "%% nnb 1\n%% code\r\n1\n", "%% nnb 1\n%% md\tid=\"a\"\n"])
    func `one mistake in a marker is one error`(input: String) {
        let diagnostics = NotebookReader.read(Array(input.utf8), name: "test").diagnostics
        #expect(diagnostics.count == 1)
        if input.contains(where: { $0 == "\t" || $0 == "\r\n" }) {
            #expect(diagnostics.first?.help.first?.hasPrefix("behind the word stands a tab") == true)
        }
    }

    /// Input, line, column, message.
    @Test(arguments: [
        ("%% nnb 1\n%% cell\n", 2, 1, "no marker of a notebook"),
        ("%% nnb 1\n%% md\n%%\n", 3, 1, "no marker of a notebook"),
        ("a = 1\n%% foo\n", 1, 1, "text before the first marker"),
        ("\nhello\n%% nnb 1\n", 2, 1, "text before the first marker"),
        ("%% code\n1\n", 1, 1, "the first marker of a notebook is `%% nnb 1`"),
        ("%% nnb 2\n", 1, 7, "version 2 of the format is not known here"),
        ("%% nnb\n", 1, 6, "the version is missing"),
        ("%% nnb 1\ntext\n%% md\n", 2, 1, "text that belongs to no cell"),
        ("%% nnb 1\n%% nnb 1\n", 2, 1, "`%% nnb` stands only at the beginning"),
        ("%% nnb 1\n%% run\n\n%% md\n", 4, 1, "nothing may follow `%% run`, which is the last marker"),
        ("%% nnb 1\n%% run\nx\n", 3, 1, "text that belongs to no cell"),
        ("%% nnb 1\n%% out kind=\"print\"\n", 2, 1, "an output stands below a code cell, an attachment below a cell"),
        ("%% nnb 1\n%% md\n%% out kind=\"print\"\n", 3, 1, "an output stands below a code cell, an attachment below a cell"),
        ("%% nnb 1\n%% code\n%% out\n", 3, 4, "`%% out` needs `kind=`"),
        ("%% nnb 1\n%% md\n%% att mime=\"a/b\"\n", 3, 4, "`%% att` needs `name=`"),
        ("%% nnb 1\n%% code\n%% out kind=\"print\"\nhello\n", 4, 1, "each line of an output begins with `| `"),
        ("%% nnb 1\n%% code\n%% out kind=\"print\"\n| a\n\n| b\n", 5, 1, "each line of an output begins with `| `"),
        ("%% nnb 1\n%% code\n%% out kind=\"print\"\n\\\n", 4, 1, "each line of an output begins with `| `"),
        ("%% nnb 1\n%% code\n%% out kind=\"print\"\n|a\n", 4, 1, "each line of an output begins with `| `"),
        ("%% nnb 1\n%% code\n%% out kind=\"print\" file=\"a\"\n| a\n", 4, 1, "an output whose text is in a file has no lines of its own"),
        ("%% nnb 1 seed\n", 1, 10, "`key=value` expected"),
        ("%% nnb 1 =1\n", 1, 10, "`key=value` expected"),
        ("%% nnb 1 1a=1\n", 1, 10, "`key=value` expected"),
        ("%% nnb 1 a=\n", 1, 12, "the value of `a`: a value is missing"),
        ("%% nnb 1 título=1\n", 1, 10, "`key=value` expected"),
        ("%% nnb 1 title=Hi\n", 1, 16, "the value of `title`: not a value: text stands in double quotes, \"like this\""),
        ("%% nnb 1 title=\"Hi\n", 1, 19, "the value of `title`: the string does not end"),
        ("%% nnb 1 a=[1,]\n", 1, 15, "the value of `a`: not a value: text stands in double quotes, \"like this\""),
        ("%% nnb 1 a=[1 2]\n", 1, 15, "the value of `a`: `,` or `]` expected"),
        ("%% nnb 1 a={\"b\":1,\"b\":2}\n", 1, 19, "the value of `a`: the name \"b\" stands here twice"),
        ("%% nnb 1 a=\"\\x\"\n", 1, 13, "the value of `a`: no escape of JSON"),
        ("%% nnb 1 a=\"\\ud800\"\n", 1, 13, "the value of `a`: half a surrogate pair"),
        ("%% nnb 1 a=01\n", 1, 13, "a space is missing"),
        ("%% nnb 1 a=1.\n", 1, 14, "the value of `a`: a digit expected"),
        ("%% nnb 1 a=1 a=2\n", 1, 14, "`a` stands here twice"),
        ("%% nnb 1\r\n%% md\n", 1, 7, "version 1\r of the format is not known here"),
        ("%% nnb 1 seed=-1\n", 1, 10, "`seed` must be a whole number from 0 to 18446744073709551615"),
        ("%% nnb 1 seed=1.5\n", 1, 10, "`seed` must be a whole number from 0 to 18446744073709551615"),
        ("%% nnb 1\n%% md id=\"a b\"\n", 2, 7, "`id` must be 1 to 64 letters, digits, `-` or `_` in double quotes"),
        ("%% nnb 1\n%% md id=7\n", 2, 7, "`id` must be 1 to 64 letters, digits, `-` or `_` in double quotes"),
        ("%% nnb 1\n%% md id=\"a\"\n%% md id=\"a\"\n", 3, 1, "two cells have the id \"a\""),
        ("%% nnb 1\n%% code tags=\"x\"\n", 2, 9, "`tags` must be a list of texts, [\"like\", \"this\"]"),
        ("%% nnb 1\n%% code tol=-1\n", 2, 9, "`tol` must be a number that is not negative"),
        ("%% nnb 1\n%% code\n%% out kind=\"a\" file=\"../x\"\n", 3, 17, "`file` must be the path of a file in the notebook's folder"),
        ("%% nnb 1\n%% code\n%% out kind=\"a\" file=\"/etc/x\"\n", 3, 17, "`file` must be the path of a file in the notebook's folder"),
        ("%% nnb 1\n%% code\n%% out kind=\"a\" file=\"a/./b\"\n", 3, 17, "`file` must be the path of a file in the notebook's folder"),
        ("%% nnb 1\n%% code\n%% out kind=\"a\" file=\"a\\\\b\"\n", 3, 17, "`file` must be the path of a file in the notebook's folder"),
        ("%% nnb 1\n%% md\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", 3, 1, "this file holds an unfinished merge of git"),
    ])
    func `a mistake is reported with its place`(input: String, line: Int, column: Int, message: String) throws {
        let (_, diagnostics) = NotebookReader.read(Array(input.utf8), name: "a.nnb")
        let diagnostic = try #require(diagnostics.first)
        #expect(diagnostic.message == message)
        #expect(place(diagnostic) == [line, column])
    }

    @Test func `an unfinished merge is refused with all its lines and nothing else`() {
        let text = "%% nnb 1\n%% foo\n<<<<<<< a\n>>>>>>> b\n<<<<<<< c\n>>>>>>> d\n"
        let (notebook, diagnostics) = NotebookReader.read(Array(text.utf8), name: "a.nnb")
        #expect(notebook == Notebook())
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.labels.count == 4)
    }

    @Test func `several mistakes are reported in one go`() {
        let text = "%% nnb 1 a\n%% what\n%% md id=3\n%% code tags=1\n"
        #expect(NotebookReader.read(Array(text.utf8), name: "a.nnb").diagnostics.count >= 4)
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() throws {
        let (_, diagnostics) = NotebookReader.read(Array("%% nnb 1\n%% md\né".utf8) + [0xFF, 0x41], name: "a.nnb")
        let diagnostic = try #require(diagnostics.first)
        #expect(diagnostic.message == "this is not a text in UTF-8")
        #expect(place(diagnostic) == [3, 3])
    }

    @Test func `JSON that is nested without end is refused`() {
        let deep = String(repeating: "[", count: 100_000)
        let (_, diagnostics) = NotebookReader.read(Array("%% nnb 1 a=\(deep)".utf8), name: "a.nnb")
        #expect(diagnostics.first?.message == "the value of `a`: nested more than 100 deep")
    }
}

func read(_ text: String) throws -> Notebook {
    let (notebook, diagnostics) = NotebookReader.read(Array(text.utf8), name: "test.nnb")
    try #require(diagnostics.map(\.message) == [])
    return notebook
}

func text(_ notebook: Notebook) -> String { String(decoding: NotebookWriter.write(notebook), as: UTF8.self) }

/// Line and column (in bytes) of a diagnostic's first label, from 1.
func place(_ diagnostic: Diagnostic) -> [Int] {
    guard let label = diagnostic.labels.first else { return [] }
    let before = label.source.bytes.prefix(Int(label.span.start))
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return [before.count { $0 == UInt8(ascii: "\n") } + 1, before.count - start + 1]
}
