import Builtins
import Language
import Diagnostics
import Tensors
import Testing

/// Programs made at random, most of them with mistakes: whatever they do, the process goes on, and gives back all its
/// blocks at the end.
@Suite struct FuzzTests {
    static let used: Set<String> = [
        "print", "range", "zip", "enumerate", "len", "str", "error", "map", "zeros", "ones", "exp", "sorted", "type", "max",
    ]

    @Test(arguments: 0..<8)
    func `no program stops the process or keeps blocks`(_ part: Int) {
        let builtins = Catalogue.builtins.filter { FuzzTests.used.contains($0.name) }
        for number in 0..<150 {
            var writer = ProgramWriter(seed: UInt64(part * 1000 + number))
            let recorder = Recorder()
            #if DEBUG
            let before = Heap.current.liveBlocks
            #endif
            var text = ""
            do {
                let interpreter = Interpreter(builtins: builtins, host: recorder)
                interpreter.limitsSteps = true
                interpreter.steps = 300
                #expect(!interpreter.run(Source(name: "start", text: ProgramWriter.start)).failed)
                for _ in 0..<3 {
                    text = writer.program()
                    interpreter.steps = 300
                    let outcome = interpreter.run(Source(name: "fuzz", text: text))
                    _ = outcomeText(outcome, interpreter)
                    outcome.value.release()
                }
            }
            #if DEBUG
            #expect(Heap.current.liveBlocks == before, "program \(part * 1000 + number) keeps blocks:\n\(text)")
            #endif
        }
    }
}

/// Writes programs of the language from a small grammar.
struct ProgramWriter {
    private var generator: Generator
    private var depth = 0
    private var inFunction = false
    private var inLoop = false
    private var inMethod = false

    /// Gives all the names a meaning to begin with.
    static let start = """
        a = 1; b = [1, 2]; c = "s"; xs = ["p", "q"]; m = {"k": [1, 2], "n": ["v"]}
        fn f(x) { x }
        fn g(x, y=1) { (x, y) }
        class K { fn init(x=1) { self.n = x; self.xs = ["u"]; self.k = {"k": 1} }
        fn f(x) { self.n += x; self } }
        o = K(2)
        """

    init(seed: UInt64) { generator = Generator(seed: seed) }

    private mutating func pick<T>(_ items: [T]) -> T { items[generator.integer(below: items.count)] }
    private mutating func chance(_ percent: Int) -> Bool { generator.integer(below: 100) < percent }

    mutating func program() -> String {
        depth = 0
        return (0..<(2 + generator.integer(below: 8))).map { _ in statement() }.joined(separator: "\n")
    }

    private mutating func name() -> String { pick(["a", "b", "c", "xs", "m", "f", "g", "K", "o"]) }

    private mutating func block() -> String {
        depth += 1
        defer { depth -= 1 }
        return "{ " + (0..<(1 + generator.integer(below: 3))).map { _ in statement() }.joined(separator: "; ") + " }"
    }

    private mutating func statement() -> String {
        if depth > 3 { return "\(name()) = \(expression())" }
        switch generator.integer(below: 22) {
        case 0...5: return "\(name()) = \(expression())"
        case 6: return "\(place()) = \(expression())"
        case 7: return "\(place()) \(pick(["+=", "-=", "*=", "/="])) \(expression())"
        case 8: return "\(name()), \(name()) = \(expression()), \(expression())"
        case 9: return "\(name()), \(name()) = \(expression())"
        case 10: return "if \(condition()) \(block()) else \(block())"
        case 11, 12:
            let was = inLoop
            inLoop = true
            defer { inLoop = was }
            if chance(30) { return "while \(condition()) \(block())" }
            let target = chance(30) ? "\(name()), \(name())" : chance(20) ? "\(name()), (\(name()), c)" : name()
            return "for \(target) in \(expression()) \(block())"
        case 13, 14:
            let (function, loop) = (inFunction, inLoop)
            (inFunction, inLoop) = (true, false)
            defer { (inFunction, inLoop) = (function, loop) }
            return "fn \(pick(["f", "g"]))(\(pick(["", "x", "x, y", "x, y=1", "x=a"]))) \(block())"
        case 15:
            if depth > 0 { return expression() }
            inMethod = true
            let (function, loop) = (inFunction, inLoop)
            (inFunction, inLoop) = (true, false)
            defer { (inMethod, inFunction, inLoop) = (false, function, loop) }
            return "class K { fn init(x=1) { self.n = x; self.xs = [] }\nfn f(x) \(block())\nfn push(x) { self.xs.push(x) } }"
        case 16: return "try \(block()) catch e \(block())"
        case 17: return "\(place()).\(pick(["push", "pop", "insert", "remove", "sort", "reverse", "clear", "update"]))(\(chance(60) ? expression() : ""))"
        case 18: return inFunction ? "return \(expression())" : inLoop ? pick(["break", "continue"]) : expression()
        case 19: return inLoop ? pick(["break", "continue"]) : expression()
        default: return expression()
        }
    }

    private mutating func place() -> String {
        var text = inMethod && chance(40) ? "self.\(pick(["n", "xs"]))" : name()
        while chance(45) { text += chance(60) ? "[\(index())]" : ".\(pick(["n", "xs", "k"]))" }
        return text
    }

    private mutating func index() -> String {
        switch generator.integer(below: 8) {
        case 0...3: return pick(["0", "1", "-1", "2", "\"k\""])
        case 4: return pick([":", "1:", "::-1", ":, 0", "..., 1", "new"])
        case 5: return "\(pick(["0", "1"])), \(pick(["0", "1", ":"]))"
        default: return expression()
        }
    }

    private mutating func condition() -> String { "\(expression()) \(pick(["<", ">", "==", "!=", "<="])) \(expression())" }

    private mutating func expression() -> String {
        depth += 1
        defer { depth -= 1 }
        if depth > 5 { return chance(50) ? name() : pick(["1", "2", "0", "\"s\"", "none", "true", "[1, 2]"]) }
        switch generator.integer(below: 24) {
        case 0, 1: return name()
        case 2: return pick(["0", "1", "2", "3", "0.5", "-1"])
        case 3: return pick(["\"a\"", "\"\"", "true", "none", "[]"])
        case 4: return "[\(expression()), \(expression())]"
        case 5: return pick(["[1, 2, 3]", "[1, 2; 3, 4]", "[1; 2]", "{\"k\": 1}", "{}", "(1, 2)", "range(3)"])
        case 6: return "{\"k\": \(expression())}"
        case 7...10: return "(\(expression()) \(pick(["+", "-", "*", "/", "//", "%", "@", "&", "in", "not in"])) \(expression()))"
        case 11: return "-\(expression())"
        case 12: return condition()
        case 13: return "\(name())(\(chance(60) ? expression() : ""))"
        case 14: return "\(place())[\(index())]"
        case 15: return "\(place()).\(pick(["n", "f", "xs", "shape", "T", "k"]))"
        case 16: return "\(pick(["len", "str", "type", "sorted", "zeros", "exp", "print", "error", "range", "enumerate"]))(\(expression()))"
        case 17: return "if \(condition()) \(block()) else \(block())"
        case 18: return "[\(expression()) for \(name()) in \(expression())\(chance(30) ? " if " + condition() : "")]"
        case 19: return "(x -> \(expression()))(\(expression()))"
        case 20: return "f\"{\(name())}\(pick(["", "{a:.2f}", "{b!r}", "{c:>5}"]))\""
        case 21: return "\(expression()) |> \(name())"
        case 22: return "K(\(chance(50) ? expression() : "")).\(pick(["n", "f(1)", "push(2)", "xs", "q"]))"
        default: return "try { \(expression()) } catch e { \(pick(["e.kind", "e.message", "e", "1"])) }"
        }
    }
}
