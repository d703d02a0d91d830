import Diagnostics
import Tensors

/// Tensors as they can be typed: `[1, 2, 3]`; `[1, 2;` and under it ` 3, 4]`; more axes as brackets in brackets. Columns
/// are aligned; long ones are abbreviated, with shape and type behind.
struct TensorText {
    /// Tensors with more elements than this are abbreviated.
    static let most = 1000
    /// So many are left at either end of an axis then.
    static let edge = 3

    let block: TensorBlock
    let columns: Int
    let element: (Int) -> String
    let isAbbreviated: Bool

    /// `columns`: lines are broken there; 0 for never.
    init(_ block: TensorBlock, columns: Int, isExact: Bool, abbreviates: Bool) {
        self.block = block
        self.columns = columns
        isAbbreviated = abbreviates && block.count > TensorText.most
        element = { TensorText.text(block, $0, isExact: isExact) }
    }

    static func text(_ block: TensorBlock, _ index: Int, isExact: Bool) -> String {
        switch block.dtype {
        case .bool: return block.bytes[index] == 0 ? "false" : "true"
        case .uint8: return String(block.bytes[index])
        case .float32:
            return isExact ? Numerals.exact(block.float32[index]) : Numerals.text(Double(block.float32[index]), digits: 6)
        case .float64:
            return isExact ? Numerals.exact(block.float64[index]) : Numerals.text(block.float64[index], digits: 6)
        }
    }

    /// Each element in a format of the user's.
    static func formatted(_ block: TensorBlock, _ format: (Double) throws(Failure) -> String) throws(Failure) -> String {
        var texts: [String] = []
        texts.reserveCapacity(min(block.count, most))
        let isLong = block.count > most
        for index in 0..<block.count {
            // Those that will not be shown need no text.
            texts.append(isLong && index >= most && index < block.count - most ? "" : try format(block.number(at: index)))
        }
        return TensorText(block, columns: 80, isAbbreviated: false) { texts[$0] }.text
    }

    private init(_ block: TensorBlock, columns: Int, isAbbreviated: Bool, _ element: @escaping (Int) -> String) {
        self.block = block
        self.columns = columns
        self.isAbbreviated = isAbbreviated
        self.element = element
    }

    var text: String {
        let shape = block.shape
        if shape.isEmpty { return element(0) }
        if block.count == 0 { return "zeros(\(shape.map(String.init).joined(separator: ", ")))" }
        let body = shape.count == 1 ? vector(0, shape[0]) : brackets(0, 0, shape, indent: 0)
        return isAbbreviated ? "\(body)  \(Tensor.text(of: shape)) \(block.dtype.name)" : body
    }

    /// The positions along an axis that are shown; nil stands for the gap.
    private func shown(_ length: Int) -> [Int?] {
        guard isAbbreviated, length > 2 * TensorText.edge + 1 else { return Array(0..<length) }
        return (0..<TensorText.edge).map { $0 } + [nil] + ((length - TensorText.edge)..<length).map { $0 }
    }

    private func vector(_ offset: Int, _ length: Int) -> String {
        let items = shown(length).map { $0.map { element(offset + $0) } ?? "..." }
        let joined = "[" + items.joined(separator: ", ") + "]"
        guard columns > 0, joined.count > columns else { return joined }
        // Broken into lines of aligned columns.
        let width = items.map(\.count).max() ?? 1
        let perLine = max(1, (columns - 2) / (width + 2))
        var text = "["
        for (number, item) in items.enumerated() {
            if number > 0 { text += number % perLine == 0 ? ",\n " : ", " }
            text += padded(item, width)
        }
        return text + "]"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func brackets(_ axis: Int, _ offset: Int, _ shape: [Int], indent: Int) -> String {
        if axis == shape.count - 2 { return matrix(offset, shape[axis], shape[axis + 1], indent: indent) }
        let stride = shape[(axis + 1)...].reduce(1, *)
        let margin = String(repeating: " ", count: indent + 1)
        let parts = shown(shape[axis]).map {
            $0.map { brackets(axis + 1, offset + $0 * stride, shape, indent: indent + 1) } ?? "..."
        }
        return "[" + parts.joined(separator: ",\n" + margin) + "]"
    }

    private func matrix(_ offset: Int, _ rows: Int, _ width: Int, indent: Int) -> String {
        let columns = shown(width)
        let margin = String(repeating: " ", count: indent + 1)
        let cells: [[String]?] = shown(rows).map { row in
            row.map { row in columns.map { $0.map { element(offset + row * width + $0) } ?? "..." } }
        }
        var widths = [Int](repeating: 0, count: columns.count)
        for row in cells {
            for (number, cell) in (row ?? []).enumerated() { widths[number] = max(widths[number], cell.count) }
        }
        let lines = cells.map { row in
            row.map { zip($0, widths).map { padded($0, $1) }.joined(separator: ", ") } ?? "..."
        }
        // One row alone is told from a vector by its semicolon.
        return "[" + lines.joined(separator: ";\n" + margin) + (rows == 1 ? ";]" : "]")
    }
}
