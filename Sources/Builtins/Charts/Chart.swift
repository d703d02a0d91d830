import Charts
import Diagnostics
import Language

/// A figure as a value: what `plot` and its kin give and add to.
final class Chart: NativeObject {
    var figure: Figure
    /// The panel that is drawn in.
    var current = 0

    init(_ figure: Figure = Figure()) { self.figure = figure }

    var panel: Panel {
        get { figure.panels[current] }
        set { figure.panels[current] = newValue }
    }

    override var typeName: String { "chart" }
    override var fieldNames: [String] { ["svg"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        name == "svg" ? Value(string: SVGRenderer.render(figure)) : nil
    }

    override var description: String {
        let marks = figure.panels.reduce(0) { $0 + $1.marks.count }
        return "chart of \(marks) series"
    }

    override var display: Display? {
        let figure = figure
        return Display(
            forms: [
                ("image/svg+xml", SVGRenderer.render(figure)),
                ("text/plain", TextRenderer.render(figure, columns: 72, colour: false)),
            ],
            terminal: { columns, colour in TextRenderer.render(figure, columns: columns, colour: colour) })
    }
}

/// The figures of the running cell. Calls of one cell draw in one figure, until `figure()` begins another or `show()` shows
/// it; what was not shown by then is shown when the cell ends, in order.
final class Easel {
    private var pending: [Chart] = []
    private var isWaiting = false

    static func of(_ interpreter: Interpreter) -> Easel { interpreter.attachment(Easel.self) { Easel() } }

    /// The figure to draw in; a new one where there is none.
    func chart(_ interpreter: Interpreter) -> Chart { pending.last ?? begin(Chart(), interpreter) }

    /// Makes this figure the one to draw in.
    func begin(_ chart: Chart, _ interpreter: Interpreter) -> Chart {
        pending.append(chart)
        if !isWaiting {
            isWaiting = true
            interpreter.whenDone { [unowned self, unowned interpreter] shown in
                isWaiting = false
                // A chart that is the cell's value is shown as that.
                let value = shown.native as? Chart
                show(interpreter, but: value)
            }
        }
        return chart
    }

    /// Shows what was drawn, each figure but an untouched one once.
    func show(_ interpreter: Interpreter, but shown: Chart? = nil) {
        let charts = pending
        pending = []
        for chart in charts where chart !== shown {
            let isTouched = chart.figure.panels.contains { !$0.marks.isEmpty }
            if isTouched, let display = chart.display { interpreter.host.display(display) }
        }
    }
}
