import Diagnostics
import Language
import Tensors

/// `help(name)` and `?name`.
enum HelpFunctions {
    static let builtins: [Builtin] = [help]

    static let help = Builtin(
        "help", "shows what a function does, its parameters and an example",
        [
            Builtin.Parameter(
                "x", "function, class, value or string", .absent, .positional,
                "what help is wanted on: the thing itself, or a name or keyword as a string")
        ],
        example: "help(sum)", tracing: .itself
    ) { call throws(Failure) in
        call.interpreter.host.write(call.isGiven(0) ? try text(on: call[0], call.interpreter) : overview(columns(call.interpreter)))
        return .none
    }

    private static func text(on value: Value, _ interpreter: Interpreter) throws(Failure) -> String {
        if let name = value.builtinName, let record = interpreter.builtin(named: name) { return HelpText.text(record, columns: columns(interpreter)) }
        if let known = interpreter.documentation(of: value) {
            return HelpText.text(signature: known.signature, documentation: known.text)
        }
        if let name = value.string { return try text(onName: name, interpreter) }
        let names = interpreter.fieldNames(of: value)
        let fields = names.isEmpty ? "" : "    after a `.` it has: \(names.joined(separator: ", "))\n"
        return "\(value.inWords)\n\(fields)"
    }

    private static func text(onName name: String, _ interpreter: Interpreter) throws(Failure) -> String {
        if let topic = topics[name], interpreter.global(name) == nil { return name + "\n" + topic.split(separator: "\n").map { "    \($0)\n" }.joined() }
        if let record = interpreter.builtin(named: name) { return HelpText.text(record, columns: columns(interpreter)) }
        if let value = interpreter.global(name), value.string == nil { return try text(on: value, interpreter) }
        let known = interpreter.builtins.map(\.name) + topics.keys
        throw Failure(
            .name, "there is no help on \"\(name.prefix(40))\"",
            help: Nearest.match(name, in: known).map { "did you mean \"\($0)\"?" } ?? Habits.hint(name: name), argument: 0)
    }

    private static func columns(_ interpreter: Interpreter) -> Int { max(60, interpreter.host.columns) }

    /// How to ask, and all there is by its subject.
    private static func overview(_ columns: Int) -> String {
        let usage = """
            help(sum)     what a function does, its parameters, an example; also ?sum
            help("for")   a word of the language, such as fn if for while try class
            help(x)       what kind of value x is

            """
        return subjects.reduce(usage) { text, subject in
            text + "\n" + HelpText.list(subject.title, subject.families.flatMap { $0 }.map(\.name).sorted(), columns: columns)
        }
    }

    private static let subjects: [(title: String, families: [[Builtin]])] = [
        (
            "networks",
            [
                AttentionFunctions.builtins, CompositionFunctions.builtins, ConvolutionFunctions.builtins,
                LayerFunctions.builtins, ModelFunctions.builtins, NormalizationFunctions.builtins,
                RecurrentFunctions.builtins,
            ]
        ),
        ("activations", [ActivationFunctions.builtins]),
        ("losses, metrics", [LossFunctions.builtins, PenaltyFunctions.builtins]),
        ("optimizers", [OptimizerFunctions.builtins, ScheduleFunctions.builtins]),
        (
            "training",
            [CallbackFunctions.builtins, Replicate.builtins, SavingFunctions.builtins, TrainingFunctions.builtins]
        ),
        ("gradients", [GradientFunctions.builtins, StepFunction.builtins]),
        ("data", [PreparingBuiltins.builtins, SetBuiltins.builtins, TableBuiltins.builtins]),
        ("charts", [ChartBuiltins.builtins]),
        (
            "tensors",
            [
                ExtremesFunctions.builtins, MakingFunctions.builtins, OrderingFunctions.builtins,
                ShapingFunctions.builtins, Splitting.builtins,
            ]
        ),
        ("mathematics", [AlgebraFunctions.builtins, ElementFunctions.builtins, Reductions.builtins]),
        ("random numbers", [RandomFunctions.builtins]),
        ("lists, maps, text", [CollectionFunctions.builtins, SequenceFunctions.builtins, TextFunctions.builtins]),
        ("the rest", [CoreFunctions.builtins, builtins]),
    ]

    /// The words of the language.
    private static let topics: [String: String] = [
        "fn": """
        fn area(width, height=1) { width * height }     in full; the last expression is the value
        area(width, height=1) = width * height          in short
        (width, height) -> width * height               without a name
        A FUNCTION READS A NAME OF THE NOTEBOOK WHEN IT RUNS: it sees the newest value, not that of the moment when it was
        written. It cannot rebind or change one: it returns the new value, or keeps it in an object.
        """,
        "return": "return x, y     leaves a function early; without it the last expression is the value",
        "if": """
        if x > 0 { 1 } else if x < 0 { -1 } else { 0 }     also as an expression: s = if x > 0 { 1 } else { -1 }
        """,
        "else": "if x > 0 { 1 } else { 0 }     `else` stands on the line of the brace before it",
        "for": """
        for i in range(10) { ... }
        for x, t in zip(X, y) { ... }
        for i, (x, t) in enumerate(zip(X, y)) { ... }
        [x^2 for x in xs if x > 0]     builds a tensor or a list
        """,
        "while": "while error > 0.01 { ... }     `break` leaves it, `continue` goes on with the next round",
        "break": "leaves the innermost loop", "continue": "goes on with the next round of the innermost loop",
        "try": "try { ... } catch e { print(e.kind, e.message) }",
        "catch": "try { ... } catch e { print(e.kind, e.message) }",
        "class": """
        class Counter {
            fn init(start=0) { self.n = start }
            fn add(k=1) { self.n += k }
        }
        c = Counter(); c.add(); c.n
        """,
        "self": "the instance, inside the methods of a class: self.w = zeros(3)",
        "import": "import som     brings a module under its name; from metrics import f1     a name of it",
        "from": "from metrics import f1, recall",
        "assert": "assert len(X) == len(y), \"each sample needs a label\"",
        "in": "x in xs     whether a list, tuple, map (its keys), string, range or tensor holds x; also in `for x in xs`",
        "and": "a and b     of two bools; of bool tensors it is a & b", "or": "a or b     of two bools; of bool tensors it is a | b",
        "not": "not a; x not in xs", "true": "the bool; in arithmetic it is 1", "false": "the bool; in arithmetic it is 0",
        "none": "the value of nothing: compare with x == none",
        "push": "xs.push(x)     appends x to the list xs where it lies; to a tensor along its first axis",
        "pop": "xs.pop()     takes the last item out of the list or tensor xs and gives it; xs.pop(i) that at index i, m.pop(key) an entry of a map",
        "insert": "xs.insert(i, x)     puts x into the list or tensor xs before the item at index i",
        "remove": "xs.remove(x)     takes the first item that is x out of the list or tensor xs; m.remove(key) an entry out of a map",
        "reverse": "xs.reverse()     turns the list or tensor xs round where it lies; reversed(xs) leaves it as it is",
        "update": "m.update(other)     puts the entries of the map `other` into the map m",
        "clear": "xs.clear()     takes everything out of a list, a tensor or a map",
        "new": "X[:, new]     an axis of length 1, in an index",
    ]
}
