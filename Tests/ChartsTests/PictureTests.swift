import Charts
import Testing

private func picture(_ marks: [any Mark], _ change: (inout Panel) -> Void = { _ in }) -> String {
    var panel = Panel()
    panel.marks = marks
    change(&panel)
    return SVGRenderer.render(Figure(panels: [panel]))
}

@Test func textIsEscaped() {
    let svg = picture([LineMark(x: [0, 1], y: [0, 1], label: "a<b & \"c\"\u{1}")]) { $0.title = "</svg><script>" }
    #expect(svg.contains("a&lt;b &amp; &quot;c&quot;\u{FFFD}"))
    #expect(!svg.contains("<script>"))
}

@Test func theSamePictureHasTheSameBytes() {
    #expect(SVGRenderer.render(Gallery.moons()) == SVGRenderer.render(Gallery.moons()))
}

@Test func labelsTakeSimpleMathematics() {
    let svg = picture([]) {
        $0.x.label = "$x_1$ and $D_L(z)$"
        $0.y.label = "$\\hat{y}$, $\\frac{a}{b+c}$, \\$5"
        $0.title = "$e^{-x^2}$"
    }
    #expect(svg.contains("x<tspan dy=\"0.36em\" font-size=\"70%\">1</tspan><tspan dy=\"-0.25em\"> and D</tspan>"))
    #expect(svg.contains("y\u{302}, a/(b+c), $5"))
    #expect(svg.contains("aria-label=\"e⁻ˣ²\""))
}

@Test func aHugeLineIsThinnedWithoutLosingItsExtremes() {
    var y = (0..<1_000_000).map { Double($0 % 7) }
    y[123_456] = 100
    y[777_777] = -50
    let svg = picture([LineMark(x: y.indices.map(Double.init), y: y)])
    #expect(svg.utf8.count < 40_000)
    // The panel is 400 high: the frame goes from 14 to 348, a twentieth of the range is free at both ends.
    let heights = svg.split { " \"".contains($0) }.filter { $0.contains(",") }.compactMap { Double($0.split(separator: ",")[1]) }
    #expect(heights.min() == 29.2)
    #expect(heights.max() == 332.8)
}

@Test func aHugeCloudIsThinned() {
    var noise = Gallery.Noise()
    let x = (0..<200_000).map { _ in noise.next() }
    let svg = picture([ScatterMark(x: x, y: x.reversed())])
    #expect(svg.utf8.count < 80_000)
}

@Test func whatLiesOutsideTheLimitsIsClipped() {
    let svg = picture([LineMark(x: [-1e300, 1e300], y: [-1, 1]), LineMark(x: [0, 1], y: [1e308, -1e308])]) {
        ($0.x.lower, $0.x.upper, $0.y.lower, $0.y.upper) = (0, 1, 0, 1)
    }
    for number in svg.split(whereSeparator: { !($0.isNumber || $0 == "." || $0 == "-") }).compactMap({ Double($0) }) {
        #expect(abs(number) < 3000)
    }
}

@Test func classesAndLegendsNeedNoData() {
    let svg = picture([ScatterMark(x: [], y: [], colouring: .classes([], names: ["a", "b"]))])
    #expect(svg.contains(">a</text>"))
}

@Test func aTerminalGetsColoursAndAFileDoesNot() {
    let figure = Gallery.history()
    #expect(TextRenderer.render(figure, columns: 80, colour: true).contains("\u{1B}[38;5;33m"))
    #expect(!TextRenderer.render(figure, columns: 80, colour: false).contains("\u{1B}"))
}

@Test(arguments: [-5, 0, 1, 20, 30, 57, 80, 5000])
func aTerminalOfAnyWidthIsServed(columns: Int) {
    for item in Gallery.all {
        let text = TextRenderer.render(item.figure(), columns: columns, colour: false)
        let widest = text.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= max(30, min(columns, 100)) + 25, "\(item.name)")
    }
}

@Test func picturesAreComparedWithATolerance() {
    let first = picture([LineMark(x: [0, 1, 2], y: [0, 1.5, 4])])
    let near = picture([LineMark(x: [0, 1, 2], y: [0, 1.4999, 4])])
    let far = picture([LineMark(x: [0, 1, 2], y: [0, 1.6, 4])])
    #expect(FigureComparison.difference(first, near) == nil)
    #expect(FigureComparison.difference(first, far) != nil)
    #expect(FigureComparison.difference(first, "") != nil)
}

@Test(arguments: [
    ("r", "#d62839"), ("C1", "#d55e00"), ("#abc", "#abc"), ("#0072B2", "#0072b2"), ("0.5", "#808080"),
    ("tab:orange", "#f28e1c"), ("white", "#fff"),
])
func coloursHaveNames(name: String, hex: String) {
    #expect(Colour(name)?.hex == hex)
}

@Test(arguments: ["", "bleu", "#12", "#ggg", "1.5", "-1", "nan", "C12"])
func whatIsNoColourIsNone(name: String) {
    #expect(Colour(name) == nil)
}
