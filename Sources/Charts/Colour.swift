/// An opaque colour in sRGB.
public struct Colour: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `0xRRGGBB`.
    public init(_ hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    /// A grey from 0, black, to 1, white; values outside are clamped, NaN is black.
    public init(grey: Double) {
        let level = Colour.byte(grey)
        self.init(level, level, level)
    }

    /// A level in [0, 1] as a byte; outside it is clamped, NaN is 0.
    public static func byte(_ level: Double) -> UInt8 {
        level > 0 ? UInt8(min(level, 1) * 255 + 0.5) : 0
    }

    /// `#0072b2`, in the short form where there is one.
    public var hex: String {
        let digits = Array("0123456789abcdef")
        var text = "#"
        let parts = [red, green, blue]
        let isShort = parts.allSatisfy { $0 >> 4 == $0 & 15 }
        for part in parts {
            if !isShort { text.append(digits[Int(part >> 4)]) }
            text.append(digits[Int(part & 15)])
        }
        return text
    }

    /// The colours of series, in their order. Okabe and Ito's set (https://jfly.uni-koeln.de/color, 2008), which
    /// people with any colour vision tell apart, without its yellow, too pale on white, and with a grey for black.
    public static let palette: [Colour] = [
        Colour(0x0072b2), Colour(0xd55e00), Colour(0x009e73), Colour(0xcc79a7),
        Colour(0xe69f00), Colour(0x56b4e9), Colour(0x6b6b6b), Colour(0x8c510a),
    ]

    /// The colour of the series in that place; the palette starts anew after its end.
    public static func ofSeries(_ index: Int) -> Colour { palette[max(0, index) % palette.count] }

    /// A colour by what a user writes: a letter of MATLAB's, a name, `C0` to `C7`, `#rgb`, `#rrggbb`, or a grey level
    /// `0.5`.
    public init?(_ text: String) {
        let name = text.lowercased()
        if let known = Colour.letters[name] ?? Colour.names[name.hasPrefix("tab:") ? String(name.dropFirst(4)) : name] {
            self = known
        } else if name.first == "#", let hex = UInt32(name.dropFirst(), radix: 16), name.utf8.count == 7 {
            self.init(hex)
        } else if name.first == "#", let hex = UInt32(name.dropFirst(), radix: 16), name.utf8.count == 4 {
            let (r, g, b) = (hex >> 8 & 15, hex >> 4 & 15, hex & 15)
            self.init((r << 16 | g << 8 | b) * 17)
        } else if name.first == "c", name.utf8.count == 2, let place = name.last?.wholeNumberValue {
            self = Colour.ofSeries(place)
        } else if let level = Double(name), (0...1).contains(level) {
            self.init(grey: level)
        } else {
            return nil
        }
    }

    /// The letters of format strings. They mean what they say, in tones that go with the palette.
    static let letters: [String: Colour] = [
        "b": Colour(0x0072b2), "g": Colour(0x2e8b3d), "r": Colour(0xd62839), "c": Colour(0x17a2b8),
        "m": Colour(0xb5179e), "y": Colour(0xd9a400), "k": Colour(0x1a1a1a), "w": Colour(0xffffff),
    ]

    /// Names of CSS, the usual ones.
    public static let names: [String: Colour] = [
        "black": Colour(0x000000), "white": Colour(0xffffff), "red": Colour(0xd62839), "blue": Colour(0x0072b2),
        "green": Colour(0x2e8b3d), "yellow": Colour(0xe8c500), "orange": Colour(0xf28e1c), "purple": Colour(0x7b3fa0),
        "magenta": Colour(0xd100d1), "cyan": Colour(0x17a2b8), "brown": Colour(0x8c510a), "pink": Colour(0xef7fb3),
        "gray": Colour(0x808080), "grey": Colour(0x808080), "lightgray": Colour(0xd3d3d3),
        "lightgrey": Colour(0xd3d3d3), "darkgray": Colour(0x555555), "darkgrey": Colour(0x555555),
        "olive": Colour(0x808000), "teal": Colour(0x008080), "navy": Colour(0x000080), "maroon": Colour(0x800000),
        "lime": Colour(0x32cd32), "gold": Colour(0xffc400), "salmon": Colour(0xfa8072), "coral": Colour(0xff7f50),
        "tomato": Colour(0xff6347), "crimson": Colour(0xdc143c), "firebrick": Colour(0xb22222),
        "darkred": Colour(0x8b0000), "darkgreen": Colour(0x006400), "darkblue": Colour(0x00008b),
        "darkorange": Colour(0xff8c00), "forestgreen": Colour(0x228b22), "seagreen": Colour(0x2e8b57),
        "steelblue": Colour(0x4682b4), "skyblue": Colour(0x87ceeb), "royalblue": Colour(0x4169e1),
        "dodgerblue": Colour(0x1e90ff), "turquoise": Colour(0x40e0d0), "indigo": Colour(0x4b0082),
        "violet": Colour(0xee82ee), "orchid": Colour(0xda70d6), "plum": Colour(0xdda0dd), "khaki": Colour(0xf0e68c),
        "tan": Colour(0xd2b48c), "chocolate": Colour(0xd2691e), "silver": Colour(0xc0c0c0),
    ]
}
