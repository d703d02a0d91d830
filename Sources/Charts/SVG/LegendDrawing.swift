/// The legend of a panel, in the corner where it hides least.
struct LegendDrawing {
    let panel: PanelDrawing
    let taken: [Place]

    private static let row = 18.0
    private static let key = 26.0

    func draw(into out: inout Markup) {
        let most = max(1, Int((panel.box.height - 20) / LegendDrawing.row))
        let all = panel.layout.entries
        guard !all.isEmpty else { return }
        let entries = all.count > most ? Array(all.prefix(most - 1)) : all
        let rest = all.count - entries.count
        let texts = entries.map(\.label) + (rest > 0 ? [MathText("… \(rest) more")] : [])
        let width = LegendDrawing.key + 20 + 12 * (texts.map { TextWidth.of($0) }.max() ?? 0)
        let height = LegendDrawing.row * Double(texts.count) + 8
        let place = corner(width, height)

        out.add(
            "<rect x=\"\(Markup.number(place.x))\" y=\"\(Markup.number(place.y))\" width=\"\(Markup.number(width))\""
                + " height=\"\(Markup.number(height))\" rx=\"3\" fill=\"#fff\" fill-opacity=\".85\" stroke=\"#ddd\"/>")
        for (index, text) in texts.enumerated() {
            let y = place.y + 4 + LegendDrawing.row * (Double(index) + 0.5)
            let x = place.x + 8
            if index < entries.count {
                let entry = entries[index]
                if let line = entry.line {
                    let dashes = ShapeDrawing.dashes(line).map { " stroke-dasharray=\"\($0)\"" } ?? ""
                    out.add(
                        "<path d=\"M\(Markup.number(x)) \(Markup.number(y))h\(Markup.number(LegendDrawing.key - 6))\""
                            + " stroke=\"\(line.colour.hex)\" stroke-width=\"\(Markup.number(line.width))\"\(dashes)/>")
                }
                if let marker = entry.marker {
                    let middle = x + (LegendDrawing.key - 6) / 2
                    out.add(
                        "<g transform=\"translate(\(Markup.number(middle)) \(Markup.number(y)))\">"
                            + "\(ShapeDrawing.symbol(marker))</g>")
                }
            }
            out.add(
                "<text x=\"\(Markup.number(x + LegendDrawing.key))\" y=\"\(Markup.number(y + 4.2))\">"
                    + "\(Markup.content(text))</text>")
        }
    }

    /// The upper left corner of the legend: where the user wants it, else where it covers the fewest places.
    private func corner(_ width: Double, _ height: Double) -> Place {
        let box = panel.box
        let gap = 8.0
        let (left, right) = (box.left + gap, box.right - gap - width)
        let (top, bottom) = (box.top + gap, box.bottom - gap - height)
        switch panel.layout.panel.legend {
        case .upperLeft: return Place(x: left, y: top)
        case .lowerRight: return Place(x: right, y: bottom)
        case .lowerLeft: return Place(x: left, y: bottom)
        case .upperRight, .none: return Place(x: right, y: top)
        case .automatic: break
        }
        let (centre, middle) = ((left + right) / 2, (top + bottom) / 2)
        let candidates = [
            Place(x: right, y: top), Place(x: left, y: top), Place(x: right, y: bottom), Place(x: left, y: bottom),
            Place(x: right, y: middle), Place(x: left, y: middle), Place(x: centre, y: top), Place(x: centre, y: bottom),
        ]
        func hidden(_ place: Place) -> Int {
            let frame = Box(left: place.x, top: place.y, right: place.x + width, bottom: place.y + height)
            return taken.count { frame.contains($0, slack: 3) }
        }
        var (best, least) = (candidates[0], Int.max)
        for candidate in candidates {
            let count = hidden(candidate)
            if count < least { (best, least) = (candidate, count) }
        }
        return best
    }
}
