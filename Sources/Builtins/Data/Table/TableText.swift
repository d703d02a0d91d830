import Charts
import Tensors

/// A table as aligned text: names, kinds, the first and last rows, and its size.
enum TableText {
    private static let mostRows = 30
    private static let mostColumns = 80

    static func text(_ table: Table) -> String {
        let size = "\(table.rows) \(table.rows == 1 ? "row" : "rows"), "
            + "\(table.names.count) \(table.names.count == 1 ? "column" : "columns")"
        guard !table.names.isEmpty else { return size }
        let isLong = table.rows > mostRows
        let rows = isLong ? Array(0..<5) + Array((table.rows - 5)..<table.rows) : Array(0..<table.rows)

        func shortened(_ most: Int) -> [[String]] {
            table.names.indices.map { place in
                [cut(table.names[place], most), kind(table.columns[place])] + cells(table.columns[place], rows, most)
            }
        }
        // Long texts are cut where not everything fits the page as it is.
        var blocks = shortened(mostColumns)
        if blocks.reduce(0, { $0 + ($1.map(\.count).max() ?? 0) + 2 }) > mostColumns { blocks = shortened(24) }
        var isNumber = table.columns.map { if case .numbers = $0 { true } else { false } }
        // Columns from the middle make room for what fits the page.
        let widths = blocks.map { $0.map(\.count).max() ?? 0 }
        var (left, right) = (blocks.count, blocks.count)
        var width = widths.reduce(0) { $0 + $1 + 2 } + 6
        if width - 6 > mostColumns {
            (left, right) = ((blocks.count + 1) / 2, (blocks.count + 1) / 2)
            while width > mostColumns, left > 1 || right < blocks.count - 1 {
                if left > blocks.count - right, left > 1 {
                    left -= 1
                    width -= widths[left] + 2
                } else if right < blocks.count - 1 {
                    width -= widths[right] + 2
                    right += 1
                } else {
                    left -= 1
                    width -= widths[left] + 2
                }
            }
            let dots = ["…", ""] + rows.map { _ in "…" }
            blocks = Array(blocks[..<left]) + [dots] + Array(blocks[right...])
            isNumber = Array(isNumber[..<left]) + [false] + Array(isNumber[right...])
        }

        var lines: [String] = []
        for line in 0..<(rows.count + 2) {
            if isLong, line == 7 { lines.append("  …") }
            var text = ""
            for (block, right) in zip(blocks, isNumber) {
                let width = block.map(\.count).max() ?? 0
                let space = String(repeating: " ", count: max(0, width - block[line].count))
                text += "  " + (right ? space + block[line] : block[line] + space)
            }
            while text.last == " " { text.removeLast() }
            lines.append(text)
        }
        return lines.joined(separator: "\n") + "\n" + size
    }

    private static func kind(_ column: Table.Column) -> String {
        if case .numbers = column { "number" } else { "text" }
    }

    private static func cells(_ column: Table.Column, _ rows: [Int], _ most: Int) -> [String] {
        switch column {
        case .text(let values):
            return rows.map { cut(values[$0], most) }
        case .numbers(let tensor):
            return numbers(rows.map { tensor.block.float64[$0] })
        }
    }

    /// To six significant digits, all with as many after the point; very large and very small ones each on its own.
    private static func numbers(_ values: [Double]) -> [String] {
        let finite = values.filter { $0.isFinite && $0 != 0 }
        let exponents = finite.map { Decimal.exponent(of: $0) }
        guard (exponents.max() ?? 0) < 9, (exponents.min() ?? 0) >= -5 else {
            return values.map { Decimal.significant($0, 6) }
        }
        let digits = finite.map { value in
            let text = Decimal.significant(value, 6)
            guard let point = text.firstIndex(of: ".") else { return 0 }
            return text.distance(from: point, to: text.endIndex) - 1
        }
        return values.map { Decimal.fixed($0, min(digits.max() ?? 0, 6)) }
    }

    private static func cut(_ text: String, _ most: Int) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return line.count > most ? line.prefix(most - 1) + "…" : line
    }
}
