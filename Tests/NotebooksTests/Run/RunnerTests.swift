import Diagnostics
import Language
import Notebooks
import Sessions
import Testing

@Suite struct RunnerTests {
    @Test func `each code cell gets its outputs with its src, text cells none`() throws {
        let (notebook, ending) = try run("%% nnb 1\n%% md\nx = 1\n%% code\nx = 2\nprint(x)\nx + 1\n%% raw\ny\n%% code\nplot([1, 2])\n")
        #expect(ending == .finished)
        #expect(notebook.cells[1].outputs.map(\.kind) == ["print", "result"])
        #expect(notebook.cells[1].outputs.map(\.text) == ["2\n", "3\n"])
        #expect(Set(notebook.cells[1].outputs.map { $0.attributes["src"]?.string?.count }) == [8])
        #expect(notebook.cells[0].outputs.isEmpty && notebook.cells[2].outputs.isEmpty)
        let figure = notebook.cells[3].outputs
        #expect(figure.map(\.mime) == ["image/svg+xml", "text/plain"])
        #expect(figure.map(\.group) == [.number("1"), .number("1")])
        #expect(notebook.run?["nnb"]?.string == Version.current)
    }

    @Test func `what is printed in pieces is one output, around what shows by itself`() throws {
        let (notebook, _) = try run("print(1); print(2); display = 3\nprint(\"é\")\n1 == 1\n")
        #expect(notebook.cells[0].outputs.map(\.text) == ["1\n2\né\n", "true\n"])
    }

    @Test func `a failure stops the run, unless it is allowed`() throws {
        let text = "%% nnb 1\n%% code\nprint(1)\nerror(\"oh\")\n%% code\n2\n%% out kind=\"result\" src=\"old\"\n| 7\n"
        let (stopped, ending) = try run(text)
        #expect(ending == .failed)
        #expect(stopped.cells[0].outputs.map(\.kind) == ["print", "error"])
        #expect(stopped.cells[0].outputs[1].text.hasPrefix("error[error]: oh\n  ┌ cell 1, line 2\n"))
        #expect(stopped.cells[1].outputs.map(\.text) == ["7\n"])
        #expect(stopped.run == nil)
        let (whole, fine) = try run(text, Runner.Options(allowsErrors: true))
        #expect(fine == .finished)
        #expect(whole.cells[1].outputs.map(\.text) == ["2\n"])
        #expect(whole.run != nil)
    }

    @Test func `it is saved after every cell`() throws {
        let (notebook, _) = NotebookReader.read(Array("%% nnb 1\n%% code\n1\n%% code\n2\n%% md\nx\n".utf8), name: "a")
        var runner = Runner(notebook)
        var saved: [[Int]] = []
        _ = try runner.run(watcher: Silence()) { notebook in saved.append(notebook.cells.map(\.outputs.count)) }
        #expect(saved == [[1, 0, 0], [1, 1, 0], [1, 1, 0]])
    }

    @Test func `more than a megabyte is not kept`() throws {
        let (notebook, _) = try run("s = \"0123456789\"\nt = \"\"\nfor i in range(10000) { t = t + s }\nfor i in range(20) { print(t) }\n")
        let text = try #require(notebook.cells[0].outputs.first?.text)
        #expect(text.utf8.count < 1_100_000)
        #expect(text.hasSuffix("the rest is not kept)\n"))
    }

    @Test func `src changes with the cell, the seed and what it depends on, and with nothing else`() throws {
        let sources = { (text: String, seed: UInt64) in
            let (notebook, _) = try run(text, Runner.Options(seed: seed))
            return notebook.cells.map { $0.outputs.first?.attributes["src"]?.string ?? "" }
        }
        let base = try sources("%% nnb 1\n%% code\na = 1; a\n%% code\nb = 2; b\n%% code\na + 1\n", 0)
        #expect(try sources("%% nnb 1\n%% code\na = 1; a\n%% md\ntext\n%% code\nb = 3; b\n%% code\na + 1\n", 0).filter { $0 != "" }[2] == base[2])
        #expect(try sources("%% nnb 1\n%% code\na = 9; a\n%% code\nb = 2; b\n%% code\na + 1\n", 0)[2] != base[2])
        #expect(try sources("%% nnb 1\n%% code\na = 9; a\n%% code\nb = 2; b\n%% code\na + 1\n", 0)[1] == base[1])
        #expect(zip(try sources("%% nnb 1\n%% code\na = 1; a\n%% code\nb = 2; b\n%% code\na + 1\n", 1), base).allSatisfy { $0 != $1 })
    }

    private func run(_ text: String, _ options: Runner.Options = Runner.Options()) throws -> (Notebook, Runner.Ending) {
        let (notebook, diagnostics) = NotebookReader.read(Array(text.utf8), name: "test.nnb")
        try #require(diagnostics.isEmpty)
        var runner = Runner(notebook, options: options)
        let ending = try runner.run(watcher: Silence())
        return (runner.notebook, ending)
    }
}

final class Silence: RunWatcher {
    let isInteractive = false
    let columns = 80
    func begin(_ cell: Cell, number: Int) {}
    func end(failure: FailureKind?) {}
    func take(_ event: Event) {}
    func progress(_ line: String?) {}
}
