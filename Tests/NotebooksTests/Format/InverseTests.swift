import Interchange
import Notebooks
import Testing

/// Reading and writing are inverse, on notebooks drawn at random and on texts spoilt at random.
@Suite struct InverseTests {
    @Test(arguments: 0..<40)
    func `what is written is read back, byte for byte`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<25 {
            let notebook = dice.notebook()
            let bytes = NotebookWriter.write(notebook)
            let (copy, diagnostics) = NotebookReader.read(bytes, name: "random.nnb")
            try #require(diagnostics.map(\.message) == [])
            try #require(copy == notebook)
            try #require(NotebookWriter.write(copy) == bytes)
        }
    }

    @Test(arguments: 0..<40)
    func `a spoilt text is read or refused, and what is read can be written and read again`(seed: UInt64) throws {
        var dice = Dice(seed: 1000 + seed)
        for _ in 0..<100 {
            var bytes = dice.chance(1, of: 3) ? Array(FormatTests.example.utf8) : NotebookWriter.write(dice.notebook())
            for _ in 0...dice.below(4) { dice.spoil(&bytes) }
            let (notebook, diagnostics) = NotebookReader.read(bytes, name: "spoilt.nnb")
            guard diagnostics.isEmpty else { continue }
            let written = NotebookWriter.write(notebook)
            let (copy, complaints) = NotebookReader.read(written, name: "written.nnb")
            try #require(complaints.map(\.message) == [])
            try #require(copy == notebook)
            try #require(NotebookWriter.write(copy) == written)
        }
    }
}

/// Random numbers by splitmix64 (Steele, Lea, Flood 2014), and random things made of them.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
    mutating func chance(_ count: Int, of all: Int) -> Bool { below(all) < count }
    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    private static let fragments = [
        "", "a", " ", "%%", "%% ", "%% md", "%% run", "%%\\", "%%\\\\ x", "\\", "| ", "|", "=======", "<<<<<<<", "<<<<<<< a",
        ">>>>>>>", ">>>>>>>\\ b", "=======\\", "\r", "é", "e\u{301}", "\u{2028}", "\u{c}", "😀", "\u{0}", "\"", "w = 1", "# c", "\u{FEFF}",
    ]

    mutating func text(lines: Int) -> String {
        let line = { (dice: inout Dice) in (0..<dice.below(3)).map { _ in dice.pick(Dice.fragments) }.joined() }
        return (0..<below(lines + 1)).map { _ in line(&self) }.joined(separator: "\n")
    }

    mutating func json(depth: Int = 0) -> JSON {
        switch below(depth > 2 ? 4 : 6) {
        case 0: .null
        case 1: .bool(chance(1, of: 2))
        case 2: .number(pick(["0", "-1", "3.25", "1e-300", "-0", "18446744073709551616"]))
        case 3: .string(text(lines: 3))
        case 4: .array((0..<below(3)).map { _ in json(depth: depth + 1) })
        default: .object((0..<below(3)).map { JSON.Member("k\($0)\(pick(Dice.fragments))", json(depth: depth + 1)) })
        }
    }

    private mutating func attributes(_ known: [String: JSON]) -> Attributes {
        var attributes = Attributes()
        for (key, value) in known.sorted(by: { $0.key < $1.key }) where chance(1, of: 2) { attributes[key] = value }
        for key in ["x", "points", "_a", "b.c-d"] where chance(1, of: 4) { attributes[key] = json() }
        return attributes
    }

    private mutating func output(required: String) -> Output {
        var attributes = attributes(["mime": .string("text/plain"), "group": .number("1"), "src": .string("00ff")])
        attributes[required] = .string(pick(["print", "result", "a b"]))
        if chance(1, of: 4) {
            attributes["file"] = .string("a.nnb.out/é.svg")
            return Output(attributes: attributes, text: "")
        }
        return Output(attributes: attributes, text: text(lines: 4))
    }

    mutating func notebook() -> Notebook {
        var notebook = Notebook(attributes: attributes(["seed": .number("7"), "lang": .string("es"), "title": json(depth: 9).asText]))
        for index in 0..<below(5) {
            let kind = pick([Cell.Kind.code, .md, .raw])
            var cell = Cell(kind, text(lines: 5))
            cell.attributes = attributes(["id": .string("id-\(index)"), "tags": .array([.string("t")]), "tol": .number("1e-3")])
            for _ in 0..<below(2) { cell.attachments.append(output(required: "name")) }
            for _ in 0..<(kind == .code ? below(3) : 0) { cell.outputs.append(output(required: "kind")) }
            for index in cell.attachments.indices { cell.attachments[index].attributes["kind"] = nil }
            notebook.cells.append(cell)
        }
        if chance(1, of: 2) { notebook.run = attributes(["code": .string("0"), "nnb": .string("0.1.0")]) }
        return notebook
    }

    /// Changes, removes, repeats or inserts something.
    mutating func spoil(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = below(bytes.count)
        switch below(6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 1: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + below(20)))
        case 3: bytes.insert(contentsOf: Array(pick(Dice.fragments).utf8), at: place)
        case 4: bytes.insert(contentsOf: Array(bytes[place..<min(bytes.count, place + below(40))]), at: below(bytes.count))
        default: bytes.insert(pick([10, 13, 32, 34, 37, 61, 91, 92, 123, 124]), at: place)
        }
    }
}

extension JSON {
    /// As a title must be: a text.
    var asText: JSON { string == nil ? .string(text) : self }
}
