import Charts
import Diagnostics
import Language
import Tensors

/// Lines.
enum Plot {
    static let builtin = Builtin(
        "plot", "Lines through points: plot(y), plot(x, y), plot(x, y, \"--r\"), plot(x, y1, x, y2), plot(history).",
        [
            .init(
                "data", "tensors, lists, format strings, or a history", .required, .variadic,
                "y over 0, 1, 2, ..., or x and y, several pairs too; y of shape (n, k) gives k lines; after a pair a format: a colour (b g r c m y k w), a marker (o . x + s ^ v D *) and a line (- -- : -.)"),
            .init("label", "string or list of strings", .absent, .keyword, "names in the legend, one a line"),
            .init("color", "string", .absent, .keyword, "\"red\", \"C1\", \"#d55e00\", ...; by default the next of the palette"),
            .init("linewidth", "number > 0", .number(1.8), .keyword, "in pixels"),
            .init("linestyle", "string", .absent, .keyword, "\"-\", \"--\", \":\", \"-.\", or \"none\""),
            .init("marker", "string", .absent, .keyword, "\"o\", \".\", \"x\", ...: marks the points too"),
            .init("alpha", "number from 0 to 1", .number(1), .keyword, "opacity"),
        ] + PanelOptions.parameters,
        shapes: "y [n] or [n, k], x [n] or [n, k]",
        example: "x = linspace(-3, 3, 100); plot(x, tanh(x), label=\"tanh\", xlabel=\"$z$\")",
        source: "format strings are MATLAB's; the calls of one cell draw in one figure, figure() begins another"
    ) { call throws(Failure) in
        let easel = Easel.of(call.interpreter)
        if let curves = call.rest.first?.native as? any Curves {
            guard call.rest.count == 1 else { throw Failure(.argument, "`plot` takes a history alone") }
            return Value(native: easel.begin(Chart(try history(curves.curves, call)), call.interpreter))
        }
        let lines = try lines(call)
        let chart = easel.chart(call.interpreter)
        var panel = chart.panel
        try PanelOptions.apply(call, from: 7, to: &panel)
        panel.marks += lines
        chart.panel = panel
        return Value(native: chart)
    }

    /// One pair of coordinates with its format, before it is cut into lines.
    private struct Pair {
        var x: Coordinates?
        var y: Coordinates
        var format: LineFormat?
    }

    private static func lines(_ call: borrowing Call) throws(Failure) -> [LineMark] {
        let pairs = try pairs(call)
        let colour = try StyleReader.colour(call, 2)
        let width = try StyleReader.size(call, 3) ?? 1.8
        let marker = try StyleReader.marker(call, 5)
        let alpha = try StyleReader.alpha(call, 6) ?? 1
        var dash: Stroke.Dash?
        var hasLine = true
        if let style = try call.optionalString(4) {
            dash = Stroke.Dash(rawValue: style)
            hasLine = style != "" && style.lowercased() != "none"
            guard dash != nil || !hasLine else { throw call.refused(4, "must be \"-\", \"--\", \":\", \"-.\" or \"none\"") }
        }

        var lines: [LineMark] = []
        for pair in pairs {
            let columns = pair.y.columns
            for column in 0..<columns {
                let y = pair.y.column(column)
                var x = (0..<y.count).map(Double.init)
                if let given = pair.x { x = given.column(given.columns == 1 ? 0 : column) }
                let named = pair.format
                lines.append(
                    LineMark(
                        x: x, y: y, colour: colour ?? named?.colour,
                        dash: hasLine ? (dash ?? (named == nil ? .solid : named?.dash)) : nil, width: width,
                        marker: marker ?? named?.marker, alpha: alpha))
            }
        }
        try label(&lines, call)
        return lines
    }

    /// Splits the arguments into pairs: coordinates stand alone or in twos, a string after them is their format.
    private static func pairs(_ call: borrowing Call) throws(Failure) -> [Pair] {
        var pairs: [Pair] = []
        var place = 0
        while place < call.rest.count {
            guard call.rest[place].string == nil else {
                throw Failure(.argument, "argument \(place + 1) of `plot` is a format without data before it")
            }
            let first = try Coordinates(call, place)
            place += 1
            var pair = Pair(x: nil, y: first, format: nil)
            if place < call.rest.count, call.rest[place].string == nil {
                pair = Pair(x: first, y: try Coordinates(call, place), format: nil)
                place += 1
            }
            if place < call.rest.count, let text = call.rest[place].string {
                switch LineFormat.parse(text) {
                case .success(let format): pair.format = format
                case .failure(let mistake):
                    throw Failure(
                        .value, "the format \"\(text)\" of `plot` \(mistake.text)",
                        help: "a name of the series is given by label=, a colour by its name with color=")
                }
                place += 1
            }
            if let x = pair.x { try check(x, pair.y) }
            pairs.append(pair)
        }
        guard !pairs.isEmpty else { throw Failure(.argument, "`plot` needs what to plot: plot(y) or plot(x, y)") }
        return pairs
    }

    private static func check(_ x: Coordinates, _ y: Coordinates) throws(Failure) {
        guard x.rows == y.rows else {
            throw Failure(
                .shape, "x has \(x.rows) points and y has \(y.rows)",
                help: x.rows == y.columns && y.rows != 1 ? "a line is a column of y: y.T has \(y.columns) rows" : nil)
        }
        guard x.columns == 1 || x.columns == y.columns else {
            throw Failure(.shape, "x has \(x.columns) columns and y has \(y.columns)")
        }
    }

    private static func label(_ lines: inout [LineMark], _ call: borrowing Call) throws(Failure) {
        guard !call.isAbsent(1) else { return }
        var names = try TextColumn.texts(call[1])
        if let name = call[1].string { names = [name] }
        guard let names else { throw call.unexpected(1, "a string or a list of strings") }
        guard names.count == lines.count || (names.count == 1 && !lines.isEmpty) else {
            throw Failure(.value, "`label` of `plot` has \(names.count) names for \(lines.count) \(lines.count == 1 ? "line" : "lines")")
        }
        for (place, name) in names.enumerated() { lines[place].label = name }
    }

    /// The loss and its validation twin in one panel, the metrics in another.
    private static func history(
        _ curves: [(name: String, values: [Double])], _ call: borrowing Call
    ) throws(Failure) -> Figure {
        func quantity(_ name: String) -> String { name.hasPrefix("val_") ? String(name.dropFirst(4)) : name }
        func panel(_ part: [(name: String, values: [Double])]) -> Panel {
            var panel = Panel()
            var quantities: [String] = []
            for curve in part {
                let x = curve.values.indices.map { Double($0 + 1) }
                let isTwin = curve.name.hasPrefix("val_")
                let name = quantity(curve.name)
                if !quantities.contains(name) { quantities.append(name) }
                // A quantity keeps its colour; its values on the validation data are the dashed line.
                let colour = Colour.ofSeries(quantities.count > 1 ? (quantities.firstIndex(of: name) ?? 0) : isTwin ? 1 : 0)
                panel.marks.append(
                    LineMark(
                        x: x, y: curve.values, label: curve.name, colour: colour,
                        dash: isTwin && part.count > 2 ? .dashed : .solid))
            }
            panel.x.label = "epoch"
            panel.y.label = quantities.count == 1 ? quantities[0] : ""
            return panel
        }
        let loss = curves.filter { quantity($0.name) == "loss" }
        let metrics = curves.filter { quantity($0.name) != "loss" }
        var panels = [loss, metrics].filter { !$0.isEmpty }.map(panel)
        if panels.isEmpty { panels = [Panel()] }
        try PanelOptions.apply(call, from: 7, to: &panels[0])
        var figure = Figure(panels: panels)
        if panels.count > 1 { (figure.panelWidth, figure.panelHeight) = (460, 340) }
        return figure
    }
}

/// Numbers to be drawn along an axis: one column or several.
struct Coordinates {
    let rows: Int
    let columns: Int
    private let numbers: [Double]

    init(_ call: borrowing Call, _ place: Int) throws(Failure) {
        let value = call.rest[place]
        if value.native is TextColumn || value.items?.first?.string != nil {
            throw Failure(
                .type, "argument \(place + 1) of `\(call.name)` holds text, which has no place on an axis",
                help: "encode(labels) makes numbers of them")
        }
        let tensor = try call.restTensor(place)
        guard tensor.rank <= 2 else {
            throw Failure(
                .shape, "argument \(place + 1) of `\(call.name)` has the shape \(Tensor.text(of: tensor.shape)); lines have (n,) or (n, k)")
        }
        let shape = tensor.shape
        rows = shape.first ?? 1
        columns = shape.count == 2 ? shape[1] : 1
        numbers = Rows.numbers(tensor)
    }

    func column(_ index: Int) -> [Double] { (0..<rows).map { numbers[$0 * columns + index] } }
}
