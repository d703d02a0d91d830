import Diagnostics

/// The bytes of a table cut into rows of cells (RFC 4180, read liberally): any line end, cells in quotes with separators
/// and line ends in them, blank lines passed over.
package struct CSVText {
    package struct Cell {
        var start: Int
        var count: Int32
        /// In quotes: text even where it looks missing, and `""` in it stands for one quote.
        var isQuoted: Bool
    }
    package struct Row {
        var first: Int
        var count: Int
        /// From 1; where the row begins.
        var line: Int
    }
    package let bytes: [UInt8]
    package let separator: UInt8
    package private(set) var cells: [Cell] = []
    package private(set) var rows: [Row] = []
    private let name: String

    /// - Parameters:
    ///   - separator: one character; a space stands for any run of spaces and tabs. nil takes the one of `, ; tab |`
    ///     that is most often in the first line, a space if none is there.
    ///   - name: for the errors.
    package init(_ bytes: [UInt8], separator: UInt8?, name: String) throws(Failure) {
        self.bytes = bytes
        self.name = name
        self.separator = separator ?? CSVText.guess(bytes)
        try split()
    }

    /// The text of a cell, without the quotes around it.
    package func text(_ cell: Cell) -> String {
        let range = bytes[cell.start..<(cell.start + Int(cell.count))]
        guard cell.isQuoted, range.contains(CSVText.quote) else { return String(decoding: range, as: UTF8.self) }
        var text: [UInt8] = []
        var isSecond = false
        for byte in range {
            if byte == CSVText.quote, !isSecond {
                isSecond = true
                continue
            }
            isSecond = false
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Where a cell stands, for an error: `stars.csv, line 7, column 3`.
    package func place(_ row: Row, _ column: Int) -> String { "\(name), line \(row.line), column \(column + 1)" }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")

    private static func guess(_ bytes: [UInt8]) -> UInt8 {
        var counts = [UInt8: Int]()
        var isQuoted = false
        var hasText = false
        for byte in bytes.prefix(1 << 16) {
            if byte == quote { isQuoted.toggle() }
            if byte == lineFeed || byte == carriageReturn, !isQuoted, hasText { break }
            if byte > space { hasText = true }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), tab, UInt8(ascii: "|")]
        let best = candidates.max { counts[$0, default: 0] < counts[$1, default: 0] }
        if let best, counts[best, default: 0] > 0 {
            // Among equals the first of the list.
            return candidates.first { counts[$0, default: 0] == counts[best, default: 0] } ?? best
        }
        return counts[space] == nil ? UInt8(ascii: ",") : space
    }

    private mutating func split() throws(Failure) {
        let isBlank = separator == CSVText.space
        // Old files of the Macintosh end their lines with a carriage return alone.
        let lineEnd = bytes.contains(CSVText.lineFeed) ? CSVText.lineFeed : CSVText.carriageReturn
        var place = 0
        var line = 1
        while place < bytes.count {
            var row = Row(first: cells.count, count: 0, line: line)
            var isOpen = true
            while isOpen {
                skipBlanks(&place)
                if isBlank, row.count > 0, isEnd(place, lineEnd) {
                    // Blanks at the end of a line part nothing.
                } else if place < bytes.count, bytes[place] == CSVText.quote {
                    cells.append(try quoted(&place, &line, lineEnd, row, isBlank))
                    row.count += 1
                } else {
                    cells.append(try plain(&place, lineEnd, row, isBlank))
                    row.count += 1
                }
                if place >= bytes.count {
                    isOpen = false
                } else if bytes[place] == separator || (isBlank && bytes[place] == CSVText.tab) {
                    place += 1
                } else {
                    if bytes[place] == CSVText.carriageReturn, lineEnd == CSVText.lineFeed { place += 1 }
                    if place < bytes.count, bytes[place] == lineEnd { place += 1 }
                    line += 1
                    isOpen = false
                }
            }
            if row.count == 1, let only = cells.last, only.count == 0, !only.isQuoted {
                cells.removeLast()
            } else {
                rows.append(row)
            }
        }
    }

    /// Whether a line ends here, `\r` before `\n` counted in.
    private func isEnd(_ place: Int, _ lineEnd: UInt8) -> Bool {
        guard place < bytes.count else { return true }
        if bytes[place] == lineEnd { return true }
        return bytes[place] == CSVText.carriageReturn && (place + 1 >= bytes.count || bytes[place + 1] == CSVText.lineFeed)
    }

    private func skipBlanks(_ place: inout Int) {
        while place < bytes.count, bytes[place] == CSVText.space || (bytes[place] == CSVText.tab && separator != CSVText.tab) {
            place += 1
        }
    }

    private func plain(_ place: inout Int, _ lineEnd: UInt8, _ row: Row, _ isBlank: Bool) throws(Failure) -> Cell {
        let start = place
        while place < bytes.count, bytes[place] != separator, !isEnd(place, lineEnd), !(isBlank && bytes[place] == CSVText.tab) {
            place += 1
        }
        var end = place
        while end > start, bytes[end - 1] == CSVText.space || bytes[end - 1] == CSVText.tab { end -= 1 }
        return Cell(start: start, count: try length(end - start, row), isQuoted: false)
    }

    private func quoted(
        _ place: inout Int, _ line: inout Int, _ lineEnd: UInt8, _ row: Row, _ isBlank: Bool
    ) throws(Failure) -> Cell {
        let opened = line
        place += 1
        let start = place
        while place < bytes.count {
            if bytes[place] == CSVText.quote {
                if place + 1 < bytes.count, bytes[place + 1] == CSVText.quote {
                    place += 1
                } else {
                    break
                }
            } else if bytes[place] == lineEnd {
                line += 1
            }
            place += 1
        }
        guard place < bytes.count else {
            throw Failure(.data, "\(name), line \(opened): a quote is opened and never closed")
        }
        let end = place
        place += 1
        skipBlanks(&place)
        let isOver = isEnd(place, lineEnd) || bytes[place] == separator
            || (isBlank && (bytes[place - 1] == CSVText.space || bytes[place - 1] == CSVText.tab))
        guard isOver else {
            throw Failure(
                .data, "\(name), line \(line), column \(row.count + 1): text follows the closing quote",
                help: "a quote inside a quoted cell is written twice: \"\"")
        }
        // The loop expects to stand on what parts the cells.
        if isBlank, !isEnd(place, lineEnd) { place -= 1 }
        return Cell(start: start, count: try length(end - start, row), isQuoted: true)
    }

    private func length(_ count: Int, _ row: Row) throws(Failure) -> Int32 {
        guard let length = Int32(exactly: count) else {
            throw Failure(.data, "\(name), line \(row.line): a cell is longer than two gigabytes")
        }
        return length
    }
}
