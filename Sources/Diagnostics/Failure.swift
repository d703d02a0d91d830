/// What kind of mistake was made. The raw value is what a user sees in `error[shape]` and reads in `e.kind`.
public enum FailureKind: String, Sendable {
    case lexical, syntax, name, argument, type, shape, index, value, key
    case recursion, memory, interrupt, timeout
    case file, data, assert, error, module
    case numerics  // a loss that became NaN or infinite, a singular matrix
    case `internal`
}

/// An error of running code, as data: what happened and what to write instead. It has no place yet; the
/// machine adds the span and the calls. A class, so that a typed throw moves one pointer.
public final class Failure: Error {
    public let kind: FailureKind
    /// What happened and what was expected, one sentence without a final stop.
    public let message: String
    /// The text under the carets. `{0}`, `{1}` stand for the source text of the operands or arguments.
    public let label: String?
    /// What to write instead.
    public let help: String?
    /// The argument at fault, by position, where the failing call has several: carets go under it.
    public let argument: Int?
    /// The keyword at fault: carets go under it where it stands in the call.
    public let keyword: String?

    public convenience init(
        _ kind: FailureKind, _ message: String, label: String? = nil, help: String? = nil, argument: Int? = nil
    ) {
        self.init(kind, message, label, help, argument, nil)
    }

    public convenience init(_ kind: FailureKind, _ message: String, help: String? = nil, keyword: String) {
        self.init(kind, message, nil, help, nil, keyword)
    }

    private init(
        _ kind: FailureKind, _ message: String, _ label: String?, _ help: String?, _ argument: Int?, _ keyword: String?
    ) {
        self.kind = kind
        self.message = message
        self.label = label
        self.help = help
        self.argument = argument
        self.keyword = keyword
    }
}
