import Diagnostics

/// One instruction: eight bytes.
struct Instruction {
    var op: Op
    var x: UInt8
    var a: UInt16
    var b: UInt16
    var c: UInt16

    init(_ op: Op, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, x: Int = 0) {
        self.op = op
        self.x = UInt8(truncatingIfNeeded: x)
        self.a = UInt16(truncatingIfNeeded: a)
        self.b = UInt16(truncatingIfNeeded: b)
        self.c = UInt16(truncatingIfNeeded: c)
    }
}

/// Compiled code as the machine runs it. It lives as long as the interpreter.
struct Code {
    var instructions: UnsafeMutablePointer<Instruction>
    var constants: UnsafeMutablePointer<Value>
    var parameterCount: Int
    /// Parameters without a default value; they come first or the compiler gives all of them one.
    var requiredCount: Int
    /// Registers that hold names; temporaries lie above.
    var localCount: Int
    var registerCount: Int
    /// Whether the running function must be kept at hand, for its captures.
    var needsItself: Bool
    var captureCount = 0
    var isMain: Bool
    unowned(unsafe) var info: CodeInfo
}

/// What only failing, disassembly and the rarer instructions ask of compiled code.
final class CodeInfo {
    let name: String
    let source: Source
    let documentation: String?
    var isLambda = false
    var parameters: [Parameter] = []
    var instructionCount = 0
    var constantCount = 0
    /// One a instruction.
    var spans: [Span] = []
    /// The spans of the operands of some instructions, by the instruction's number.
    var operandSpans: [Int: [Span]] = [:]
    var handlers: [Handler] = []
    var keywords: [[Int]] = []
    var paths: [[Step]] = []
    var formats: [Format] = []
    var prototypes: [UnsafeMutablePointer<Code>] = []
    var classes: [ClassPrototype] = []
    /// Local names by register, for messages and the disassembler.
    var localNames: [Int: String] = [:]

    struct Parameter {
        var name: String
        var symbol: Int
        var span: Span
        var defaultSpan: Span?
        var hasDefault: Bool { defaultSpan != nil }
    }

    /// The parameters as they are shown: `x`, `rate=0.1`.
    var forms: [String] {
        parameters.map { parameter in
            guard let span = parameter.defaultSpan else { return parameter.name }
            let text = source.text(span)
            return parameter.name + "=" + (text.utf8.count <= 40 && !text.contains("\n") ? text : "…")
        }
    }

    /// Failures between two instructions (the second not included) go on at `target`, with the error in a register;
    /// registers from `temporaries` on are given back.
    struct Handler {
        var start: Int
        var end: Int
        var target: Int
        var register: Int
        var temporaries: Int
    }

    /// A step of a path to a place: `.name` or `[…]` with so many indices.
    enum Step {
        case field(symbol: Int, span: Span)
        case index(count: Int, span: Span)
    }

    struct ClassPrototype {
        var name: String
        var documentation: String?
        /// The symbols of the methods' names.
        var methods: [Int]
    }

    init(name: String, source: Source, documentation: String?) {
        self.name = name
        self.source = source
        self.documentation = documentation
    }
}

/// How the items of a bracket literal are taken: in the `x` of its extra word.
enum BracketMode {
    /// No item is written as a literal: tensors among them make a list.
    static let values = 0
    /// All are: tensors are rows.
    static let literals = 1
    /// Which are is told by the string K[extra a], a letter an item.
    static let mixed = 2
    /// `;` rows of scalars, extra b rows.
    static let rows = 3
}

/// Names as numbers, so that fields are found without comparing text. One table an interpreter.
final class Symbols {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    func number(_ name: String) -> Int {
        if let known = numbers[name] { return known }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// Nil for a name that no code has mentioned.
    func known(_ name: String) -> Int? { numbers[name] }

    func name(_ number: Int) -> String { number < names.count ? names[number] : "?" }
}
