/// A mistake with its place, as plain data. `Renderer` makes the text; only front ends print it.
public struct Diagnostic: Sendable {
    public enum Severity: String, Sendable { case error, warning, note }

    /// A place with what is to be said of it. The first label of a diagnostic is its place.
    public struct Label: Sendable {
        public var source: Source
        public var span: Span
        public var text: String

        public init(_ source: Source, _ span: Span, _ text: String = "") {
            self.source = source
            self.span = span
            self.text = text
        }
    }

    /// One entry of the stack of calls, innermost first: a function, and the place in it that was being executed.
    /// Outside all functions the name is empty.
    public struct Frame: Sendable {
        public var function: String
        public var source: Source
        public var span: Span

        public init(function: String, source: Source, span: Span) {
            self.function = function
            self.source = source
            self.span = span
        }
    }

    public var severity: Severity
    public var kind: FailureKind
    public var message: String
    public var labels: [Label]
    public var help: [String]
    /// The calls that led here, innermost first; rendered only when there is more than one.
    public var calls: [Frame]

    public init(
        _ severity: Severity = .error, _ kind: FailureKind, _ message: String,
        labels: [Label] = [], help: [String] = [], calls: [Frame] = []
    ) {
        self.severity = severity
        self.kind = kind
        self.message = message
        self.labels = labels
        self.help = help
        self.calls = calls
    }
}
