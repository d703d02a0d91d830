/// One panel in SVG: its frame, grid, ticks and words; what is drawn inside is `ShapeDrawing`'s and `LegendDrawing`'s.
struct PanelDrawing {
    let layout: Layout
    let width: Double
    let height: Double
    let box: Box
    let xTicks: Ticks
    let yTicks: Ticks

    private static let barWidth = 12.0
    private static let tickSize = 12.0

    init(_ layout: Layout, width: Double, height: Double) {
        self.layout = layout
        self.width = width
        self.height = height
        let panel = layout.panel

        let yTicks = panel.y.hidden ? nil : Ticks(for: layout.y, count: max(2, Int(height / 60)))
        let labelWidth = PanelDrawing.width(of: yTicks?.major ?? [])
        var box = Box(left: 14, top: 14, right: width - 18, bottom: height - 12)
        box.left += panel.y.hidden ? 0 : labelWidth + 8
        box.left += panel.y.label.isEmpty ? 0 : 22
        box.top += panel.title.isEmpty ? 0 : width < 240 ? 14 : 24
        box.top += (yTicks?.exponent ?? 0) == 0 ? 0 : 14
        box.bottom -= panel.x.hidden ? 0 : 20
        box.bottom -= Double(layout.notes.count) * 15
        if layout.colourBar != nil { box.right -= PanelDrawing.barWidth + 62 }

        // As many ticks as their labels leave room for.
        var xTicks = Ticks(for: layout.x, count: max(2, Int(box.width / 90)))
        var count = max(2, Int(box.width / 90))
        while count > 1,
            Double(xTicks.major.count) * (PanelDrawing.width(of: xTicks.major) + 14) > box.width
        {
            count -= 1
            xTicks = Ticks(for: layout.x, count: count)
        }
        box.bottom -= panel.x.label.isEmpty && (panel.x.hidden || xTicks.exponent == 0) ? 0 : 20
        if panel.equalUnits { box.shrink(toRatioOf: layout) }
        self.box = box
        self.xTicks = xTicks
        self.yTicks = yTicks ?? Ticks(for: layout.y, count: 4)
    }

    private static func width(of ticks: [Ticks.Tick]) -> Double {
        tickSize * (ticks.map { TextWidth.of($0.label) }.max() ?? 0)
    }

    func x(_ value: Double) -> Double? { layout.x.unit(value).map { box.left + box.width * PanelDrawing.tame($0) } }
    func y(_ value: Double) -> Double? { layout.y.unit(value).map { box.bottom - box.height * PanelDrawing.tame($0) } }

    /// Places far outside are brought nearer, so that no later product overflows.
    private static func tame(_ unit: Double) -> Double { min(max(unit, -1e6), 1e6) }

    func draw(into out: inout Markup) {
        drawGrid(into: &out)
        var shapes = ShapeDrawing(panel: self)
        for shape in layout.shapes { shapes.draw(shape, into: &out) }
        drawFrame(into: &out)
        drawWords(into: &out)
        if let bar = layout.colourBar { draw(bar, into: &out) }
        LegendDrawing(panel: self, taken: shapes.taken).draw(into: &out)
    }

    private func drawGrid(into out: inout Markup) {
        guard layout.panel.grid else { return }
        func lines(_ xs: [Double], _ ys: [Double]) -> String {
            xs.map { "M\(Markup.number($0)) \(Markup.number(box.top))V\(Markup.number(box.bottom))" }.joined()
                + ys.map { "M\(Markup.number(box.left)) \(Markup.number($0))H\(Markup.number(box.right))" }.joined()
        }
        let minor = lines(
            layout.panel.x.hidden ? [] : xTicks.minor.compactMap(x),
            layout.panel.y.hidden ? [] : yTicks.minor.compactMap(y))
        let major = lines(
            layout.panel.x.hidden ? [] : xTicks.major.compactMap { x($0.value) },
            layout.panel.y.hidden ? [] : yTicks.major.compactMap { y($0.value) })
        if !minor.isEmpty { out.add("<path d=\"\(minor)\" stroke=\"#f3f3f3\"/>") }
        if !major.isEmpty { out.add("<path d=\"\(major)\" stroke=\"#e4e4e4\"/>") }
    }

    private func drawFrame(into out: inout Markup) {
        let (left, right) = (Markup.number(box.left), Markup.number(box.right))
        let (top, bottom) = (Markup.number(box.top), Markup.number(box.bottom))
        var path = ""
        if !layout.panel.y.hidden { path += "M\(left) \(top)V\(bottom)" }
        if !layout.panel.x.hidden { path += "M\(left) \(bottom)H\(right)" }
        if !layout.panel.x.hidden {
            for place in xTicks.major.compactMap({ x($0.value) }) { path += "M\(Markup.number(place)) \(bottom)v4" }
        }
        if !layout.panel.y.hidden {
            for place in yTicks.major.compactMap({ y($0.value) }) { path += "M\(left) \(Markup.number(place))h-4" }
        }
        if !path.isEmpty { out.add("<path d=\"\(path)\" stroke=\"#888\" fill=\"none\"/>") }
    }

    private func drawWords(into out: inout Markup) {
        let panel = layout.panel
        func text(_ content: String, _ x: Double, _ y: Double, _ attributes: String = "") {
            out.add(
                "<text x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\"\(attributes.isEmpty ? "" : " " + attributes)>"
                    + "\(content)</text>")
        }
        var below = box.bottom
        if !panel.x.hidden {
            out.add("<g text-anchor=\"middle\">")
            for tick in xTicks.major { if let place = x(tick.value) { text(tick.label, place, box.bottom + 17) } }
            out.add("</g>")
            below += 20
            if xTicks.exponent != 0 {
                text("×10" + Decimal.superscript(xTicks.exponent), box.right, below + 14, "text-anchor=\"end\"")
            }
        }
        if !panel.y.hidden {
            out.add("<g text-anchor=\"end\">")
            for tick in yTicks.major { if let place = y(tick.value) { text(tick.label, box.left - 7, place + 4.2) } }
            out.add("</g>")
            if yTicks.exponent != 0 { text("×10" + Decimal.superscript(yTicks.exponent), box.left, box.top - 6) }
        }
        let middle = (box.left + box.right) / 2
        if !panel.x.label.isEmpty {
            text(
                Markup.content(MathText(panel.x.label)), middle, below + 15,
                "text-anchor=\"middle\" font-size=\"13\" fill=\"#222\"")
        }
        if !panel.y.label.isEmpty {
            let (x, y) = (max(box.left - PanelDrawing.width(of: yTicks.major) - 16, 16), (box.top + box.bottom) / 2)
            out.add(
                "<text transform=\"translate(\(Markup.number(x)) \(Markup.number(y))) rotate(-90)\""
                    + " text-anchor=\"middle\" font-size=\"13\" fill=\"#222\">"
                    + "\(Markup.content(MathText(panel.y.label)))</text>")
        }
        if !panel.title.isEmpty {
            let lift = (yTicks.exponent == 0 || panel.y.hidden ? 11.0 : 25) - (width < 240 ? 4 : 0)
            text(
                Markup.content(MathText(panel.title)), middle, box.top - lift,
                "text-anchor=\"middle\" fill=\"#222\" "
                    + (width < 240 ? "font-size=\"11\"" : "font-size=\"15\" font-weight=\"bold\""))
        }
        for (index, note) in layout.notes.enumerated() {
            text(
                Markup.escape(note), width - 18, height - 8 - 15 * Double(layout.notes.count - 1 - index),
                "text-anchor=\"end\" font-size=\"11\" fill=\"#a33\"")
        }
    }

    private func draw(_ bar: ColourBar, into out: inout Markup) {
        let left = box.right + 16
        let name = "nnb-\(bar.map.name)"
        let stops = (0...8).map { "<stop offset=\"\(Decimal.short(Double($0) / 8, 3))\" stop-color=\"\(bar.map[Double($0) / 8].hex)\"/>" }
        out.add("<linearGradient id=\"\(name)\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">\(stops.joined())</linearGradient>")
        out.add(
            "<rect x=\"\(Markup.number(left))\" y=\"\(Markup.number(box.top))\" width=\"\(Markup.number(PanelDrawing.barWidth))\""
                + " height=\"\(Markup.number(box.height))\" fill=\"url(#\(name))\"/>")
        let scale = AxisScale(kind: .linear, lower: bar.lower, upper: bar.upper)
        let ticks = Ticks(for: scale, count: max(2, Int(box.height / 60)))
        for tick in ticks.major {
            guard let unit = scale.unit(tick.value) else { continue }
            let y = box.bottom - box.height * unit
            out.add("<path d=\"M\(Markup.number(left + PanelDrawing.barWidth)) \(Markup.number(y))h4\" stroke=\"#888\"/>")
            let power = ticks.exponent == 0 ? "" : "·10" + Decimal.superscript(ticks.exponent)
            out.add(
                "<text x=\"\(Markup.number(left + PanelDrawing.barWidth + 7))\" y=\"\(Markup.number(y + 4.2))\">"
                    + "\(tick.label)\(power)</text>")
        }
    }
}

extension Box {
    /// Smaller in one direction, so that a unit is as long on both axes, about the same middle.
    fileprivate mutating func shrink(toRatioOf layout: Layout) {
        guard layout.x.kind == .linear, layout.y.kind == .linear else { return }
        let perX = width / abs(layout.x.upper - layout.x.lower)
        let perY = height / abs(layout.y.upper - layout.y.lower)
        guard perX.isFinite, perY.isFinite, perX > 0, perY > 0 else { return }
        if perX > perY {
            let excess = width * (1 - perY / perX) / 2
            (left, right) = (left + excess, right - excess)
        } else {
            let excess = height * (1 - perX / perY) / 2
            (top, bottom) = (top + excess, bottom - excess)
        }
    }
}
