import Charts
import Diagnostics
import Language
import Tensors

/// Matrices as images.
enum Imshow {
    static let builtin = Builtin(
        "imshow", "a matrix as an image, one pixel an element; several images side by side: imshow(X[0]), imshow(X[0:10])",
        [
            .init("image", "tensor", .required, .positional, "[h, w] over the colours of cmap; [h, w, 3] red, green, blue, as bytes or from 0 to 1; [n, h, w] n of them"),
            .init("cmap", "string", .string("gray"), .keyword, "\"gray\", \"gray_r\", \"viridis\", \"magma\", \"coolwarm\""),
            .init("title", "string or list", .absent, .keyword, "stands above, or one above each; numbers are taken too"),
            .init("colorbar", "bool", .bool(false), .keyword, "whether a bar explains the colours"),
            .init("lower", "number", .absent, .keyword, "what has the first colour; by default the least"),
            .init("upper", "number", .absent, .keyword, "what has the last colour; by default the greatest, 255 for bytes"),
        ],
        shapes: "[h, w], [h, w, 3] or [n, h, w]",
        example: "imshow([0, 1, 0; 1, 1, 1; 0, 1, 0])"
    ) { call throws(Failure) in
        let tensor = try call.tensor(0)
        let shape = tensor.shape
        let isColour = shape.count == 3 && shape[2] == 3
        guard shape.count == 2 || shape.count == 3, !shape.contains(0) else {
            throw Failure(
                .shape, "`image` of `imshow` has the shape (h, w), (h, w, 3) or (n, h, w), not \(Tensor.text(of: shape))",
                help: shape.count == 1 ? "a flat image is given its shape by X.reshape(28, 28)" : nil, argument: 0)
        }
        let count = shape.count == 3 && !isColour ? shape[0] : 1
        guard count <= 100 else { throw Failure(.value, "\(count) images are too many for one figure", help: "take some: X[0:20]") }
        let (height, width) = isColour || shape.count == 2 ? (shape[0], shape[1]) : (shape[1], shape[2])
        guard height <= 2048, width <= 2048 else {
            throw Failure(.value, "an image of \(height) x \(width) is too large to be shown; 2048 x 2048 is the most", help: "take a part of it, or every second pixel: X[::2, ::2]")
        }
        let titles = try titles(call, count)
        let numbers = Rows.numbers(tensor)
        var panels: [Panel] = []
        for image in 0..<count {
            var panel = Panel()
            panel.grid = false
            panel.equalUnits = true
            panel.x.hidden = true
            panel.y.hidden = true
            panel.title = titles[image]
            panel.marks = [
                isColour
                    ? colours(numbers, width, height, isBytes: tensor.dtype == .uint8)
                    : try levels(call, Array(numbers[(image * width * height)..<((image + 1) * width * height)]), width, height, tensor.dtype)
            ]
            panels.append(panel)
        }
        let easel = Easel.of(call.interpreter)
        if count == 1 {
            let chart = easel.chart(call.interpreter)
            if chart.panel.marks.isEmpty, chart.figure.panels.count == 1 { (chart.figure.panelWidth, chart.figure.panelHeight) = (360, 340) }
            panels[0].marks = chart.panel.marks + panels[0].marks
            if panels[0].title.isEmpty { panels[0].title = chart.panel.title }
            chart.panel = panels[0]
            return Value(native: chart)
        }
        var figure = Figure(panels: panels)
        figure.columns = min(count, 10)
        let hasTitles = panels.contains { !$0.title.isEmpty }
        figure.panelWidth = max(96, min(200, 900 / Double(figure.columns)))
        figure.panelHeight = figure.panelWidth * Double(height) / Double(width) + (hasTitles ? 14 : 0)
        return Value(native: easel.begin(Chart(figure), call.interpreter))
    }

    private static func levels(
        _ call: borrowing Call, _ numbers: [Double], _ width: Int, _ height: Int, _ dtype: DType
    ) throws(Failure) -> ImageMark {
        let name = try call.string(1)
        guard let map = ColourMap.named(name) else {
            throw call.refused(1, "must be one of \(ColourMap.all.map { "\"\($0.name)\"" }.joined(separator: ", "))")
        }
        let (low, high) = (try call.optionalNumber(4), try call.optionalNumber(5))
        return ImageMark(
            width: width, height: height, values: numbers, map: map, lower: low ?? (dtype == .uint8 ? 0 : nil),
            upper: high ?? (dtype == .uint8 ? 255 : nil), hasBar: try call.bool(3))
    }

    private static func colours(_ numbers: [Double], _ width: Int, _ height: Int, isBytes: Bool) -> ImageMark {
        let most = isBytes ? 255.0 : 1
        let pixels = (0..<(width * height)).map { place in
            Colour(
                Colour.byte(numbers[place * 3] / most), Colour.byte(numbers[place * 3 + 1] / most),
                Colour.byte(numbers[place * 3 + 2] / most))
        }
        return ImageMark(raster: Raster(width: width, height: height, pixels: pixels))
    }

    /// One title an image: a string for all, or a list of strings or numbers.
    private static func titles(_ call: borrowing Call, _ count: Int) throws(Failure) -> [String] {
        if call.isAbsent(2) { return Array(repeating: "", count: count) }
        if let text = call[2].string { return [text] + Array(repeating: "", count: count - 1) }
        let texts: [String]
        if let strings = try TextColumn.texts(call[2]) {
            texts = strings
        } else if call[2].isNumber {
            texts = [Decimal.significant(call[2].number, 6)]
        } else {
            texts = Rows.numbers(try call.tensor(2)).map { Decimal.significant($0, 6) }
        }
        guard texts.count == count else {
            throw Failure(.value, "`title` of `imshow` has \(texts.count) entries for \(count) \(count == 1 ? "image" : "images")")
        }
        return texts
    }
}
