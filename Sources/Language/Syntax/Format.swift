/// Python's format specification: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
///
/// Source: Python Library Reference, "Format Specification Mini-Language".
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

    /// Whether only a number can be shown so.
    public var isNumeric: Bool { type.map { $0 != "s" } ?? (grouping != nil || sign != "-" || alignment == .afterSign) }

    struct Mistake: Error {
        var message: String
        var help: String?
    }

    static func parse(_ text: String) -> Result<Format, Mistake> {
        var format = Format()
        var rest = Substring(text)
        var hasFill = false
        if let second = rest.dropFirst().first, let alignment = Alignment(rawValue: second) {
            format.fill = rest.removeFirst()
            hasFill = true
            format.alignment = alignment
            rest.removeFirst()
        } else if let first = rest.first, let alignment = Alignment(rawValue: first) {
            format.alignment = alignment
            rest.removeFirst()
        }
        if let first = rest.first, first == "+" || first == "-" || first == " " { format.sign = rest.removeFirst() }
        if rest.first == "#" {
            format.isAlternate = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            rest.removeFirst()
            if !hasFill { format.fill = "0" }
            format.alignment = format.alignment ?? .afterSign
        }
        if let width = number(&rest) {
            guard width <= 10_000 else { return .failure(Mistake(message: "a width is at most 10000")) }
            format.width = width
        }
        if rest.first == "," || rest.first == "_" { format.grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard let precision = number(&rest) else {
                return .failure(Mistake(message: "digits must follow the `.` of a format", help: "`{x:.3f}` shows three decimals"))
            }
            guard precision <= 1_000 else { return .failure(Mistake(message: "a precision is at most 1000")) }
            format.precision = precision
        }
        if let type = rest.first {
            guard "bcdeEfFgGnosxX%".contains(type) else {
                return .failure(
                    Mistake(
                        message: "`\(rest)` is no type of format",
                        help: "`.3f` shows three decimals, `e` powers of ten, `g` the shorter, `d` an integer, `%` per cent"))
            }
            rest.removeFirst()
            format.type = type
        }
        guard rest.isEmpty else {
            return .failure(
                Mistake(message: "`\(rest)` is more than a format can have", help: "the order is: fill and < > ^, sign, width, `.precision`, type"))
        }
        return .success(format)
    }

    /// Digits at the start; a number of more than six digits counts as a million.
    private static func number(_ rest: inout Substring) -> Int? {
        var value: Int?
        while let first = rest.first, first.isASCII, let digit = first.wholeNumberValue {
            value = min((value ?? 0) * 10 + digit, 1_000_000)
            rest.removeFirst()
        }
        return value
    }
}
