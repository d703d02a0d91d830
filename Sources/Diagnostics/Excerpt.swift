/// A line of a source with what is marked in it.
struct Excerpt {
    struct Mark {
        /// In columns of the view, from 0.
        var column: Int
        var width: Int
        var text: String
        /// Of the diagnostic's first label.
        var isPrimary: Bool
    }

    /// Columns that a tab goes to the next multiple of.
    static let tab = 4

    var source: Source
    /// From 0.
    var line: Int
    private var labels: [(label: Diagnostic.Label, isPrimary: Bool)] = []

    /// The lines that labels begin on: the source of the first label before others, from above to below.
    static func all(of labels: [Diagnostic.Label]) -> [Excerpt] {
        var excerpts: [Excerpt] = []
        for (index, label) in labels.enumerated() {
            let line = label.source.line(of: label.span)
            if let known = excerpts.firstIndex(where: { $0.source === label.source && $0.line == line }) {
                excerpts[known].labels.append((label, index == 0))
                continue
            }
            var excerpt = Excerpt(source: label.source, line: line)
            excerpt.labels.append((label, index == 0))
            // Behind the last line of the same source that stands above it.
            let place = excerpts.lastIndex { $0.source === label.source && $0.line < line }.map { $0 + 1 }
                ?? excerpts.firstIndex { $0.source === label.source } ?? excerpts.count
            excerpts.insert(excerpt, at: place)
        }
        return excerpts
    }

    private init(source: Source, line: Int) {
        self.source = source
        self.line = line
    }

    /// The line as it is shown in so many columns, and its marks from left to right.
    func view(columns: Int) -> (text: String, marks: [Mark]) {
        let range = source.range(ofLine: line)
        var cells: [(text: String, width: Int)] = []
        // The column at which the byte of each offset stands.
        var marks = labels.map { Mark(column: -1, width: 0, text: $0.label.text.singleLine, isPrimary: $0.isPrimary) }
        var offset = range.lowerBound
        var column = 0
        for character in source.text(Span(range.lowerBound, range.upperBound)) {
            let length = String(character).utf8.count
            let width: Int
            let shown: String
            if character == "\t" {
                width = Excerpt.tab - column % Excerpt.tab
                shown = String(repeating: " ", count: width)
            } else if character.unicodeScalars.first.map({ $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) ?? false {
                (shown, width) = ("\u{fffd}", 1)
            } else {
                (shown, width) = (String(character), DisplayWidth.of(character))
            }
            for (index, entry) in labels.enumerated() {
                let span = entry.label.span
                if Int(span.end) > offset, Int(span.start) < offset + length || Int(span.start) <= range.lowerBound {
                    if marks[index].column < 0 { marks[index].column = column }
                    marks[index].width = column + width - marks[index].column
                }
            }
            cells.append((shown, width))
            offset += length
            column += width
        }
        for (index, entry) in labels.enumerated() where marks[index].column < 0 {
            // An empty span, or one at the line's end.
            marks[index].column = columnOf(Int(entry.label.span.start), range.lowerBound, cells)
        }
        for index in marks.indices { marks[index].width = max(1, marks[index].width) }
        let cut = Excerpt.cut(cells, column, columns, around: marks)
        marks = marks.map { mark in
            var mark = mark
            let start = min(max(mark.column - cut.removed, cut.lead), columns - 1)
            let end = min(max(mark.column + mark.width - cut.removed, start + 1), columns)
            (mark.column, mark.width) = (start, end - start)
            return mark
        }
        return (cut.text, marks.sorted { ($0.column, $0.isPrimary ? 0 : 1) < ($1.column, $1.isPrimary ? 0 : 1) })
    }

    private func columnOf(_ target: Int, _ start: Int, _ cells: [(text: String, width: Int)]) -> Int {
        var offset = start
        var column = 0
        for (character, cell) in zip(source.text(Span(start, source.bytes.count)), cells) {
            guard offset < target else { break }
            offset += String(character).utf8.count
            column += cell.width
        }
        return column
    }

    /// A line too long: its part around the first mark, with `…` where something is left out.
    private static func cut(
        _ cells: [(text: String, width: Int)], _ width: Int, _ columns: Int, around marks: [Mark]
    ) -> (text: String, removed: Int, lead: Int) {
        guard width > columns else { return (cells.map(\.text).joined(), 0, 0) }
        let mark = marks.first(where: \.isPrimary) ?? marks.first
        let focus = mark?.column ?? 0
        // A third of the room stands before the mark, all of it where the mark is near the line's end.
        var first = max(0, min(focus - columns / 3, width - columns + 1))
        if first < 2 { first = 0 }
        var text = first > 0 ? "…" : ""
        var room = columns - (first > 0 ? 1 : 0)
        var column = 0
        var removed = 0
        var isCut = false
        for cell in cells {
            if column < first {
                removed = column + cell.width
            } else if cell.width > room - 1, column + cell.width < width {
                isCut = true
                break
            } else {
                text += cell.text
                room -= cell.width
            }
            column += cell.width
        }
        let lead = first > 0 ? 1 : 0
        return (text + (isCut ? "…" : ""), removed - lead, lead)
    }
}

extension Source {
    /// The line, from 0, that a span begins on.
    public func line(of span: Span) -> Int {
        let start = max(0, min(Int(span.start), bytes.count))
        var line = 0
        for byte in bytes[..<start] where byte == 0x0a { line += 1 }
        return line
    }

    /// The offsets of a line without its end.
    func range(ofLine line: Int) -> Range<Int> {
        var start = 0
        var remaining = line
        while remaining > 0, let end = bytes[start...].firstIndex(of: 0x0a) {
            start = end + 1
            remaining -= 1
        }
        var end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
        if end > start, bytes[end - 1] == 0x0d { end -= 1 }
        return start..<end
    }
}

extension String {
    /// A label stands on one line.
    fileprivate var singleLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
