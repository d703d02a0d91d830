/// What a classifier says of each place of the plane: a ground in pale tints of the classes' colours.
public struct RegionMark: Mark {
    public var raster: Raster

    /// - Parameter classes: the class of each cell of a grid of `width` by `height`, row by row from the top; the cells fill
    ///   the rectangle.
    public init(
        classes: [Int], width: Int, height: Int, left: Double, right: Double, bottom: Double, top: Double
    ) {
        raster = Raster(
            width: width, height: height, pixels: classes.map { RegionMark.tint(.ofSeries($0)) }, left: left,
            right: right, top: top, bottom: bottom)
    }

    public var takesColour: Bool { false }
    public func shapes(colour: Colour) -> [Shape] { [.image(raster)] }

    /// A fifth of the colour on white.
    private static func tint(_ colour: Colour) -> Colour {
        func pale(_ part: UInt8) -> UInt8 { UInt8(204 + Int(part) / 5) }
        return Colour(pale(colour.red), pale(colour.green), pale(colour.blue))
    }
}
