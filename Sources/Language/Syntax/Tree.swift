import Diagnostics

/// The syntax tree: indirect enums over small structs, each node with its place.
public enum Syntax {
    /// A parsed cell, module or line. The parser gives what it could read; code with errors is never compiled.
    public struct Program: Sendable {
        public var source: Source
        public var body: [Statement]

        public init(source: Source, body: [Statement]) {
            self.source = source
            self.body = body
        }
    }

    /// Statements between `{` and `}`. The value of a block is that of its last statement, if that is an expression that
    /// no `;` silences, else none.
    public struct Block: Sendable {
        public var statements: [Statement]
        public var span: Span
    }

    public struct Statement: Sendable {
        public var form: Form
        public var span: Span
        /// Followed by `;`: at the end of a cell its value is not shown.
        public var isSilent = false

        public indirect enum Form: Sendable {
            case expression(Expression)
            case assignment(Assignment)
            case update(Update)
            /// `fn f(x) { … }` and `f(x) = …`; its `name` is always there.
            case function(Function)
            case `class`(Class)
            case `while`(While)
            case `for`(For)
            case `return`(Expression?)
            case `break`
            case `continue`
            case assert(condition: Expression, message: Expression?)
            /// `import som`
            case `import`(Name)
            /// `from metrics import f1, recall`
            case importNames(module: Name, names: [Name])
            /// Where a statement could not be read; only in programs with errors.
            case invalid
        }
    }

    /// A name as it is compared: NFC, look-alikes folded.
    public struct Name: Sendable {
        public var text: String
        public var span: Span
    }

    /// `a = b`, `a, (b, c) = f()`, `a = b = 0` (the targets from left to right, the value evaluated once).
    public struct Assignment: Sendable {
        public var targets: [Target]
        public var value: Expression
    }

    /// `target op= value`, evaluating the target's object and indices once.
    public struct Update: Sendable {
        public var target: Target
        /// One of the arithmetic operators; `∈`, `&` and the like never.
        public var operation: BinaryOperator
        public var operatorSpan: Span
        public var value: Expression
    }

    /// What can be assigned to.
    public struct Target: Sendable {
        public var form: Form
        public var span: Span

        public indirect enum Form: Sendable {
            case name(String)
            case field(Field)
            case index(Index)
            /// `a, (b, c)`: unpacks a tuple, list or tensor of just so many.
            case tuple([Target])
        }
    }

    /// `for target in sequence { … }`; the target is a name or a tuple of names and tuples.
    public struct For: Sendable {
        public var target: Target
        public var sequence: Expression
        public var body: Block
    }

    public struct While: Sendable {
        public var condition: Expression
        public var body: Block
    }

    /// Every kind of function: `fn f(x) { … }`, `f(x) = …`, `x -> …`, and methods.
    public struct Function: Sendable {
        public enum Style: Sendable {
            /// `fn f(x) { … }`
            case full
            /// `f(x) = …`
            case short
            /// `x -> …`
            case lambda
        }

        /// Absent for a lambda.
        public var name: Name?
        public var style: Style
        public var parameters: [Parameter]
        /// A body that is one expression is a block of that one statement.
        public var body: Block
        /// The text of its `##` lines, without the signs, lines joined by newlines.
        public var documentation: String?
        /// From `fn` or the first parameter to the body's end.
        public var span: Span
    }

    public struct Parameter: Sendable {
        public var name: Name
        /// Evaluated at each call that leaves the parameter out, in the scope of the definition.
        public var defaultValue: Expression?
        public var span: Span
    }

    /// Methods do not list `self`; the one named `init` makes the instance.
    public struct Class: Sendable {
        public var name: Name
        public var methods: [Function]
        public var documentation: String?
        public var span: Span
    }
}
