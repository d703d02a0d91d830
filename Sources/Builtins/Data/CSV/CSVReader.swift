import Diagnostics

/// A column as it was read: numbers if all its cells are numbers or missing, else text.
package enum CSVColumn: Equatable {
    case numbers([Double])
    case text([String])
}

/// Reads a table from the bytes of a file.
package struct CSVReader {
    /// One character, a space for runs of blanks; nil guesses.
    package var separator: String?
    /// Names of the columns, in place of the first row's or where it has none.
    package var names: [String]?
    /// Whether the first row holds names; nil: unless `names` are given or all of its cells are numbers.
    package var header: Bool?
    /// The sign before the fraction, `.` or `,`.
    package var decimal = "."
    package var encoding = "utf-8"

    package init() {}

    /// The names and columns, in order. Rows of differing lengths, bytes that are no text and an empty file are errors
    /// that name the line.
    package func read(_ file: [UInt8], name: String) throws(Failure) -> [(name: String, column: CSVColumn)] {
        let bytes = try text(file, name)
        let text = try CSVText(bytes, separator: try separatorByte(), name: name)
        guard let first = text.rows.first else { throw Failure(.data, "\(name) is empty: it holds no rows") }
        guard let point = decimal.utf8.first, decimal == "." || decimal == "," else {
            throw Failure(.value, "decimal must be \".\" or \",\", not \"\(decimal)\"")
        }

        let hasHeader = header ?? (names == nil && !isAllNumbers(first, text, point))
        let rows = hasHeader ? text.rows.dropFirst() : text.rows[...]
        for row in rows where row.count != first.count {
            throw ragged(row, first, hasHeader, text, name)
        }
        var labels = names ?? []
        if names == nil {
            labels = (0..<first.count).map { column in
                let label = hasHeader ? text.text(text.cells[first.first + column]) : ""
                return label.isEmpty ? "c\(column + 1)" : label
            }
        } else if labels.count != first.count {
            throw Failure(
                .data, "names has \(labels.count) entries, and the rows of \(name) have \(first.count) cells",
                help: "give one name a column")
        }
        CSVReader.makeUnique(&labels)

        var columns: [(name: String, column: CSVColumn)] = []
        for (index, label) in labels.enumerated() {
            let column = column(index, rows, text, point)
            // A separator at the end of every line makes no column.
            let isUnnamed = hasHeader && names == nil && text.cells[first.first + index].count == 0
            if isUnnamed, index == labels.count - 1, labels.count > 1, case .numbers(let numbers) = column,
                numbers.allSatisfy(\.isNaN)
            {
                continue
            }
            columns.append((label, column))
        }
        return columns
    }

    private func column(_ index: Int, _ rows: ArraySlice<CSVText.Row>, _ text: CSVText, _ point: UInt8) -> CSVColumn {
        var numbers: [Double] = []
        numbers.reserveCapacity(rows.count)
        for row in rows {
            let cell = text.cells[row.first + index]
            let bytes = text.bytes[cell.start..<(cell.start + Int(cell.count))]
            if let number = CSVNumber.parse(bytes, point: point) {
                numbers.append(number)
            } else if CSVNumber.isMissing(bytes) {
                numbers.append(.nan)
            } else {
                return .text(rows.map { text.text(text.cells[$0.first + index]) })
            }
        }
        return .numbers(numbers)
    }

    private func isAllNumbers(_ row: CSVText.Row, _ text: CSVText, _ point: UInt8) -> Bool {
        (row.first..<(row.first + row.count)).allSatisfy { place in
            let cell = text.cells[place]
            return CSVNumber.parse(text.bytes[cell.start..<(cell.start + Int(cell.count))], point: point) != nil
        }
    }

    /// As pandas does it: a name that was there gets `.1`, `.2`, ...
    private static func makeUnique(_ names: inout [String]) {
        var taken = Set<String>()
        for index in names.indices {
            var name = names[index]
            var number = 0
            while !taken.insert(name).inserted {
                number += 1
                name = "\(names[index]).\(number)"
            }
            names[index] = name
        }
    }

    private func ragged(
        _ row: CSVText.Row, _ first: CSVText.Row, _ hasHeader: Bool, _ text: CSVText, _ name: String
    ) -> Failure {
        let place = row.count < first.count ? text.place(row, row.count) : text.place(row, first.count)
        let what = hasHeader ? "the header" : "the first row"
        let separator = text.separator == UInt8(ascii: "\t") ? "a tab" : "\"\(Character(Unicode.Scalar(text.separator)))\""
        return Failure(
            .data,
            "\(place): the row has \(row.count) \(row.count == 1 ? "cell" : "cells"), \(what) has \(first.count)",
            help: "cells are parted by \(separator)\(self.separator == nil ? ", as in the first line" : ""); give another with sep=, "
                + "and put quotes around a cell that holds it")
    }

    private func separatorByte() throws(Failure) -> UInt8? {
        guard let separator else { return nil }
        if separator == "\\s+" { return UInt8(ascii: " ") }
        guard separator.utf8.count == 1, let byte = separator.utf8.first, byte != UInt8(ascii: "\""), byte != 10, byte != 13
        else { throw Failure(.value, "sep must be one character, as \",\" \";\" \"\\t\" or \" \", not \"\(separator)\"") }
        return byte
    }

    /// The bytes as UTF-8, checked, without a byte order mark.
    private func text(_ file: [UInt8], _ name: String) throws(Failure) -> [UInt8] {
        switch encoding.lowercased() {
        case "utf-8", "utf8": break
        case "latin-1", "latin1", "iso-8859-1", "windows-1252", "cp1252":
            // The first 256 characters of Unicode are Latin-1.
            return Array(String(String.UnicodeScalarView(file.map { Unicode.Scalar($0) })).utf8)
        default:
            throw Failure(.value, "encoding must be \"utf-8\" or \"latin-1\", not \"\(encoding)\"")
        }
        if file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF]) {
            throw Failure(.data, "\(name) is written in UTF-16", help: "save it as UTF-8 (CSV UTF-8 in Excel)")
        }
        let bytes = file.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.dropFirst(3)) : file
        if bytes.contains(0) {
            throw Failure(.data, "\(name) is no text: it holds bytes that are 0", help: "IDX files are read by load_idx")
        }
        if let bad = CSVReader.firstBadByte(bytes) {
            let line = bytes[..<bad].count { $0 == 10 } + 1
            let hex = String(bytes[bad], radix: 16, uppercase: true)
            throw Failure(
                .data, "\(name), line \(line): the byte 0x\(hex) is not UTF-8",
                help: "if the file is older or from Excel, try encoding=\"latin-1\"")
        }
        return bytes
    }

    private static func firstBadByte(_ bytes: [UInt8]) -> Int? {
        if bytes.allSatisfy({ $0 < 0x80 }) { return nil }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var place = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): place += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return min(place, bytes.count - 1)
            }
        }
    }
}
