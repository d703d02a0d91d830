import Diagnostics
import Sessions
import Testing

@Suite struct SessionTests {
    @Test func `a cell prints, warns and shows its last value, in this order`() {
        let session = Session()
        let witness = Witness()
        let report = session.run("print(\"a\")\nx = 3\nprint(x)\nx + 1", name: "cell 1", sink: witness)
        #expect(report.failure == nil)
        #expect(witness.printed == "a\n3\n")
        #expect(witness.results == ["4"])
        #expect(witness.order.last == "r")
    }

    @Test(arguments: ["x = 1", "1;", "none", "", "# nothing", "for i in range(3) { i }"])
    func `what has no value shows none`(code: String) {
        let witness = Witness()
        #expect(Session().run(code, name: "cell 1", sink: witness).failure == nil)
        #expect(witness.results == [])
    }

    @Test func `a failing cell keeps what it printed and the session goes on`() {
        let session = Session()
        let witness = Witness()
        let report = session.run("y = 7\nprint(1)\ny // 0", name: "cell 1", sink: witness)
        #expect(report.failure == .value)
        #expect(witness.printed == "1\n")
        #expect(witness.diagnostics.map(\.kind) == [.value])
        #expect(throws: Never.self) { try #expect(session.value("y") == "7") }
    }

    @Test func `a mistake of syntax runs nothing`() {
        let witness = Witness()
        let report = Session().run("print(1)\n1 +\n", name: "cell 1", sink: witness)
        #expect(report.failure == .syntax)
        #expect(witness.printed == "")
    }

    @Test func `equal cells draw different numbers, equal sessions the same`() throws {
        let first = Session(seed: 3), second = Session(seed: 3), other = Session(seed: 4)
        let a = try first.value("rand(3)"), b = try first.value("rand(3)")
        #expect(a != b)
        // Another cell before does not change a cell's numbers.
        try second.value("rand(5)")
        #expect(try second.value("rand(3)") == a)
        #expect(try second.value("rand(3)") == b)
        #expect(try other.value("rand(3)") != a)
    }

    @Test func `a seed in code holds for the cells after it`() throws {
        let first = Session(seed: 1), second = Session(seed: 2)
        for session in [first, second] { try session.value("seed(5)") }
        #expect(try first.value("rand(3)") == second.value("rand(3)"))
    }

    @Test func `variables with type and shape`() throws {
        let session = Session()
        try session.value("a = 1; W = zeros(20, 3); s = \"text\"; f(x) = x; fn g() { t = 1 }")
        #expect(session.variables.map(\.name) == ["a", "W", "s", "f", "g"])
        #expect(session.variables.prefix(3).map(\.type) == ["number", "tensor", "string"])
        #expect(session.variables.prefix(3).map(\.summary) == ["1", "(20, 3) float64", "\"text\""])
    }

    @Test func `a variable's value is told on one line`() throws {
        let session = Session()
        try session.value("A = [1, 2; 3, 4]; long = \"\(String(repeating: "x", count: 200))\"")
        #expect(session.variables.allSatisfy { !$0.summary.contains("\n") && $0.summary.count <= 60 })
    }
}

@Suite struct ModuleTests {
    @Test func `a module comes from the standard library, then from beside the notebook`() throws {
        let session = Session { name in
            switch name {
            case "mine": Source(name: "mine.nnb", text: "twice(x) = 2 * x\n")
            case "metrics": Source(name: "metrics.nnb", text: "f1(a, b) = 99\n")
            default: nil
            }
        }
        #expect(try session.value("import mine\nmine.twice(4)") == "8")
        #expect(try session.value("from metrics import f1\nf1([1, 0], [1, 0])") == "1")
        #expect(session.complaint("import nosuch").contains("nosuch"))
    }

    @Test func `a module that fails to load says so`() {
        let session = Session { name throws(Failure) in
            if name == "bad" { return Source(name: "bad.nnb", text: "x = 1 +\n") }
            throw Failure(.file, "bad.nnb cannot be read")
        }
        #expect(session.complaint("import bad") != "")
        #expect(session.complaint("import other").contains("cannot be read"))
    }
}

@Suite struct CompletionTests {
    @Test func `files are completed in strings`() throws {
        let folder = try Folder(), session = Session()
        try Files.makeFolder(folder.path + "/a/b")
        try Files.replace(folder.path + "/data.csv", with: [])
        try Files.replace(folder.path + "/dates.csv", with: [])
        try Files.replace(folder.path + "/.hidden", with: [])
        #expect(session.completion(of: "t = read_csv(\"\(folder.path)/da") == Completion(replaced: 2, candidates: ["data.csv", "dates.csv"]))
        #expect(session.completion(of: "print('it is') ; x = read_csv('\(folder.path)/").candidates == ["a/", "data.csv", "dates.csv"])
        #expect(session.completion(of: "W' + \"\(folder.path)/nosuch").candidates == [])
        #expect(Session.files("\(folder.path)/d").candidates == ["data.csv", "dates.csv"])
    }

    @Test func `names of the notebook, of the prelude and keywords`() throws {
        let session = Session()
        try session.value("learning = 1; learned = 2; λ1 = 3")
        #expect(session.completion(of: "2 * learn") == Completion(replaced: 5, candidates: ["learned", "learning"]))
        #expect(session.completion(of: "2 * learn").common == "learn")
        #expect(session.completion(of: "λ").candidates == ["λ1"])
        #expect(session.completion(of: "zer").candidates.contains("zeros"))
        #expect(session.completion(of: "whi").candidates == ["while"])
        #expect(session.completion(of: "nosuch").candidates == [])
        #expect(session.completion(of: "").candidates == [])
        #expect(session.completion(of: "h = fit(net, zeros(2), ep").candidates == ["epochs="])
        #expect(session.completion(of: "early_stopping(").candidates == ["least_change=", "mode=", "monitor=", "patience=", "restore="])
        #expect(session.completion(of: "fit(net, [ep").candidates == [])
        #expect(session.completion(of: "f\"{learn").candidates == ["learned", "learning"])
        #expect(session.completion(of: "d = load(\"mn") == Completion(replaced: 2, candidates: ["mnist"]))
        #expect(session.completion(of: "fit(net, 2 * ep").candidates == [])
    }

    @Test func `fields and methods behind a point`() throws {
        let session = Session()
        try session.value("class Neuron { fn init() { self.weights = 1; self.bias = 2 }\n fn predict(x) { x } }\nn = Neuron()")
        #expect(session.completion(of: "n.").candidates == ["bias", "predict", "weights"])
        #expect(session.completion(of: "print(n.w").candidates == ["weights"])
        #expect(session.completion(of: "nosuch.w").candidates == [])
        #expect(session.completion(of: "n.nosuch.w").candidates == [])
    }

    @Test func `modules behind import`() {
        #expect(Session().completion(of: "import met").candidates == ["metrics"])
        #expect(Session().completion(of: "from perc").candidates == ["perceptron"])
    }
}
