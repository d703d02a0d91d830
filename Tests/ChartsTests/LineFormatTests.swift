import Charts
import Testing

/// What Matplotlib 3.10 reads: `matplotlib.axes._base._process_plot_format(text)` gives line, marker, colour.
@Test(arguments: [
    ("--r", "--", nil, "r"), ("b.", nil, ".", "b"), ("g^-", "-", "^", "g"), ("yo", nil, "o", "y"), ("k:", ":", nil, "k"),
    ("-.", "-.", nil, nil), ("r", "-", nil, "r"), ("", "-", nil, nil), ("x", nil, "x", nil), ("+r", nil, "+", "r"),
    ("--k", "--", nil, "k"), (".-", "-", ".", nil),
] as [(String, String?, Character?, String?)])
func aFormatMeansWhatItMeansInMatplotlib(text: String, line: String?, marker: Character?, colour: String?) throws {
    let format = try LineFormat.parse(text).get()
    #expect(format.dash?.rawValue == line)
    #expect(format.marker?.sign == marker)
    #expect(format.colour == colour.flatMap { Colour($0) })
}

@Test(arguments: [
    ("rb", "names two colours"), ("ox", "names two markers"), ("--:", "names two kinds of line"),
    ("red", "has \"e\", which is no colour, marker or kind of line"),
])
func aBadFormatIsToldInWords(text: String, mistake: String) {
    guard case .failure(let found) = LineFormat.parse(text) else {
        Issue.record("\(text) was read")
        return
    }
    #expect(found.text == mistake)
}
