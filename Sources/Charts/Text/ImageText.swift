/// A panel with an image as text: two pixels a character, one above the other, in colours; in shades without.
struct ImageText {
    let lines: [String]

    /// nil where the panel holds no image.
    init?(_ layout: Layout, columns: Int, colour: Bool) {
        guard case .image(let raster)? = layout.shapes.first(where: { if case .image = $0 { true } else { false } }),
            raster.width > 0, raster.height > 0, raster.pixels.count == raster.width * raster.height
        else { return nil }
        let step = max(1, Int((Double(raster.width) / Double(columns - 2)).rounded(.up)))
        let (width, height) = ((raster.width + step - 1) / step, (raster.height + step - 1) / step)
        func pixel(_ row: Int, _ column: Int) -> Colour? {
            row < height ? raster.pixels[min(row * step, raster.height - 1) * raster.width + min(column * step, raster.width - 1)] : nil
        }
        var lines: [String] = []
        if !layout.panel.title.isEmpty {
            lines.append(Columns.centre(MathText(layout.panel.title).plain, max(width + 2, 20)))
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
            if colour { line += ANSI.reset } else { while line.last == " " { line.removeLast() } }
            lines.append(line)
        }
        self.lines = lines
    }

    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

    /// Luma by ITU-R BT.709, from 0 to 1.
    private static func light(_ colour: Colour) -> Double {
        (0.2126 * Double(colour.red) + 0.7152 * Double(colour.green) + 0.0722 * Double(colour.blue)) / 255
    }
}
