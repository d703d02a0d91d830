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
    public var tracing: Tracing

    /// What happens when an argument holds something that is followed for a gradient.
    public enum Tracing: Sendable {
        /// The function has no derivative: an error that names it, with this help.
        case refused(help: String?)
        /// The body does not look into the values that it passes on.
        case itself
        /// The result does not change with the arguments where they change little: the body, on what they are now.
        case constant
        /// The elements of the result are elements of the arguments, in another arrangement.
        case moves
        /// Another body.
        case body(Body)

        public static let refused = Tracing.refused(help: nil)
    }

    public init(
        _ name: String, _ summary: String, _ parameters: [Parameter], formula: String = "", shapes: String = "",
        example: String = "", source: String = "", tracing: Tracing = .refused, body: @escaping Body
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.formula = formula
        self.shapes = shapes
        self.example = example
        self.source = source
        self.body = body
        self.tracing = tracing
    }
}

/// The names and rules by which arguments are bound to parameters.
final class Signature: Sendable {
    let name: String
    let parameters: [Builtin.Parameter]
    /// The position of the variadic parameter.
    let variadic: Int?
    /// Parameters that positional arguments fill, the variadic one not counted.
    let positional: Int
    /// Positional arguments that must be there.
    let required: Int

    init(name: String, parameters: [Builtin.Parameter]) {
        self.name = name
        self.parameters = parameters
        variadic = parameters.firstIndex { if case .variadic = $0.passing { true } else { false } }
        let ordered = parameters.prefix { if case .positional = $0.passing { true } else { false } }
        positional = ordered.count
        required = ordered.filter { if case .required = $0.default { true } else { false } }.count
    }

    /// The values of left-out parameters, with one count each for the interpreter that keeps them.
    func defaults() -> [Value] {
        parameters.map { parameter in
            switch parameter.default {
            case .required, .absent: .missing
            case .none: .none
            case .number(let number): Value(number)
            case .bool(let truth): Value(truth)
            case .string(let text): Value(string: text)
            }
        }
    }
}

/// A record of the prelude as the machine calls it.
final class BuiltinFunction {
    let record: Builtin
    let signature: Signature
    let body: Builtin.Body
    /// Called with an instance of a class that has a method of the name, that method runs: a student's own class is used
    /// like a built-in network.
    let yieldsToMethods: Bool
    let defaults: [Value]

    init(_ record: Builtin) {
        self.record = record
        signature = Signature(name: record.name, parameters: record.parameters)
        body = record.body
        yieldsToMethods = ["fit", "predict", "evaluate"].contains(record.name)
        defaults = signature.defaults()
    }

    deinit { for value in defaults { value.release() } }
}
