/// A series of points in their order, joined by a line, marked, or both.
public struct LineMark: Mark {
    public var x: [Double]
    public var y: [Double]
    public var label: String
    /// nil takes the palette's next.
    public var colour: Colour?
    public var dash: Stroke.Dash?
    public var width: Double
    public var marker: Marker?
    public var markerSize: Double
    public var alpha: Double

    public init(
        x: [Double], y: [Double], label: String = "", colour: Colour? = nil, dash: Stroke.Dash? = .solid,
        width: Double = 1.8, marker: Marker? = nil, markerSize: Double = 3.5, alpha: Double = 1
    ) {
        self.x = x
        self.y = y
        self.label = label
        self.colour = colour
        self.dash = dash
        self.width = width
        self.marker = marker
        self.markerSize = markerSize
        self.alpha = alpha
    }

    public var takesColour: Bool { colour == nil }

    public func shapes(colour next: Colour) -> [Shape] {
        let colour = colour ?? next
        // A single point has no line: it is marked so that it is seen.
        let isAlone = min(x.count, y.count) == 1 && marker == nil
        return [
            .points(
                Points(
                    x: x, y: y, line: isAlone ? nil : dash.map { Stroke(colour: colour, width: width, dash: $0, alpha: alpha) },
                    marker: (marker ?? (isAlone ? .circle : nil)).map {
                        MarkerStyle($0, colour: colour, size: markerSize, alpha: alpha)
                    }, label: label))
        ]
    }
}
