import Charts
import Testing

/// Draws numbers and texts that are hard to draw.
private struct Trouble {
    var noise: Gallery.Noise

    init(_ seed: UInt64) { noise = Gallery.Noise(state: seed) }

    mutating func below(_ bound: Int) -> Int { min(Int((noise.next() + 0.5) * Double(bound)), bound - 1) }

    mutating func number() -> Double {
        let special: [Double] = [
            0, -0.0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, 1e-308, .leastNonzeroMagnitude, 1e15, 1e15 + 1, 3e-7,
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        ]
        return below(3) == 0 ? special[below(special.count)] : noise.next() * 20
    }

    mutating func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in number() } }

    mutating func text() -> String {
        let signs = Array("$\\_^{}ab1 αhat<>&\"\u{0}\u{7}é字👍frac\n")
        return String((0..<below(14)).map { _ in signs[below(signs.count)] })
    }

    mutating func panel() -> Panel {
        var panel = Panel()
        (panel.title, panel.x.label, panel.y.label) = (text(), text(), text())
        panel.x.scale = below(3) == 0 ? .log : .linear
        panel.y.scale = below(3) == 0 ? .log : .linear
        if below(4) == 0 { panel.x.lower = number() }
        if below(4) == 0 { panel.y.upper = number() }
        panel.equalUnits = below(4) == 0
        panel.legend = Legend.allCases[below(Legend.allCases.count)]
        for _ in 0..<below(4) {
            let count = below(5) == 0 ? 600 : below(8)
            switch below(3) {
            case 0:
                panel.marks.append(
                    LineMark(
                        x: numbers(count), y: numbers(below(9)), label: text(), dash: .dashed,
                        marker: Marker.all[below(Marker.all.count)]))
            case 1:
                let colouring: ScatterMark.Colouring =
                    below(2) == 0
                    ? .values(numbers(count), .viridis) : .classes((0..<count).map { _ in below(5) - 1 }, names: ["a", text(), ""])
                panel.marks.append(ScatterMark(x: numbers(count), y: numbers(count), label: text(), colouring: colouring))
            default:
                let (width, height) = (below(5), below(5))
                panel.marks.append(ImageMark(width: width, height: height, values: numbers(width * height), hasBar: true))
            }
        }
        return panel
    }
}

@Test func noFigureBreaksARenderer() {
    for seed in 0..<300 {
        var trouble = Trouble(UInt64(seed))
        var figure = Figure(panels: (0..<trouble.below(4)).map { _ in trouble.panel() })
        figure.title = trouble.text()
        figure.columns = trouble.below(4)
        let svg = SVGRenderer.render(figure)
        let drawn = svg.split(separator: "\n").filter { !$0.contains("base64") }.joined()
        for word in ["nan,", ",nan", "inf,", ",inf", "\"nan\"", "\"inf\"", "\"-inf\"", "e+", "\u{0}"] { #expect(!drawn.contains(word), "seed \(seed)") }
        let opened = svg.components(of: "<text") + svg.components(of: "<g ")
        let closed = svg.components(of: "</text>") + svg.components(of: "</g>")
        #expect(opened == closed, "seed \(seed)")
        _ = TextRenderer.render(figure, columns: trouble.below(150), colour: trouble.below(2) == 0)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
