/// A figure as data: what is drawn, not how. The renderers (`SVGRenderer`, `TextRenderer`) make pictures of it.
public struct Figure: Sendable {
    /// Stands over all panels.
    public var title = ""
    /// From left to right, a new row after `columns` of them.
    public var panels: [Panel]
    public var columns = 2
    /// The size of one panel in CSS pixels.
    public var panelWidth = 640.0
    public var panelHeight = 400.0

    public init(panels: [Panel] = [Panel()]) { self.panels = panels }
}

/// One pair of axes and what is drawn on them.
public struct Panel: Sendable {
    public var title = ""
    public var x = Axis()
    public var y = Axis()
    public var grid = true
    public var legend = Legend.automatic
    /// One unit is as long on both axes, as for maps, images and geometry.
    public var equalUnits = false
    public var marks: [any Mark] = []

    public init() {}
}

public struct Axis: Sendable {
    public enum Scale: String, Sendable, CaseIterable { case linear, log }

    public var label = ""
    public var scale = Scale.linear
    /// Fixed ends; nil follows the data. `lower > upper` turns the axis round.
    public var lower: Double?
    public var upper: Double?
    /// No ticks and no line, as for images.
    public var hidden = false

    public init() {}
}

public enum Legend: String, Sendable, CaseIterable {
    /// Where it hides least, if anything has a label.
    case automatic = "best"
    case none = "none"
    case upperRight = "upper right"
    case upperLeft = "upper left"
    case lowerRight = "lower right"
    case lowerLeft = "lower left"
}
