import Charts
import Diagnostics
import Language

/// The course of a training as a figure.
enum HistoryFigure {
    /// The loss and its validation twin in one panel, the metrics in another.
    static func make(
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
