import Charts
import Diagnostics
import Language
import Tensors

/// What a classifier says of every point of the plane, under the samples.
enum Boundary {
    static let builtin = Builtin(
        "boundary", "the classes that a network or function gives the points of the plane, and the samples: boundary(net, X, y)",
        [
            .init("f", "network, function or object", .required, .positional, "gives for points [n, 2] one output each, or one a class; a function of one point [2] will do, too"),
            .init("X", "tensor [n, 2]", .required, .positional, "the samples"),
            .init("y", "labels [n], or one-hot [n, k]", .required, .positional, "their classes"),
            .init("label", "list of strings", .absent, .keyword, "names of the classes, in their order"),
        ] + PanelOptions.parameters,
        formula: "the class of the largest of several outputs, or the one whose label is nearest to the one output",
        shapes: "X [n, 2], y [n]",
        example: "X, y = xor(100); boundary(p -> p[0] * p[1] < 0, X, y)"
    ) { call throws(Failure) in
        let (xs, ys) = try columns(try call.tensor(1))
        let samples = try samples(call, xs.count)
        let (left, right) = range(xs)
        let (bottom, top) = range(ys)

        /// Middles of the cells of a grid, row by row from the top.
        func cells(_ width: Int, _ height: Int) -> [(Double, Double)] {
            (0..<(width * height)).map { place in
                let (column, row) = (Double(place % width) + 0.5, Double(place / width) + 0.5)
                return (left + (right - left) * column / Double(width), top - (top - bottom) * row / Double(height))
            }
        }
        var (width, height) = (160, 100)
        var classes = try together(call, cells(width, height), samples.labels)
        if classes == nil {
            (width, height) = (80, 50)
            classes = try oneByOne(call, cells(width, height), samples.labels)
        }
        let region = RegionMark(
            classes: classes ?? [], width: width, height: height, left: left, right: right, bottom: bottom, top: top)
        let chart = Easel.of(call.interpreter).chart(call.interpreter)
        var panel = chart.panel
        try PanelOptions.apply(call, from: 4, to: &panel)
        panel.marks = [region] + panel.marks
            + [ScatterMark(x: xs, y: ys, colouring: .classes(samples.codes, names: samples.names), size: xs.count > 150 ? 3 : 3.8, alpha: 1)]
        chart.panel = panel
        return Value(native: chart)
    }

    private static func columns(_ X: Tensor) throws(Failure) -> ([Double], [Double]) {
        let shape = X.shape
        guard shape.count == 2, shape[1] == 2, shape[0] > 0 else {
            throw Failure(
                .shape, "`boundary` draws samples with two features, X of shape (n, 2), not \(Tensor.text(of: shape))",
                help: shape.count == 2 && shape[1] > 2 ? "train on two of them: X[:, [0, 1]]" : nil, argument: 1)
        }
        let numbers = Rows.numbers(X)
        return ((0..<shape[0]).map { numbers[2 * $0] }, (0..<shape[0]).map { numbers[2 * $0 + 1] })
    }

    /// The data and a tenth more at each side.
    private static func range(_ values: [Double]) -> (Double, Double) {
        let finite = values.filter(\.isFinite)
        let (low, high) = (max(finite.min() ?? 0, -1e150), min(finite.max() ?? 1, 1e150))
        let margin = high > low ? (high - low) / 10 : 1
        return (low - margin, high + margin)
    }

    /// The class of each sample with the names, and what number stands for each class where there is one output.
    private static func samples(
        _ call: borrowing Call, _ count: Int
    ) throws(Failure) -> (codes: [Int], names: [String], labels: [Double]) {
        var (codes, names, labels): ([Int], [String], [Double])
        if let texts = try TextColumn.texts(call[2]) {
            (codes, names) = Labels.encode(texts)
            labels = names.indices.map(Double.init)
        } else {
            let y = try call.tensor(2)
            let numbers = Rows.numbers(y)
            if y.rank == 2, y.shape[1] > 1 {
                let width = y.shape[1]
                codes = (0..<y.shape[0]).map { largest(numbers[($0 * width)..<(($0 + 1) * width)]) }
                labels = (0..<width).map(Double.init)
            } else {
                (codes, labels) = Labels.encode(numbers)
                guard labels.count <= 20, !labels.contains(where: \.isNaN) else {
                    throw Failure(.value, "`y` of `boundary` holds classes, at most 20 of them, not \(labels.count) different numbers", argument: 2)
                }
            }
            names = labels.map { Decimal.significant($0, 4) }
        }
        guard codes.count == count else {
            throw Failure(.shape, "X has \(count) samples and y has \(codes.count)", argument: 2)
        }
        if !call.isAbsent(3) {
            let given = try TextColumn.texts(call[3]) ?? []
            guard given.count == names.count else {
                throw Failure(.value, "`label` of `boundary` has \(given.count) names for \(names.count) classes", argument: 3)
            }
            names = given
        }
        return (codes, names, labels)
    }

    private static func largest(_ outputs: ArraySlice<Double>) -> Int {
        (outputs.indices.max { outputs[$0] < outputs[$1] } ?? outputs.startIndex) - outputs.startIndex
    }

    /// The class of one point by its outputs.
    private static func decide(_ outputs: ArraySlice<Double>, _ labels: [Double]) -> Int {
        guard outputs.count == 1, let output = outputs.first else { return largest(outputs) }
        return labels.indices.min { abs(labels[$0] - output) < abs(labels[$1] - output) } ?? 0
    }

    /// All points in one call; nil where what comes back is not one row a point.
    private static func together(
        _ call: borrowing Call, _ points: [(Double, Double)], _ labels: [Double]
    ) throws(Failure) -> [Int]? {
        let grid = try Tensor(uninitialized: [points.count, 2])
        for (row, point) in points.enumerated() {
            (grid.block.float64[2 * row], grid.block.float64[2 * row + 1]) = point
        }
        let argument = Held(adopting: Value(tensor: grid))
        do throws(Failure) {
            let result = Held(adopting: try predict(call, argument.value))
            guard let outputs = try Conversions.tensor(result.value), outputs.rank >= 1, outputs.rank <= 2,
                outputs.shape[0] == points.count, outputs.count > 0
            else { return nil }
            let (numbers, width) = (Rows.numbers(outputs), outputs.count / points.count)
            return points.indices.map { decide(numbers[($0 * width)..<(($0 + 1) * width)], labels) }
        } catch {
            // A function of one point fails on all of them at once; a network that fails says why.
            guard call[0].isCallable, call[0].native == nil, error.kind != .interrupt, error.kind != .timeout else { throw error }
            return nil
        }
    }

    private static func oneByOne(
        _ call: borrowing Call, _ points: [(Double, Double)], _ labels: [Double]
    ) throws(Failure) -> [Int] {
        try points.map { (point) throws(Failure) in
            let argument = Held(adopting: Value(tensor: try Rows.vector([point.0, point.1])))
            let result = Held(adopting: try predict(call, argument.value))
            guard let outputs = try Conversions.tensor(result.value), outputs.count > 0 else {
                throw Failure(.type, "`f` of `boundary` gives numbers for a point, not \(result.value.inWords)", argument: 0)
            }
            return decide(Rows.numbers(outputs)[...], labels)
        }
    }

    /// A function or network is called; an object of a class predicts by its method.
    private static func predict(_ call: borrowing Call, _ points: Value) throws(Failure) -> Value {
        if call[0].isCallable { return try call.interpreter.call(call[0], [points]) }
        if let method = call.interpreter.method("predict", of: call[0]) {
            return try call.interpreter.call(method, [call[0], points])
        }
        throw call.unexpected(0, "a network, a function or an object with a method `predict`")
    }
}
