import Charts
import Diagnostics
import Language

/// Beginning, dividing and showing figures.
enum FigureBuiltins {
    static let builtins: [Builtin] = [figure, show, subplot]

    static let figure = Builtin(
        "figure", "begins a new figure in the same cell",
        [
            .init("title", "string", .absent, .positional, "stands over the whole figure"),
            .init("width", "number > 0", .absent, .keyword, "of a panel, in pixels; 640 by default"),
            .init("height", "number > 0", .absent, .keyword, "of a panel, in pixels; 400 by default"),
        ],
        example: "plot([1, 2]); figure(); plot([2, 1])",
        source: "Matplotlib; at the end of a cell all its figures are shown"
    ) { call throws(Failure) in
        let chart = Chart()
        chart.figure.title = try call.optionalString(0) ?? ""
        if let width = try side(call, 1) { chart.figure.panelWidth = width }
        if let height = try side(call, 2) { chart.figure.panelHeight = height }
        return Value(native: Easel.of(call.interpreter).begin(chart, call.interpreter))
    }

    static let show = Builtin(
        "show", "shows what was drawn in this cell so far; at its end that happens by itself", [],
        example: "plot([1, 2]); show()"
    ) { call throws(Failure) in
        Easel.of(call.interpreter).show(call.interpreter)
        return .none
    }

    static let subplot = Builtin(
        "subplot", "divides the figure into rows and columns of panels and draws in one of them: subplot(1, 2, 1)",
        [
            .init("rows", "whole number >= 1", .required, .positional, "rows of panels"),
            .init("columns", "whole number >= 1", .absent, .positional, "columns of panels"),
            .init("place", "whole number >= 1", .absent, .positional, "the panel to draw in, counted from 1 along the rows; subplot(121) is the same"),
        ],
        example: "subplot(1, 2, 1); plot([1, 2]); subplot(1, 2, 2); plot([2, 1])"
    ) { call throws(Failure) in
        var (rows, columns, place) = (try call.int(0), 0, 0)
        if call.isAbsent(1), call.isAbsent(2), (111...999).contains(rows) {
            (rows, columns, place) = (rows / 100, rows / 10 % 10, rows % 10)
        } else {
            (columns, place) = (try call.int(1), try call.int(2))
        }
        guard rows >= 1, rows <= 20 else { throw call.refused(0, "must be from 1 to 20") }
        guard columns >= 1, columns <= 20 else { throw call.refused(1, "must be from 1 to 20") }
        guard place >= 1, place <= rows * columns else { throw call.refused(2, "must be from 1 to \(rows * columns)") }
        let chart = Easel.of(call.interpreter).chart(call.interpreter)
        let isNew = chart.figure.panels.count != rows * columns || chart.figure.columns != columns
        if isNew {
            let panels = chart.figure.panels.prefix(rows * columns)
            chart.figure.panels = panels + Array(repeating: Panel(), count: rows * columns - panels.count)
            chart.figure.columns = columns
            if columns > 1 || rows > 1 {
                chart.figure.panelWidth = columns == 1 ? 640 : columns == 2 ? 460 : 340
                chart.figure.panelHeight = columns == 1 ? 280 : columns == 2 ? 340 : 280
            }
        }
        chart.current = place - 1
        return .none
    }

    private static func side(_ call: borrowing Call, _ index: Int) throws(Failure) -> Double? {
        guard let side = try call.optionalNumber(index) else { return nil }
        guard (50...4000).contains(side) else { throw call.refused(index, "must be from 50 to 4000") }
        return side
    }
}
