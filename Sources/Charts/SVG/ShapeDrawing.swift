/// The shapes of a panel in SVG, and where they lie, so that the legend can keep out of their way.
struct ShapeDrawing {
    let panel: PanelDrawing
    /// Places that the picture covers.
    private(set) var taken: [Place] = []
    private var defined: Set<String> = []

    /// More points than this in one cloud are thinned: at some eleven bytes each a class takes 33 KB.
    private static let mostPoints = 3000

    init(panel: PanelDrawing) { self.panel = panel }

    mutating func draw(_ shape: Shape, into out: inout Markup) {
        switch shape {
        case .points(let points): draw(points, into: &out)
        case .image(let raster): draw(raster, into: &out)
        }
    }

    private mutating func draw(_ points: Points, into out: inout Markup) {
        let runs = placed(points)
        if let line = points.line {
            for run in runs { draw(line, Thinning.line(run, step: 1), into: &out) }
        }
        if let style = points.marker {
            let inside = runs.joined().filter { panel.box.contains($0) }
            draw(style, Thinning.cloud(inside, limit: ShapeDrawing.mostPoints), into: &out)
        }
    }

    /// The points in the picture's coordinates, cut where one has no place.
    private func placed(_ points: Points) -> [[Place]] {
        var runs: [[Place]] = []
        var run: [Place] = []
        for index in 0..<points.count {
            if let x = panel.x(points.x[index]), let y = panel.y(points.y[index]) {
                run.append(Place(x: x, y: y))
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
        }
        if !run.isEmpty { runs.append(run) }
        return runs
    }

    private mutating func draw(_ line: Stroke, _ places: [Place], into out: inout Markup) {
        for part in panel.box.clip(places) {
            cover(part)
            var attributes = " fill=\"none\" stroke=\"\(line.colour.hex)\" stroke-width=\"\(Markup.number(line.width))\""
            attributes += " stroke-linejoin=\"round\""
            if let dashes = ShapeDrawing.dashes(line) {
                attributes += " stroke-dasharray=\"\(dashes)\""
            } else {
                attributes += " stroke-linecap=\"round\""
            }
            if line.alpha < 1 { attributes += " stroke-opacity=\"\(Decimal.short(line.alpha, 2))\"" }
            out.add("<polyline points=\"\(Markup.points(part))\"\(attributes)/>")
        }
    }

    static func dashes(_ line: Stroke) -> String? {
        let w = line.width
        let lengths: [Double]
        switch line.dash {
        case .solid: return nil
        case .dashed: lengths = [3.7, 1.8]
        case .dashDotted: lengths = [5, 1.6, 1.1, 1.6]
        case .dotted: lengths = [1.1, 1.7]
        }
        return lengths.map { Markup.number($0 * w) }.joined(separator: " ")
    }

    /// Marked points are the vertices of an invisible line, each painted with the same `marker` element: ten bytes a
    /// point, and transparent ones add up as they should.
    private mutating func draw(_ style: MarkerStyle, _ places: [Place], into out: inout Markup) {
        guard !places.isEmpty else { return }
        taken += places
        let name = define(style, into: &out)
        // A line of one point has no end, and some viewers mark it twice, some not at all.
        let list = places.count == 1 ? "\(Markup.points(places)) \(Markup.points(places))" : Markup.points(places)
        let ends = places.count == 1 ? "" : " marker-mid=\"url(#\(name))\" marker-end=\"url(#\(name))\""
        out.add("<polyline points=\"\(list)\" fill=\"none\" marker-start=\"url(#\(name))\"\(ends)/>")
    }

    /// The definition of a marker, once. Its name is made of what it holds: two pictures on one page may share it.
    private mutating func define(_ style: MarkerStyle, into out: inout Markup) -> String {
        let body = ShapeDrawing.symbol(style)
        let name = "m" + String(ShapeDrawing.hash(body), radix: 36)
        if defined.insert(name).inserted {
            out.add(
                "<marker id=\"\(name)\" markerUnits=\"userSpaceOnUse\" markerWidth=\"40\" markerHeight=\"40\""
                    + " viewBox=\"-20 -20 40 40\">\(body)</marker>")
        }
        return name
    }

    /// The marker around the origin.
    static func symbol(_ style: MarkerStyle) -> String {
        let radius = style.size * style.marker.scale
        let colour = style.colour.hex
        let alpha = Decimal.short(style.alpha, 2)
        if style.marker.isOpen {
            let width = Decimal.short(max(0.25, 1.6 / max(radius, 0.1)), 2)
            return "<path d=\"\(style.marker.path ?? "")\" transform=\"scale(\(Decimal.short(radius, 2)))\" fill=\"none\""
                + " stroke=\"\(colour)\" stroke-width=\"\(width)\""
                + (style.alpha < 1 ? " stroke-opacity=\"\(alpha)\"" : "") + "/>"
        }
        var paint = " fill=\"\(colour)\"" + (style.alpha < 1 ? " fill-opacity=\"\(alpha)\"" : "")
        let hasEdge = style.hasEdge && radius > 2.6
        guard let path = style.marker.path else {
            if hasEdge { paint += " stroke=\"#fff\" stroke-width=\".6\"" }
            return "<circle r=\"\(Decimal.short(radius, 2))\"\(paint)/>"
        }
        if hasEdge { paint += " stroke=\"#fff\" stroke-width=\"\(Decimal.short(0.6 / radius, 2))\"" }
        return "<path d=\"\(path)\" transform=\"scale(\(Decimal.short(radius, 2)))\"\(paint)/>"
    }

    /// FNV-1a, 32 bits.
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    private mutating func draw(_ raster: Raster, into out: inout Markup) {
        guard raster.width > 0, raster.height > 0, raster.pixels.count == raster.width * raster.height,
            let left = panel.x(raster.left), let right = panel.x(raster.right), let top = panel.y(raster.top),
            let bottom = panel.y(raster.bottom)
        else { return }
        let data = Base64.encode(PNG.encode(raster))
        out.add(
            "<image x=\"\(Markup.number(min(left, right)))\" y=\"\(Markup.number(min(top, bottom)))\""
                + " width=\"\(Markup.number(abs(right - left)))\" height=\"\(Markup.number(abs(bottom - top)))\""
                + " preserveAspectRatio=\"none\""
                + (raster.isPicture ? " image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\"" : "")
                + " href=\"data:image/png;base64,\(data)\"/>")
    }

    /// Notes what a line covers, some eight pixels apart.
    private mutating func cover(_ line: [Place]) {
        for (from, to) in zip(line, line.dropFirst()) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let steps = min(max(1, Int(max(abs(dx), abs(dy)) / 8)), 200)
            for step in 0..<steps {
                let part = Double(step) / Double(steps)
                taken.append(Place(x: from.x + dx * part, y: from.y + dy * part))
            }
        }
        if let last = line.last { taken.append(last) }
    }
}
