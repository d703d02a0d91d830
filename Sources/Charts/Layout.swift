/// A panel made ready for any renderer: its scales, its shapes in order, its legend, and what could not be shown.
struct Layout {
    struct Entry {
        var label: MathText
        var line: Stroke?
        var marker: MarkerStyle?
    }
    let panel: Panel
    let x: AxisScale
    let y: AxisScale
    let shapes: [Shape]
    let colourBar: ColourBar?
    let entries: [Entry]
    /// Said below the picture: points that have no place on the axes.
    let notes: [String]

    init(_ panel: Panel) {
        self.panel = panel
        var series = 0
        var shapes: [Shape] = []
        for mark in panel.marks {
            shapes += mark.shapes(colour: .ofSeries(series))
            if mark.takesColour { series += 1 }
        }
        self.shapes = shapes
        colourBar = panel.marks.lazy.compactMap(\.colourBar).first

        var (xs, ys): ([Double], [Double]) = ([], [])
        var (isPicture, isFilled) = (false, false)
        var (missing, negative) = (0, 0)
        for shape in shapes {
            switch shape {
            case .points(let points):
                for index in 0..<points.count {
                    let (x, y) = (points.x[index], points.y[index])
                    if !x.isFinite || !y.isFinite {
                        missing += 1
                    } else if (panel.x.scale == .log && x <= 0) || (panel.y.scale == .log && y <= 0) {
                        negative += 1
                    } else {
                        xs.append(x)
                        ys.append(y)
                    }
                }
            case .image(let raster):
                isPicture = isPicture || raster.isPicture
                isFilled = true
                xs += [raster.left, raster.right]
                ys += [raster.top, raster.bottom]
            }
        }
        x = AxisScale.fitting(panel.x, xs, tight: isFilled)
        var yScale = AxisScale.fitting(panel.y, ys, tight: isFilled)
        // A picture's rows count downwards.
        if isPicture, panel.y.lower == nil, panel.y.upper == nil {
            yScale = AxisScale(
                kind: yScale.kind, lower: yScale.upper, upper: yScale.lower, isIntegral: yScale.isIntegral)
        }
        y = yScale

        var entries: [Entry] = []
        if panel.legend != .none {
            for case .points(let points) in shapes where !points.label.isEmpty {
                entries.append(Entry(label: MathText(points.label), line: points.line, marker: points.marker))
            }
        }
        self.entries = entries

        var notes: [String] = []
        func tell(_ count: Int, _ one: String, _ many: String) {
            if count > 0 { notes.append(count == 1 ? "1 point \(one)" : "\(count) points \(many)") }
        }
        tell(missing, "is not finite and is left out", "are not finite and are left out")
        tell(negative, "is not above 0 and has no place on a log axis", "are not above 0 and have no place on a log axis")
        self.notes = notes
    }
}
