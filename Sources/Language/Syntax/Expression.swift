import Diagnostics

extension Syntax {
    /// Parentheses leave no node; the span of what they hold takes them in.
    public struct Expression: Sendable {
        public var form: Form
        public var span: Span

        public indirect enum Form: Sendable {
            case number(Double)
            case bool(Bool)
            case none
            case string(String)
            /// `f"loss {l:.3f}"`
            case interpolation([Piece])
            case name(String)
            /// `self`
            case instance
            /// `(a, b)`, `a, b`, `(a,)`, `()`
            case tuple([Expression])
            /// `[1, 2; 3, 4]`
            case bracket(Bracket)
            /// `[f(x) for x in xs if c]`
            case comprehension(Comprehension)
            /// `{"lr": 0.1}`
            case map([Entry])
            /// `x -> …`
            case lambda(Function)
            case call(Call)
            case index(Index)
            case field(Field)
            case unary(UnaryOperator, Expression)
            case binary(Binary)
            /// `a < b`, `0 <= x < 1`
            case comparison(Comparison)
            case and(Expression, Expression)
            case or(Expression, Expression)
            case pipe(Pipe)
            /// `if c { a } else { b }`, also where it stands as a statement
            case conditional(Conditional)
            /// `try { … } catch e { … }`, also where it stands as a statement
            case attempt(Attempt)
            /// Where an expression could not be read; only in programs with errors.
            case invalid
        }
    }

    /// A piece of an f-string.
    public indirect enum Piece: Sendable {
        case text(String)
        /// `{x}`, `{x:.3f}`; as `print` writes it, or with `!r` and `{x=}` as `repr` does.
        case value(Expression, format: Format?, isRepr: Bool)
    }

    /// A bracket literal. Without `;` it has one row and `hasRows` is false; `[1, 2;]` is a matrix of one row.
    public struct Bracket: Sendable {
        public var rows: [[Expression]]
        public var hasRows: Bool
    }

    public struct Comprehension: Sendable {
        public enum Clause: Sendable {
            case loop(Target, Expression)
            case condition(Expression)
        }
        public var element: Expression
        /// From the outermost in, the first is a loop. Their names are the comprehension's own.
        public var clauses: [Clause]
    }

    public struct Entry: Sendable {
        public var key: Expression
        public var value: Expression
    }

    /// `f(a, b=1)`. A method call is a call whose callee is a `field`.
    public struct Call: Sendable {
        public struct Argument: Sendable {
            /// Given as `name=value`; these follow all positional ones.
            public var name: Name?
            public var value: Expression
        }
        public var callee: Expression
        public var arguments: [Argument]
        /// From `(` to `)`.
        public var argumentsSpan: Span
    }

    /// `x[i, 1:3, ..., new]`; never empty.
    public struct Index: Sendable {
        public enum Item: Sendable {
            case expression(Expression)
            case slice(Slice)
            /// `...`
            case ellipsis(Span)
            /// `new`
            case newAxis(Span)
        }
        public struct Slice: Sendable {
            public var start: Expression?
            public var stop: Expression?
            public var step: Expression?
            public var span: Span
        }
        public var object: Expression
        public var items: [Item]
    }

    /// `x.name`
    public struct Field: Sendable {
        public var object: Expression
        public var name: Name
    }

    public enum UnaryOperator: Sendable {
        /// `-x`
        case negate
        /// `not x`
        case not
        /// `√x`, the prelude's `sqrt`
        case root
        /// `∇f`, the prelude's `grad`
        case gradient
        /// `Wᵀ`, the field `T`
        case transpose
    }

    public enum BinaryOperator: String, Sendable {
        case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%"
        case power = "^", matrixMultiply = "@"
        case and = "&", or = "|"
        case contains = "in", lacks = "not in"
    }

    public struct Binary: Sendable {
        public var operation: BinaryOperator
        public var left: Expression
        public var right: Expression
        public var operatorSpan: Span
    }

    public enum ComparisonOperator: String, Sendable {
        case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    }

    /// `first op a op b …`: with several links a chain of scalars, each operand evaluated once, the first false one ends it.
    public struct Comparison: Sendable {
        public struct Link: Sendable {
            public var operation: ComparisonOperator
            public var operatorSpan: Span
            public var operand: Expression
        }
        public var first: Expression
        /// Never empty.
        public var links: [Link]
    }

    /// `left |> right`
    public struct Pipe: Sendable {
        public var left: Expression
        public var right: Expression
        public var operatorSpan: Span
    }

    /// `if … else if … else`, its value that of the block that runs, none where none does.
    public struct Conditional: Sendable {
        public struct Branch: Sendable {
            public var condition: Expression
            public var body: Block
        }
        /// Never empty.
        public var branches: [Branch]
        public var otherwise: Block?
    }

    public struct Attempt: Sendable {
        public var body: Block
        /// The name in `catch e`; may be left out.
        public var name: Name?
        public var handler: Block
    }
}
