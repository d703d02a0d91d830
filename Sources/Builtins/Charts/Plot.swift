import Charts
import Diagnostics
import Language
import Tensors

/// Lines.
enum Plot {
    static let builtin = Builtin(
        "plot", "lines through points: plot(y), plot(x, y), plot(x, y, \"--r\"), plot(x, y1, x, y2), plot(f, -3, 3), plot(history)",
        [
            .init(
                "data", "tensors, lists, functions with their ends, format strings, or a history", .required, .variadic,
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
            return Value(native: easel.begin(Chart(try HistoryFigure.make(curves.curves, call)), call.interpreter))
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
            var pair: Pair
            if call.rest[place].isCallable {
                let (x, y) = try sampled(call, place)
                pair = Pair(x: x, y: y, format: nil)
                place += 3
            } else {
                let first = try Coordinates(call, place)
                place += 1
                pair = Pair(x: nil, y: first, format: nil)
                if place < call.rest.count, call.rest[place].string == nil, !call.rest[place].isCallable {
                    pair = Pair(x: first, y: try Coordinates(call, place), format: nil)
                    place += 1
                }
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

    /// A function between two ends, at 201 places: called with all of them at once, or, where it does not take a vector
    /// element by element, with each.
    private static func sampled(_ call: borrowing Call, _ place: Int) throws(Failure) -> (Coordinates, Coordinates) {
        guard place + 2 < call.rest.count, call.rest[place + 1].isNumber, call.rest[place + 2].isNumber else {
            throw Failure(
                .argument, "`plot` of a function needs the ends between which it is drawn: plot(f, -3, 3)",
                help: "or its values at points of your own: plot(x, f(x))")
        }
        let (low, high) = (call.rest[place + 1].number, call.rest[place + 2].number)
        guard low.isFinite, high.isFinite, low != high, (high - low).isFinite else {
            throw Failure(.value, "the ends of a function's plot must be two different finite numbers")
        }
        let (function, interpreter) = (call.rest[place], call.interpreter)
        let x = (0...200).map { low + (high - low) * Double($0) / 200 }
        let vector = Held(adopting: Value(tensor: try Rows.vector(x)))
        do throws(Failure) {
            let y = Held(adopting: try interpreter.call(function, [vector.value]))
            if let tensor = y.value.tensor, tensor.shape == [x.count] {
                return (Coordinates(x), Coordinates(Rows.numbers(tensor)))
            }
        } catch {
            if error.kind == .interrupt || error.kind == .timeout { throw error }
        }
        var y: [Double] = []
        for number in x {
            let result = Held(adopting: try interpreter.call(function, [Value(number)]))
            guard let value = try Conversions.tensor(result.value), value.count == 1 else {
                throw Failure(.type, "the function that `plot` draws gives a number for a number, not \(result.value.inWords)")
            }
            y.append(Rows.numbers(value)[0])
        }
        return (Coordinates(x), Coordinates(y))
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
}
