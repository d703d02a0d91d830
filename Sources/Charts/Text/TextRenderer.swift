/// A figure as text for a terminal or a place that cannot show SVG: dots of Unicode's braille block on axes with ticks.
public enum TextRenderer {
    /// - Parameters:
    ///   - columns: the width to fill, at least 30.
    ///   - colour: whether to use ANSI colours; without them series differ by dashes and characters.
    public static func render(_ figure: Figure, columns: Int, colour: Bool) -> String {
        let columns = min(max(columns, 30), 100)
        var lines: [String] = []
        if !figure.title.isEmpty { lines.append(Columns.centre(MathText(figure.title).plain, columns)) }
        // Images stand side by side as far as the width goes.
        var row: [ImageText] = []
        func finish() {
            if row.isEmpty { return }
            if !lines.isEmpty { lines.append("") }
            lines += ImageText.beside(row)
            row = []
        }
        for panel in figure.panels {
            let layout = Layout(panel)
            if let image = ImageText(layout, columns: columns, colour: colour) {
                if row.reduce(image.width, { $0 + $1.width + 1 }) > columns { finish() }
                row.append(image)
            } else {
                finish()
                if !lines.isEmpty { lines.append("") }
                lines += PanelText(layout, columns: columns, colour: colour).lines
            }
        }
        finish()
        return lines.map { $0 + "\n" }.joined()
    }
}

/// One panel of lines and points as text.
private struct PanelText {
    let layout: Layout
    let colour: Bool
    var canvas: BrailleCanvas
    let labels: Int
    let xTicks: Ticks
    let yTicks: Ticks
    /// For each series in order its dashes or its character, where no colour tells them apart.
    private var keys: [String] = []

    init(_ layout: Layout, columns: Int, colour: Bool) {
        self.layout = layout
        self.colour = colour
        var rows = min(max(columns / 5, 8), 16)
        yTicks = Ticks(for: layout.y, count: max(2, rows / 3))
        labels = yTicks.major.map { Columns.of($0.label) }.max() ?? 0
        var width = max(10, columns - labels - 4)
        if layout.panel.equalUnits { (width, rows) = PanelText.equal(layout, width) }
        xTicks = Ticks(for: layout.x, count: max(2, width / 12))
        canvas = BrailleCanvas(columns: width, rows: rows)
        let isTold = !colour && layout.entries.count > 1
        for case .image(let raster) in layout.shapes { drawEdges(raster) }
        var series = 0
        for case .points(let points) in layout.shapes {
            draw(points, series: isTold && !points.label.isEmpty ? series : nil)
            series += 1
        }
    }

    /// Columns and rows such that a unit is as long on both axes: a dot is as wide as it is high.
    private static func equal(_ layout: Layout, _ width: Int) -> (Int, Int) {
        let ratio = abs(layout.y.upper - layout.y.lower) / abs(layout.x.upper - layout.x.lower)
        guard ratio.isFinite, ratio > 0 else { return (width, 12) }
        let rows = Double(width) / 2 * ratio
        if rows <= 24 { return (width, max(4, Int(rows))) }
        return (max(10, Int(min(48 / ratio, Double(width)))), 24)
    }

    var lines: [String] {
        var lines: [String] = []
        let panel = layout.panel
        let pad = String(repeating: " ", count: labels + 2)
        if !panel.title.isEmpty { lines.append(pad + Columns.centre(MathText(panel.title).plain, canvas.columns)) }
        var heading = panel.y.label.isEmpty ? "" : MathText(panel.y.label).plain
        if yTicks.exponent != 0 {
            heading += (heading.isEmpty ? "" : " ") + "(×10" + Decimal.superscript(yTicks.exponent) + ")"
        }
        if !heading.isEmpty { lines.append(" " + Columns.cut(heading, labels + canvas.columns)) }

        var marks: [Int: String] = [:]
        for tick in yTicks.major {
            if let unit = layout.y.unit(tick.value) { marks[row(unit)] = tick.label }
        }
        for row in 0..<canvas.rows {
            let label = Columns.right(marks[row] ?? "", labels)
            lines.append(" " + label + tint(marks[row] == nil ? "│" : "┤") + canvas.row(row, colour: colour))
        }
        lines += axisLines
        if !panel.x.label.isEmpty { lines.append(pad + Columns.centre(MathText(panel.x.label).plain, canvas.columns)) }
        lines += legendLines
        lines += layout.notes.map { " " + $0 }
        return lines
    }

    private func row(_ unit: Double) -> Int {
        min(max(Int(((1 - unit) * Double(canvas.height - 1) / 4).rounded(.down)), 0), canvas.rows - 1)
    }

    private func tint(_ text: String) -> String { colour ? ANSI.dim + text + ANSI.reset : text }

    /// The line of the x axis and the numbers below it.
    private var axisLines: [String] {
        var line = Array(repeating: Character("─"), count: canvas.columns)
        var numbers = Array(repeating: Character(" "), count: canvas.columns + labels + 4)
        var free = 0
        for tick in xTicks.major {
            guard let unit = layout.x.unit(tick.value), unit >= 0, unit <= 1 else { continue }
            let column = min(Int(unit * Double(canvas.width - 1) / 2), canvas.columns - 1)
            let text = Array(tick.label)
            let start = max(0, labels + 2 + column - text.count / 2)
            guard start >= free, start + text.count <= numbers.count else { continue }
            line[column] = "┬"
            for (offset, sign) in text.enumerated() { numbers[start + offset] = sign }
            free = start + text.count + 1
        }
        var below = String(numbers)
        while below.last == " " { below.removeLast() }
        if xTicks.exponent != 0 { below += " ×10" + Decimal.superscript(xTicks.exponent) }
        return [String(repeating: " ", count: labels + 1) + tint("└" + String(line)), below]
    }

    private var legendLines: [String] {
        guard !layout.entries.isEmpty else { return [] }
        var lines: [String] = []
        var line = ""
        var width = 0
        var series = 0
        var keyed: [(String, Points)] = []
        for case .points(let points) in layout.shapes {
            keyed.append((series < keys.count ? keys[series] : "", points))
            series += 1
        }
        for (key, points) in keyed where !points.label.isEmpty {
            let label = MathText(points.label).plain
            let ink = points.line?.colour ?? points.marker?.colour
            let entry = (colour ? (ink.map(ANSI.foreground) ?? "") + key + ANSI.reset : key) + " " + label
            let size = Columns.of(key + " " + label)
            if width > 0, width + 3 + size > canvas.columns {
                lines.append(line)
                (line, width) = ("", 0)
            }
            line += (width == 0 ? String(repeating: " ", count: labels + 3) : "   ") + entry
            width += (width == 0 ? 0 : 3) + size
        }
        return lines + [line]
    }

    // MARK: - Drawing

    /// Dots where the colours of a filled ground change.
    private mutating func drawEdges(_ raster: Raster) {
        guard raster.width > 1, raster.height > 1, raster.pixels.count == raster.width * raster.height else { return }
        func pixel(_ x: Int, _ y: Int) -> Colour? {
            guard let left = layout.x.unit(raster.left), let right = layout.x.unit(raster.right),
                let top = layout.y.unit(raster.top), let bottom = layout.y.unit(raster.bottom)
            else { return nil }
            let (u, v) = (Double(x) / Double(canvas.width - 1), 1 - Double(y) / Double(canvas.height - 1))
            let (column, row) = ((u - left) / (right - left), (v - top) / (bottom - top))
            guard column >= 0, column <= 1, row >= 0, row <= 1 else { return nil }
            let place = min(Int(row * Double(raster.height)), raster.height - 1) * raster.width
            return raster.pixels[place + min(Int(column * Double(raster.width)), raster.width - 1)]
        }
        for y in 0..<canvas.height {
            for x in 0..<canvas.width {
                guard let here = pixel(x, y) else { continue }
                if let right = pixel(x + 1, y), right != here { canvas.dot(x, y, Colour(0x6b6b6b)) }
                if let below = pixel(x, y + 1), below != here { canvas.dot(x, y, Colour(0x6b6b6b)) }
            }
        }
    }

    private static let letters: [Character] = ["o", "x", "+", "*", "#", "@", "%", "&"]
    private static let dashes: [(key: String, pattern: @Sendable (Int) -> Bool)] = [
        ("⠤⠤⠤", { _ in true }),
        ("⠤ ⠤", { $0 % 6 < 3 }),
        ("⠄⠄⠄", { $0 % 3 == 0 }),
        ("⠤⠄⠤", { $0 % 8 < 4 || $0 % 8 == 6 }),
    ]

    private mutating func draw(_ points: Points, series: Int?) {
        let box = Box(left: 0, top: 0, right: Double(canvas.width - 1), bottom: Double(canvas.height - 1))
        var runs: [[Place]] = []
        var run: [Place] = []
        for index in 0..<points.count {
            if let x = layout.x.unit(points.x[index]), let y = layout.y.unit(points.y[index]) {
                run.append(
                    Place(
                        x: min(max(x, -1e6), 1e6) * box.right, y: (1 - min(max(y, -1e6), 1e6)) * box.bottom))
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
        }
        runs.append(run)

        var key = ""
        if let line = points.line {
            let dash = series.map { PanelText.dashes[$0 % PanelText.dashes.count] } ?? PanelText.own(line.dash)
            for run in runs {
                var count = 0
                for part in box.clip(run) {
                    for (from, to) in zip(part, part.dropFirst()) {
                        canvas.line(from, to, line.colour, &count, pattern: dash.pattern)
                    }
                }
            }
            key = dash.key
        }
        if let style = points.marker {
            // A few points alone are seen better as characters than as dots.
            let letter = series.map {
                style.marker == .circle ? PanelText.letters[$0 % PanelText.letters.count] : style.marker.letter
            } ?? (points.count <= 40 ? style.marker.letter : nil)
            for place in runs.joined() where box.contains(place) {
                let (x, y) = (Int(place.x.rounded()), Int(place.y.rounded()))
                if points.line == nil, let letter {
                    canvas.letter(x, y, letter, style.colour)
                } else {
                    canvas.dot(x, y, style.colour)
                }
            }
            if key.isEmpty { key = letter.map(String.init) ?? "●" }
        }
        keys.append(key)
    }

    private static func own(_ dash: Stroke.Dash) -> (key: String, pattern: @Sendable (Int) -> Bool) {
        switch dash {
        case .solid: dashes[0]
        case .dashed: dashes[1]
        case .dotted: dashes[2]
        case .dashDotted: dashes[3]
        }
    }
}
