import Diagnostics
import Tensors

/// The record of a function of the prelude. Calling, argument checks, help, completion and the reference page all
/// come from it. It stands beside the code, in the file of its subject.
public struct Builtin: Sendable {
    public struct Parameter: Sendable {
        public enum Default: Sendable {
            case required
            /// Left out means absent: the body sees `Value.missing`.
            case absent
            case none
            case number(Double)
            case bool(Bool)
            case string(String)
        }
        public enum Passing: Sendable {
            case positional
            /// Only as `name=value`.
            case keyword
            /// Takes all the remaining positional arguments; at most one, and the last positional one.
            case variadic
        }
        public var name: String
        /// What it may be, in the user's words: `tensor`, `number > 0`, `layer`.
        public var type: String
        public var `default`: Default
        public var passing: Passing
        /// What it means, with its unit and range.
        public var summary: String

        public init(
            _ name: String, _ type: String, _ default: Default = .required, _ passing: Passing = .positional,
            _ summary: String = ""
        ) {
            self.name = name
            self.type = type
            self.default = `default`
            self.passing = passing
            self.summary = summary
        }
    }

    public typealias Body = @Sendable (borrowing Call) throws(Failure) -> Value

    public var name: String
    /// One line: what it gives.
    public var summary: String
    public var parameters: [Parameter]
    /// The formula that is executed, where there is one.
    public var formula: String
    /// `[n, d], [d, k] -> [n, k]`, where shapes matter.
    public var shapes: String
    /// Code that runs as it stands, with its result after `->`: `sum([1, 2, 3])  # 6`.
    public var example: String
    /// Paper, DOI or course, where there is one.
    public var source: String
    public var body: Body

    public init(
        _ name: String, _ summary: String, _ parameters: [Parameter], formula: String = "", shapes: String = "",
        example: String = "", source: String = "", body: @escaping Body
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.formula = formula
        self.shapes = shapes
        self.example = example
        self.source = source
        self.body = body
    }
}

/// The arguments of one call of a builtin, bound to its parameters and borrowed: the machine releases them.
/// The result carries one count for the machine.
public struct Call: ~Copyable {
    /// One value a parameter in declared order, defaults filled in, `Value.missing` where absent; a variadic
    /// parameter has no slot here, see `rest`.
    public let arguments: UnsafeBufferPointer<Value>
    /// What the variadic parameter took.
    public let rest: UnsafeBufferPointer<Value>
    public let name: String
    public let parameters: [Builtin.Parameter]
    public unowned(unsafe) let interpreter: Interpreter
}
