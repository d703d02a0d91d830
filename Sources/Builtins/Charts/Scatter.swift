import Charts
import Diagnostics
import Language
import Tensors

/// Clouds of points.
enum Scatter {
    static let builtin = Builtin(
        "scatter", "a point for each sample: scatter(x, y), or scatter(X, color=y) for X of shape (n, 2)",
        [
            .init("points", "tensors", .required, .variadic, "x and y [n], or one matrix [n, 2]"),
            .init(
                "color", "string, labels or numbers", .absent, .keyword,
                "one colour; or for each point its class (few whole numbers, or names), its colour (by name, or red, green and blue [n, 3]) or a number, told by a bar"),
            .init("label", "string or list of strings", .absent, .keyword, "the name in the legend, or one a class"),
            .init("marker", "string", .string("o"), .keyword, "\"o\", \".\", \"x\", \"+\", \"s\", \"^\", ..."),
            .init("size", "number > 0", .absent, .keyword, "radius in pixels; by default 3.8, less for many points"),
            .init("alpha", "number from 0 to 1", .number(0.85), .keyword, "opacity"),
            .init("cmap", "string", .string("viridis"), .keyword, "colours for numbers: \"viridis\", \"magma\", \"coolwarm\", \"gray\", \"gray_r\""),
        ] + PanelOptions.parameters,
        shapes: "x [n], y [n] or X [n, 2]; color [n]",
        example: "X, y = moons(200, noise=0.1); scatter(X, color=y)"
    ) { call throws(Failure) in
        let (x, y) = try points(call)
        var mark = ScatterMark(x: x, y: y)
        mark.marker = try StyleReader.marker(call, 3) ?? .circle
        mark.size = try StyleReader.size(call, 4) ?? (x.count > 2000 ? 2 : x.count > 600 ? 3 : 3.8)
        mark.alpha = try StyleReader.alpha(call, 5) ?? 0.85
        mark.colouring = try colouring(call, x.count)
        try label(&mark, call)

        let chart = Easel.of(call.interpreter).chart(call.interpreter)
        var panel = chart.panel
        try PanelOptions.apply(call, from: 7, to: &panel)
        panel.marks.append(mark)
        chart.panel = panel
        return Value(native: chart)
    }

    private static func points(_ call: borrowing Call) throws(Failure) -> (x: [Double], y: [Double]) {
        switch call.rest.count {
        case 1:
            let points = try Coordinates(call, 0)
            guard points.columns == 2 else {
                throw Failure(
                    .shape, "`scatter` of one argument takes a matrix of two columns, and this has \(points.columns)",
                    help: "scatter(X[:, 0], X[:, 1]) takes two of them")
            }
            return (points.column(0), points.column(1))
        case 2:
            let (x, y) = (try Coordinates(call, 0), try Coordinates(call, 1))
            guard x.columns == 1, y.columns == 1 else {
                throw Failure(.shape, "x and y of `scatter` have one column each, not \(max(x.columns, y.columns))")
            }
            guard x.rows == y.rows else { throw Failure(.shape, "x has \(x.rows) points and y has \(y.rows)") }
            return (x.column(0), y.column(0))
        default:
            throw Failure(
                .argument, "`scatter` takes x and y, or one matrix of two columns, not \(call.rest.count) arguments",
                help: call.rest.count == 3 ? "classes or colours are given by their name: color=y" : nil)
        }
    }

    private static func colouring(_ call: borrowing Call, _ count: Int) throws(Failure) -> ScatterMark.Colouring {
        if call.isAbsent(1) { return .one(nil) }
        if call[1].string != nil { return .one(try StyleReader.colour(call, 1)) }
        if let texts = try TextColumn.texts(call[1]) {
            try check(texts.count, count)
            let colours = texts.map { Colour($0) }
            if colours.allSatisfy({ $0 != nil }) { return .each(colours.compactMap { $0 }) }
            let (codes, classes) = Labels.encode(texts)
            return .classes(codes, names: classes)
        }
        let tensor = try call.tensor(1)
        let shape = tensor.shape
        let numbers = Rows.numbers(tensor)
        if shape.count == 2, shape[1] == 3 {
            try check(shape[0], count)
            // Levels from 0 to 1, or bytes.
            let most = tensor.dtype == .uint8 ? 255.0 : 1
            func level(_ row: Int, _ channel: Int) -> UInt8 { Colour.byte(numbers[row * 3 + channel] / most) }
            return .each((0..<shape[0]).map { Colour(level($0, 0), level($0, 1), level($0, 2)) })
        }
        guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
            throw Failure(
                .shape, "`color` of `scatter` has one label or number a point, so the shape (\(count),), not \(Tensor.text(of: shape))",
                help: shape.count == 2 ? "classes of rows that are one-hot are argmax(y, axis=1)" : nil)
        }
        try check(numbers.count, count)
        let distinct = Set(numbers)
        if distinct.count <= 12, distinct.allSatisfy({ $0 == $0.rounded() }) {
            let (codes, classes) = Labels.encode(numbers)
            return .classes(codes, names: classes.map { Decimal.fixed($0, 0) })
        }
        let name = try call.string(6)
        guard let map = ColourMap.named(name) else {
            throw call.refused(6, "must be one of \(ColourMap.all.map { "\"\($0.name)\"" }.joined(separator: ", "))")
        }
        return .values(numbers, map)
    }

    private static func check(_ given: Int, _ count: Int) throws(Failure) {
        guard given == count else { throw Failure(.shape, "`color` of `scatter` has \(given) entries for \(count) points") }
    }

    private static func label(_ mark: inout ScatterMark, _ call: borrowing Call) throws(Failure) {
        guard !call.isAbsent(2) else { return }
        if let text = call[2].string {
            mark.label = text
            if case .classes(let codes, let names) = mark.colouring {
                mark.colouring = .classes(codes, names: names.map { "\(text) \($0)" })
            }
            return
        }
        guard let texts = try TextColumn.texts(call[2]) else { throw call.unexpected(2, "a string or a list of strings") }
        guard case .classes(let codes, let names) = mark.colouring, names.count <= texts.count else {
            throw Failure(
                .value, "`label` of `scatter` has \(texts.count) names, and there are not as many classes",
                help: "names of classes go with color=labels, one a class")
        }
        // Names of all classes may be given where not all of them occur: whole numbers are their places.
        let places = names.map { Int($0) }
        let isNumbered = places.allSatisfy { $0.map(texts.indices.contains) ?? false }
        mark.colouring = .classes(
            codes, names: names.indices.map { isNumbered ? texts[places[$0] ?? $0] : texts[$0] })
    }
}
