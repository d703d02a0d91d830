/// A panel with an image as text: two pixels a character, one above the other, in colours; in shades without.
struct ImageText {
    /// All `width` columns wide.
    let lines: [String]
    let width: Int

    /// Images of one row, a column apart; lower ones are filled up below.
    static func beside(_ images: [ImageText]) -> [String] {
        let height = images.map(\.lines.count).max() ?? 0
        return (0..<height).map { row in
            var line = images.map { row < $0.lines.count ? $0.lines[row] : String(repeating: " ", count: $0.width) }
                .joined(separator: " ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// nil where the panel holds no picture.
    init?(_ layout: Layout, columns: Int, colour: Bool) {
        guard case .image(let raster)? = layout.shapes.first(where: { if case .image = $0 { true } else { false } }),
            raster.isPicture, raster.width > 0, raster.height > 0, raster.pixels.count == raster.width * raster.height
        else { return nil }
        let step = max(1, Int((Double(raster.width) / Double(columns - 2)).rounded(.up)))
        let (width, height) = ((raster.width + step - 1) / step, (raster.height + step - 1) / step)
        func pixel(_ row: Int, _ column: Int) -> Colour? {
            row < height ? raster.pixels[min(row * step, raster.height - 1) * raster.width + min(column * step, raster.width - 1)] : nil
        }
        var lines: [String] = []
        if !layout.panel.title.isEmpty {
            let title = Columns.centre(MathText(layout.panel.title).plain, width + 1)
            lines.append(title + String(repeating: " ", count: max(0, width + 1 - Columns.of(title))))
        }
        for row in stride(from: 0, to: height, by: 2) {
            var line = " "
            for column in 0..<width {
                guard let top = pixel(row, column) else { continue }
                let bottom = pixel(row + 1, column)
                if colour {
                    line += ANSI.foreground(top) + (bottom.map(ANSI.background) ?? "\u{1B}[49m") + "▀"
                } else {
                    let light = (ImageText.light(top) + (bottom.map(ImageText.light) ?? ImageText.light(top))) / 2
                    line.append(ImageText.shades[min(Int(light * Double(ImageText.shades.count)), ImageText.shades.count - 1)])
                }
            }
            lines.append(colour ? line + ANSI.reset : line)
        }
        self.lines = lines
        self.width = width + 1
    }

    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

    /// Luma by ITU-R BT.709, from 0 to 1.
    private static func light(_ colour: Colour) -> Double {
        (0.2126 * Double(colour.red) + 0.7152 * Double(colour.green) + 0.0722 * Double(colour.blue)) / 255
    }
}
