/// Colours for numbers: 0 is the first of the anchors, 1 the last, between them it is linear in sRGB.
public struct ColourMap: Sendable {
    public let name: String
    let anchors: [UInt32]

    /// The colour of a level in [0, 1]; outside it is the nearest end, NaN is a light grey.
    public subscript(level: Double) -> Colour {
        guard !level.isNaN else { return Colour(0xd9d9d9) }
        let place = min(max(level, 0), 1) * Double(anchors.count - 1)
        let index = min(Int(place), anchors.count - 2)
        let (low, high) = (Colour(anchors[index]), Colour(anchors[index + 1]))
        let weight = place - Double(index)
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) + (Double(b) - Double(a)) * weight).rounded()) }
        return Colour(mix(low.red, high.red), mix(low.green, high.green), mix(low.blue, high.blue))
    }

    /// The maps by name. viridis and magma: N. Smith and S. van der Walt, 2015, CC0; coolwarm: K. Moreland, Diverging
    /// Color Maps for Scientific Visualization, 2009. Each is Matplotlib's, taken at 17 places.
    public static let all: [ColourMap] = [viridis, magma, coolwarm, gray, grayReversed]

    public static func named(_ name: String) -> ColourMap? {
        all.first { $0.name == name || ($0.name == "gray" && name == "grey") }
    }

    public static let viridis = ColourMap(
        name: "viridis",
        anchors: [
            0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088,
            0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725,
        ])
    public static let magma = ColourMap(
        name: "magma",
        anchors: [
            0x000004, 0x0a0822, 0x1d1147, 0x36106b, 0x51127c, 0x6a1c81, 0x832681, 0x9c2e7f, 0xb73779, 0xd0416f,
            0xe75263, 0xf56b5c, 0xfc8961, 0xfea772, 0xfec488, 0xfde2a3, 0xfcfdbf,
        ])
    public static let coolwarm = ColourMap(
        name: "coolwarm",
        anchors: [
            0x3b4cc0, 0x4e68d8, 0x6282ea, 0x779af7, 0x8db0fe, 0xa3c2fe, 0xb9d0f9, 0xccd9ed, 0xdddcdc, 0xecd3c5,
            0xf5c4ac, 0xf7b093, 0xf4987a, 0xeb7d62, 0xdd5f4b, 0xca3b37, 0xb40426,
        ])
    public static let gray = ColourMap(name: "gray", anchors: [0x000000, 0xffffff])
    public static let grayReversed = ColourMap(name: "gray_r", anchors: [0xffffff, 0x000000])
}
