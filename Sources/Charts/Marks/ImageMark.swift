/// A matrix shown as an image: each number a pixel, coloured over a map.
public struct ImageMark: Mark {
    public var raster: Raster
    public var colourBar: ColourBar?

    public init(raster: Raster, colourBar: ColourBar? = nil) {
        self.raster = raster
        self.colourBar = colourBar
    }

    /// Numbers row by row from the top; `lower` and `upper` are the ends of the map, the least and greatest by default.
    public init(
        width: Int, height: Int, values: [Double], map: ColourMap = .gray, lower: Double? = nil, upper: Double? = nil,
        hasBar: Bool = false
    ) {
        let finite = values.lazy.filter(\.isFinite)
        let low = lower ?? finite.min() ?? 0
        let high = upper ?? finite.max() ?? 1
        // Halved, so that the difference of two huge numbers is finite.
        let span = high / 2 - low / 2
        raster = Raster(
            width: width, height: height, pixels: values.map { map[span > 0 ? ($0 / 2 - low / 2) / span : 0] })
        colourBar = hasBar && span > 0 ? ColourBar(map: map, lower: low, upper: high) : nil
    }

    public var takesColour: Bool { false }
    public func shapes(colour: Colour) -> [Shape] { [.image(raster)] }
}
