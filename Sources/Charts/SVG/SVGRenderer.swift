/// A figure as SVG: scales with the page it stands on, the same bytes for the same figure, no scripts, no fonts of its
/// own, readable on any background.
public enum SVGRenderer {
    public static func render(_ figure: Figure) -> String {
        let columns = max(1, min(figure.columns, figure.panels.count))
        let rows = (figure.panels.count + columns - 1) / columns
        let title = MathText(figure.title)
        let top = figure.title.isEmpty ? 0.0 : 34
        let width = figure.panelWidth * Double(columns)
        let height = figure.panelHeight * Double(max(rows, 1)) + top
        let (w, h) = (Markup.number(width), Markup.number(height))
        let words = ([figure.title] + figure.panels.map(\.title)).filter { !$0.isEmpty }.map { MathText($0).plain }

        var out = Markup()
        out.add(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" role=\"img\""
                + " aria-label=\"\(Markup.escape(words.isEmpty ? "chart" : words.joined(separator: "; ")))\""
                + " style=\"max-width:100%;height:auto\" font-family=\"Helvetica,Arial,'DejaVu Sans',sans-serif\""
                + " font-size=\"12\" fill=\"#444\">")
        out.add("<rect width=\"\(w)\" height=\"\(h)\" fill=\"#fff\"/>")
        if !figure.title.isEmpty {
            out.add(
                "<text x=\"\(Markup.number(width / 2))\" y=\"26\" text-anchor=\"middle\" font-size=\"16\""
                    + " font-weight=\"bold\" fill=\"#222\">\(Markup.content(title))</text>")
        }
        for (index, panel) in figure.panels.enumerated() {
            let x = Double(index % columns) * figure.panelWidth
            let y = top + Double(index / columns) * figure.panelHeight
            let isMoved = x != 0 || y != 0
            if isMoved { out.add("<g transform=\"translate(\(Markup.number(x)) \(Markup.number(y)))\">") }
            PanelDrawing(Layout(panel), width: figure.panelWidth, height: figure.panelHeight).draw(into: &out)
            if isMoved { out.add("</g>") }
        }
        out.add("</svg>")
        return out.text
    }
}
