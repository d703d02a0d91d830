/// Lines of equal height of a function of two variables, coloured from the lowest to the highest.
public struct ContourMark: Mark {
    private let lines: ContourLines
    public let levels: [Double]
    public var map: ColourMap
    public var width: Double
    public var hasBar: Bool

    /// - Parameters:
    ///   - z: `z[row * x.count + column]`, the height at (x[column], y[row]).
    ///   - levels: the heights of the lines, ascending.
    public init(
        x: [Double], y: [Double], z: [Double], levels: [Double], map: ColourMap = .viridis, width: Double = 1.2,
        hasBar: Bool = true
    ) {
        lines = ContourLines(x: x, y: y, z: z)
        self.levels = levels
        self.map = map
        self.width = width
        self.hasBar = hasBar
    }

    /// About `count` heights at 1, 2 or 5 times a power of ten between the least and the greatest of the numbers.
    public static func levels(of z: [Double], count: Int) -> [Double] {
        let finite = z.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low < high, (high - low).isFinite else { return [] }
        let scale = AxisScale(kind: .linear, lower: low, upper: high, isIntegral: false)
        return Ticks(for: scale, count: count).major.map(\.value).filter { $0 > low && $0 < high }
    }

    public var takesColour: Bool { false }

    public var colourBar: ColourBar? {
        guard hasBar, let low = levels.first, let high = levels.last, low < high else { return nil }
        return ColourBar(map: map, lower: low, upper: high)
    }

    public func shapes(colour: Colour) -> [Shape] {
        let (low, high) = (levels.first ?? 0, levels.last ?? 1)
        return levels.enumerated().flatMap { (place: Int, level: Double) -> [Shape] in
            // With a bar a colour stands for a height, else for the line's place among them.
            let part = hasBar ? (level - low) / (high - low) : Double(place) / Double(max(levels.count - 1, 1))
            let stroke = Stroke(colour: map[levels.count == 1 ? 0.5 : part], width: width)
            return lines.lines(at: level).map { Shape.points(Points(x: $0.x, y: $0.y, line: stroke)) }
        }
    }
}
