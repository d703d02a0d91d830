/// Colours of a terminal, of the 256 that nearly all of them have.
enum ANSI {
    static let reset = "\u{1B}[0m"
    static let dim = "\u{1B}[90m"

    static func foreground(_ colour: Colour) -> String { "\u{1B}[38;5;\(index(colour))m" }
    static func background(_ colour: Colour) -> String { "\u{1B}[48;5;\(index(colour))m" }

    /// The palette's colours in tones that are seen on black and on white, any other by the nearest.
    static func index(_ colour: Colour) -> Int {
        if let place = Colour.palette.firstIndex(of: colour) { return [33, 202, 35, 170, 214, 75, 245, 137][place] }
        if colour.red == colour.green && colour.green == colour.blue { return grey(colour.red) }
        let levels = [0, 95, 135, 175, 215, 255]
        func step(_ value: UInt8) -> Int {
            levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
        }
        return 16 + 36 * step(colour.red) + 6 * step(colour.green) + step(colour.blue)
    }

    /// 24 greys from 8 to 238, and black and white at the ends.
    private static func grey(_ level: UInt8) -> Int {
        if level < 4 { return 16 }
        if level > 246 { return 231 }
        return 232 + min(23, max(0, (Int(level) - 3) / 10))
    }
}

/// How many columns a text takes in a terminal: East Asian wide characters two, combining marks none.
enum Columns {
    static func of(_ text: String) -> Int {
        text.reduce(0) { sum, sign in
            let value = sign.unicodeScalars.first?.value ?? 0
            let isWide = (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
                || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
                || (0xFF00...0xFF60).contains(value) || (0x1F300...0x1FAFF).contains(value)
            return sum + (isWide ? 2 : 1)
        }
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - of(text))) + text
    }

    /// In the middle of `width` columns, cut if it is longer.
    static func centre(_ text: String, _ width: Int) -> String {
        let text = cut(text, width)
        return String(repeating: " ", count: max(0, (width - of(text)) / 2)) + text
    }

    static func cut(_ text: String, _ width: Int) -> String {
        guard of(text) > width else { return text }
        var kept = ""
        var count = 0
        for sign in text {
            count += of(String(sign))
            if count > max(width - 1, 0) { break }
            kept.append(sign)
        }
        return width > 0 ? kept + "…" : ""
    }
}
