/// A format string of MATLAB and Matplotlib, `"--r"`, `"b."`, `"g^-"`: a colour, a marker and a kind of line, each
/// optional, in any order.
public struct LineFormat: Sendable, Equatable {
    public var colour: Colour?
    public var marker: Marker?
    /// nil where the format names a marker and no line: then only the points are drawn.
    public var dash: Stroke.Dash?

    /// Fails with what is wrong, in words.
    public static func parse(_ text: String) -> Result<LineFormat, Mistake> {
        var format = LineFormat(colour: nil, marker: nil, dash: nil)
        var rest = Substring(text)
        while let first = rest.first {
            if let dash = ["--", "-.", "-", ":"].first(where: { rest.hasPrefix($0) }) {
                guard format.dash == nil else { return .failure(Mistake("names two kinds of line")) }
                format.dash = Stroke.Dash(rawValue: dash)
                rest.removeFirst(dash.count)
            } else if let colour = Colour.letters[String(first)] {
                guard format.colour == nil else { return .failure(Mistake("names two colours")) }
                format.colour = colour
                rest.removeFirst()
            } else if let marker = Marker(sign: first) {
                guard format.marker == nil else { return .failure(Mistake("names two markers")) }
                format.marker = marker
                rest.removeFirst()
            } else {
                return .failure(Mistake("has \"\(first)\", which is no colour, marker or kind of line"))
            }
        }
        if format.dash == nil, format.marker == nil { format.dash = .solid }
        return .success(format)
    }

    /// What is wrong with a format, the end of a sentence that begins with it.
    public struct Mistake: Error {
        public let text: String
        init(_ text: String) { self.text = text }
    }
}
