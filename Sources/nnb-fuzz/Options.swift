/// What the command line asks for.
struct Options {
    static let usage = """
        nnb-fuzz [FOLDER...] [--count N] [--seed S] [--run] [--jobs J] [--out FOLDER] [--try INDEX]

        Changes the programs and notebooks of the folders (notebooks, stdlib and the tests without any) at random and puts
        them through lexer, parser, compiler and the notebook format; with --run they are run too, for so many steps.
        An input that ends the process, hangs it or does not survive being written and read is kept in the out folder.
        --try makes one input again, prints it and puts it through.

        """

    var folders: [String] = []
    var count = 100_000
    var seed: UInt64 = 0
    var isRunning = false
    var jobs = 2
    var out = "fuzz-found"
    var single: Int?
    /// For the processes that do the work: the file shared with the one that watches, and what to do.
    var worker: (file: String, slot: Int, first: Int, end: Int)?

    init?(_ arguments: [String]) {
        var rest = arguments[...]
        func number() -> Int? { rest.popFirst().flatMap { Int($0) } }
        while let argument = rest.popFirst() {
            switch argument {
            case "--count": guard let value = number() else { return nil }; count = max(0, value)
            case "--seed": guard let value = number() else { return nil }; seed = UInt64(bitPattern: Int64(value))
            case "--jobs": guard let value = number(), value > 0, value <= 64 else { return nil }; jobs = value
            case "--try": guard let value = number() else { return nil }; single = value
            case "--run": isRunning = true
            case "--out": guard let value = rest.popFirst() else { return nil }; out = value
            case "--worker":
                guard let file = rest.popFirst(), let slot = number(), let first = number(), let end = number() else { return nil }
                worker = (file, slot, first, end)
            default:
                guard !argument.hasPrefix("-") else { return nil }
                folders.append(argument)
            }
        }
        if folders.isEmpty { folders = ["notebooks", "stdlib", "Tests/LanguageTests", "Tests/NotebooksTests"] }
    }

    /// How a worker is started.
    func command(_ file: String, _ slot: Int, _ first: Int, _ end: Int) -> [String] {
        folders + ["--seed", String(Int64(bitPattern: seed))] + (isRunning ? ["--run"] : [])
            + ["--worker", file, String(slot), String(first), String(end)]
    }
}
