/// A cloud of points, in one colour, in one a class, in one a point, or coloured by a number.
public struct ScatterMark: Mark {
    public enum Colouring: Sendable {
        /// nil takes the palette's next.
        case one(Colour?)
        /// The class of each point as a place in `names`; each class is a series with its own colour.
        case classes([Int], names: [String])
        case each([Colour])
        /// A number a point, from the least to the greatest of them over the map.
        case values([Double], ColourMap)
    }
    public var x: [Double]
    public var y: [Double]
    public var label: String
    public var colouring: Colouring
    public var marker: Marker
    /// The radius in CSS pixels.
    public var size: Double
    public var alpha: Double

    public init(
        x: [Double], y: [Double], label: String = "", colouring: Colouring = .one(nil), marker: Marker = .circle,
        size: Double = 3.8, alpha: Double = 0.85
    ) {
        self.x = x
        self.y = y
        self.label = label
        self.colouring = colouring
        self.marker = marker
        self.size = size
        self.alpha = alpha
    }

    public var takesColour: Bool { if case .one(nil) = colouring { true } else { false } }

    public func shapes(colour next: Colour) -> [Shape] {
        switch colouring {
        case .one(let colour):
            return [cloud(Array(0..<count), colour ?? next, label)]
        case .classes(let classes, let names):
            return names.indices.map { name in
                cloud((0..<min(count, classes.count)).filter { classes[$0] == name }, .ofSeries(name), names[name])
            }
        case .each(let colours):
            return byColour((0..<min(count, colours.count)).map { colours[$0] })
        case .values(let values, let map):
            let (low, high) = ScatterMark.range(values)
            // Thirty-two steps: finer ones are not told apart, and each is one path of the picture.
            let levels = values.prefix(count).map { value in
                value.isFinite ? (high > low ? ((value - low) / (high - low) * 31).rounded() / 31 : 0.5) : Double.nan
            }
            return byColour(levels.map { map[$0] })
        }
    }

    public var colourBar: ColourBar? {
        guard case .values(let values, let map) = colouring else { return nil }
        let (low, high) = ScatterMark.range(values)
        return low < high ? ColourBar(map: map, lower: low, upper: high) : nil
    }

    private var count: Int { min(x.count, y.count) }

    private func cloud(_ places: [Int], _ colour: Colour, _ label: String) -> Shape {
        .points(
            Points(
                x: places.map { x[$0] }, y: places.map { y[$0] },
                marker: MarkerStyle(marker, colour: colour, size: size, alpha: alpha), label: label))
    }

    /// One shape a colour, in the order in which the colours come; the label is the first one's.
    private func byColour(_ colours: [Colour]) -> [Shape] {
        var order: [Colour] = []
        var places: [Colour: [Int]] = [:]
        for (place, colour) in colours.enumerated() {
            if places[colour] == nil { order.append(colour) }
            places[colour, default: []].append(place)
        }
        return order.enumerated().map { cloud(places[$1] ?? [], $1, $0 == 0 ? label : "") }
    }

    private static func range(_ values: [Double]) -> (Double, Double) {
        values.reduce((Double.infinity, -Double.infinity)) {
            $1.isFinite ? (min($0.0, $1), max($0.1, $1)) : $0
        }
    }
}
