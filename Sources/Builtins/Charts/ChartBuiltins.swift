import Language

/// The functions that draw, and those that begin, divide and show figures: a kind of chart is its file and its line here.
enum ChartBuiltins {
    static let builtins: [Builtin] =
        FigureBuiltins.builtins + [
            Boundary.builtin,
            Contour.builtin,
            Imshow.builtin,
            Plot.builtin,
            Scatter.builtin,
        ]
}
