/// Python's format specification: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
public struct Format: Equatable, Sendable {
    public enum Alignment: Character, Sendable {
        case left = "<", right = ">", center = "^", afterSign = "="
    }
    public var fill: Character = " "
    /// Absent: numbers to the right, everything else to the left.
    public var alignment: Alignment?
    /// `+`, `-` or space.
    public var sign: Character = "-"
    public var isAlternate = false
    /// At most 10,000.
    public var width = 0
    /// `,` or `_` between thousands.
    public var grouping: Character?
    /// At most 1,000.
    public var precision: Int?
    /// One of `b c d e E f F g G n o s x X %`.
    public var type: Character?

    public init() {}
}
