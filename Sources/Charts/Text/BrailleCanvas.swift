/// A drawing of dots, two by four to a character (U+2800 ff.), with characters and colours over it.
struct BrailleCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    private var letters: [Character?]
    private var colours: [Colour?]

    var width: Int { columns * 2 }
    var height: Int { rows * 4 }

    init(columns: Int, rows: Int) {
        self.columns = max(columns, 1)
        self.rows = max(rows, 1)
        dots = Array(repeating: 0, count: self.columns * self.rows)
        letters = Array(repeating: nil, count: dots.count)
        colours = Array(repeating: nil, count: dots.count)
    }

    /// Sets the dot at a place counted from the upper left; outside is passed over.
    mutating func dot(_ x: Int, _ y: Int, _ colour: Colour) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let cell = y / 4 * columns + x / 2
        // Unicode numbers the dots 1 2 3 down the left column, 4 5 6 down the right one, then 7 and 8 below.
        let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        dots[cell] |= bits[x % 2][y % 4]
        colours[cell] = colour
    }

    /// Puts a character into the cell that holds the dot.
    mutating func letter(_ x: Int, _ y: Int, _ letter: Character, _ colour: Colour) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let cell = y / 4 * columns + x / 2
        letters[cell] = letter
        colours[cell] = colour
    }

    /// A line by Bresenham's method; `pattern` tells by the number of the dot whether it is set.
    mutating func line(_ from: Place, _ to: Place, _ colour: Colour, _ count: inout Int, pattern: (Int) -> Bool) {
        var (x, y) = (Int(from.x.rounded()), Int(from.y.rounded()))
        let (endX, endY) = (Int(to.x.rounded()), Int(to.y.rounded()))
        let (dx, dy) = (abs(endX - x), -abs(endY - y))
        let (stepX, stepY) = (x < endX ? 1 : -1, y < endY ? 1 : -1)
        var error = dx + dy
        while true {
            if pattern(count) { dot(x, y, colour) }
            if x == endX && y == endY { return }
            count += 1
            let twice = 2 * error
            if twice >= dy {
                error += dy
                x += stepX
            }
            if twice <= dx {
                error += dx
                y += stepY
            }
        }
    }

    /// One row as text; without colours spaces at the end are left out.
    func row(_ row: Int, colour useColour: Bool) -> String {
        var text = ""
        var current: Colour?
        let cells = (row * columns)..<((row + 1) * columns)
        let last = cells.last { letters[$0] != nil || dots[$0] != 0 } ?? cells.lowerBound - 1
        for cell in cells where cell <= last {
            let isBlank = letters[cell] == nil && dots[cell] == 0
            if useColour, !isBlank, colours[cell] != current {
                current = colours[cell]
                text += current.map(ANSI.foreground) ?? ANSI.reset
            }
            if let letter = letters[cell] {
                text.append(letter)
            } else if dots[cell] == 0 {
                text += " "
            } else {
                text.unicodeScalars.append(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
            }
        }
        return current == nil ? text : text + ANSI.reset
    }
}
