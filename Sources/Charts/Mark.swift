/// One thing drawn in a panel: a line, a cloud of points, an image. A kind of chart is one file with a type of this
/// protocol; the renderers know only the few shapes it is made of, so a new kind needs nothing of them.
public protocol Mark: Sendable {
    /// Whether it takes the next colour of the palette.
    var takesColour: Bool { get }
    /// What it is made of, in data coordinates, `colour` being its place in the palette.
    func shapes(colour: Colour) -> [Shape]
    /// A scale of colours to be explained by a bar at the side.
    var colourBar: ColourBar? { get }
}

extension Mark {
    public var colourBar: ColourBar? { nil }
}

public enum Shape: Sendable {
    case points(Points)
    case image(Raster)
}

/// Points that are joined by a line, marked, or both. Where `x` or `y` is not finite the line breaks.
public struct Points: Sendable {
    public var x: [Double]
    public var y: [Double]
    public var line: Stroke?
    public var marker: MarkerStyle?
    /// Its entry in the legend; none if empty.
    public var label: String

    public init(
        x: [Double], y: [Double], line: Stroke? = nil, marker: MarkerStyle? = nil, label: String = ""
    ) {
        self.x = x
        self.y = y
        self.line = line
        self.marker = marker
        self.label = label
    }

    /// As many points as both coordinates have.
    public var count: Int { min(x.count, y.count) }
}

public struct Stroke: Sendable, Equatable {
    public enum Dash: String, Sendable, CaseIterable {
        case solid = "-"
        case dashed = "--"
        case dashDotted = "-."
        case dotted = ":"
    }
    public var colour: Colour
    /// In CSS pixels.
    public var width: Double
    public var dash: Dash
    public var alpha: Double

    public init(colour: Colour, width: Double = 1.8, dash: Dash = .solid, alpha: Double = 1) {
        self.colour = colour
        self.width = width
        self.dash = dash
        self.alpha = alpha
    }
}

public struct MarkerStyle: Sendable, Equatable {
    public var marker: Marker
    public var colour: Colour
    /// The radius in CSS pixels.
    public var size: Double
    public var alpha: Double
    /// A thin white edge that keeps overlapping points apart.
    public var hasEdge: Bool

    public init(
        _ marker: Marker = .circle, colour: Colour, size: Double = 3.5, alpha: Double = 1, hasEdge: Bool = true
    ) {
        self.marker = marker
        self.colour = colour
        self.size = size
        self.alpha = alpha
        self.hasEdge = hasEdge
    }
}

/// A grid of colours that fills a rectangle of the data's coordinates.
public struct Raster: Sendable {
    public var width: Int
    public var height: Int
    /// Row by row from the top, `width * height` of them.
    public var pixels: [Colour]
    public var left: Double
    public var right: Double
    public var top: Double
    public var bottom: Double
    /// A picture fills its panel, rows counted downwards, each pixel a square; otherwise the colours lie behind other
    /// marks on the panel's own axes, with soft edges.
    public var isPicture: Bool

    /// Colours behind other marks, over a rectangle of their axes.
    public init(width: Int, height: Int, pixels: [Colour], left: Double, right: Double, top: Double, bottom: Double) {
        self.width = width
        self.height = height
        self.pixels = pixels
        (self.left, self.right, self.top, self.bottom) = (left, right, top, bottom)
        isPicture = false
    }

    /// An image whose pixel (row, column) has its middle at (x: column, y: row), y growing downwards.
    public init(width: Int, height: Int, pixels: [Colour]) {
        self.width = width
        self.height = height
        self.pixels = pixels
        left = -0.5
        right = Double(width) - 0.5
        top = -0.5
        bottom = Double(height) - 0.5
        isPicture = true
    }
}

/// What a bar at the side of a panel explains: the colours from `lower` to `upper`.
public struct ColourBar: Sendable {
    public var map: ColourMap
    public var lower: Double
    public var upper: Double
    public var label: String

    public init(map: ColourMap, lower: Double, upper: Double, label: String = "") {
        self.map = map
        self.lower = lower
        self.upper = upper
        self.label = label
    }
}
