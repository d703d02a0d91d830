/// A piece of source text that diagnostics point into: a cell, a module, a line at the prompt.
public final class Source: Sendable {
    /// How the place is named in a diagnostic: `cell 7`, `som.nnb`, `input`.
    public let name: String
    /// The text as UTF-8; every offset in a `Span` is an offset into these bytes.
    public let bytes: [UInt8]

    public init(name: String, text: String) {
        self.name = name
        self.bytes = Array(text.utf8)
    }

    /// The text between two offsets; offsets outside the text are clamped.
    public func text(_ span: Span) -> String {
        let start = max(0, min(Int(span.start), bytes.count))
        let end = max(start, min(Int(span.end), bytes.count))
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

/// A half-open range of UTF-8 offsets in a source.
public struct Span: Hashable, Sendable {
    public var start: Int32
    public var end: Int32

    public init(_ start: Int, _ end: Int) {
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    /// The smallest span that holds both.
    public func joined(_ other: Span) -> Span {
        Span(Int(min(start, other.start)), Int(max(end, other.end)))
    }
}
