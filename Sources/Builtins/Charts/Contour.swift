import Charts
import Diagnostics
import Language
import Tensors

/// Lines of equal height.
enum Contour {
    static let builtin = Builtin(
        "contour", "lines of equal height of a function of two variables, for loss surfaces and the paths of optimizers on them",
        [
            .init("f", "function, or matrix [m, n]", .required, .positional, "f(x, y), or f(p) of a point p = [x, y], gives a number; or the heights, a row for each y"),
            .init("x", "two numbers, or tensor [n]", .absent, .positional, "ends of the x axis, by default [-2, 2]; for a matrix the place of each column"),
            .init("y", "two numbers, or tensor [m]", .absent, .positional, "ends of the y axis, by default those of x; for a matrix the place of each row"),
            .init("levels", "whole number or list", .number(12), .keyword, "about how many lines, at round heights; or their heights, as [0.1, 1, 10]"),
            .init("cmap", "string", .string("viridis"), .keyword, "\"viridis\", \"magma\", \"coolwarm\", \"gray\", \"gray_r\""),
            .init("colorbar", "bool", .absent, .keyword, "whether a bar explains the colours; by default where the heights are not given"),
        ] + PanelOptions.parameters,
        formula: "f(x, y) = level, between the places of a grid of 121 x 121 linear",
        shapes: "matrix [m, n], x [n], y [m]",
        example: "contour((x, y) -> x^2 + 10 * y^2, [-2, 2], [-1, 1]); plot([-1.5, 0], [0.8, 0], \"o-r\")",
        source: "marching squares: W. E. Lorensen and H. E. Cline 1987, doi:10.1145/37401.37422"
    ) { call throws(Failure) in
        let (x, y, z) = call[0].isCallable ? try evaluated(call) : try given(call)
        guard let map = ColourMap.named(try call.string(4)) else {
            throw call.refused(4, "must be one of \(ColourMap.all.map { "\"\($0.name)\"" }.joined(separator: ", "))")
        }
        let levels = try levels(call, z)
        let mark = ContourMark(
            x: x, y: y, z: z, levels: levels, map: map, hasBar: try call.optionalBool(5) ?? call[3].isNumber)
        let chart = Easel.of(call.interpreter).chart(call.interpreter)
        var panel = chart.panel
        if panel.x.lower == nil, panel.x.upper == nil { (panel.x.lower, panel.x.upper) = (x.min(), x.max()) }
        if panel.y.lower == nil, panel.y.upper == nil { (panel.y.lower, panel.y.upper) = (y.min(), y.max()) }
        panel.grid = false
        try PanelOptions.apply(call, from: 6, to: &panel)
        panel.marks.append(mark)
        chart.panel = panel
        return Value(native: chart)
    }

    /// Places along an axis of a grid.
    private static let places = 121

    private static func evaluated(_ call: borrowing Call) throws(Failure) -> ([Double], [Double], [Double]) {
        let xs = try ends(call, 1) ?? (-2, 2)
        let x = grid(xs), y = grid(try ends(call, 2) ?? xs)
        let f = call[0], interpreter = call.interpreter
        var takesPoint = false
        func height(_ x: Double, _ y: Double) throws(Failure) -> Double {
            let result: Held
            if takesPoint {
                let point = Held(adopting: Value(tensor: try Rows.vector([x, y])))
                result = Held(adopting: try interpreter.call(f, [point.value]))
            } else {
                result = Held(adopting: try interpreter.call(f, [Value(x), Value(y)]))
            }
            if result.value.isNumber { return result.value.number }
            if let tensor = try Conversions.tensor(result.value), tensor.count == 1 { return Rows.numbers(tensor)[0] }
            throw Failure(.type, "`f` of `contour` gives a number for each place, not \(result.value.inWords)", argument: 0)
        }
        do throws(Failure) {
            _ = try height(x[0], y[0])
        } catch {
            guard error.kind == .argument else { throw error }
            takesPoint = true
        }
        var z: [Double] = []
        z.reserveCapacity(x.count * y.count)
        for y in y {
            for x in x { z.append(try height(x, y)) }
        }
        return (x, y, z)
    }

    private static func grid(_ ends: (Double, Double)) -> [Double] {
        (0..<places).map { ends.0 + (ends.1 - ends.0) * Double($0) / Double(places - 1) }
    }

    private static func ends(_ call: borrowing Call, _ index: Int) throws(Failure) -> (Double, Double)? {
        guard !call.isAbsent(index) else { return nil }
        let numbers = try call.numbers(index)
        guard numbers.count == 2, numbers[0] < numbers[1], (numbers[1] - numbers[0]).isFinite else {
            throw call.refused(index, "must be the two ends of the axis, the lower first, as [-2, 2]")
        }
        return (numbers[0], numbers[1])
    }

    private static func given(_ call: borrowing Call) throws(Failure) -> ([Double], [Double], [Double]) {
        let heights = try call.tensor(0)
        guard heights.rank == 2, heights.shape[0] > 1, heights.shape[1] > 1, heights.count <= 1 << 22 else {
            throw Failure(
                .shape, "`contour` takes a function or a matrix of heights with two rows and columns or more, not \(Tensor.text(of: heights.shape))",
                argument: 0)
        }
        func places(_ index: Int, _ count: Int) throws(Failure) -> [Double] {
            guard !call.isAbsent(index) else { return (0..<count).map(Double.init) }
            let numbers = try call.numbers(index)
            guard numbers.count == count, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }),
                numbers.allSatisfy(\.isFinite)
            else { throw call.refused(index, "must be \(count) ascending numbers, one a \(index == 1 ? "column" : "row")") }
            return numbers
        }
        return (try places(1, heights.shape[1]), try places(2, heights.shape[0]), Rows.numbers(heights))
    }

    private static func levels(_ call: borrowing Call, _ z: [Double]) throws(Failure) -> [Double] {
        if call[3].isNumber {
            let count = try call.int(3)
            guard (1...100).contains(count) else { throw call.refused(3, "must be from 1 to 100") }
            return ContourMark.levels(of: z, count: count)
        }
        let levels = try call.numbers(3)
        guard levels.count <= 100, levels.allSatisfy(\.isFinite) else { throw call.refused(3, "must be at most 100 finite heights") }
        return levels.sorted()
    }
}
