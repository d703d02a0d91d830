import Diagnostics
import Language
import Tensors

/// A table: named columns of one length, of numbers or of text. It never changes once it is made.
final class Table: NativeObject {
    enum Column {
        /// `[rows]`, float64; what is missing is NaN.
        case numbers(Tensor)
        case text([String])

        var count: Int {
            switch self {
            case .numbers(let tensor): tensor.count
            case .text(let values): values.count
            }
        }
    }

    let names: [String]
    let columns: [Column]
    let rows: Int

    /// Columns of one length; `rows` counts where there are none.
    init(names: [String], columns: [Column], rows: Int? = nil) {
        self.names = names
        self.columns = columns
        self.rows = rows ?? columns.first?.count ?? 0
    }

    override var typeName: String { "table" }
    override var fieldNames: [String] { names + ["columns", "shape"] }
    override var length: Int? { rows }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "columns": return Value(list: names.map { Value(string: $0) })
        case "shape": return Value(tuple: [Value(rows), Value(names.count)])
        default:
            guard let place = names.firstIndex(of: name) else { return nil }
            return Table.value(columns[place])
        }
    }

    override func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard let first = keys.first, keys.count <= 2 else {
            throw Failure(.index, "a table has rows and columns, so one or two indices, not \(keys.count)")
        }
        if keys.count == 2 {
            let part = try select(columns: keys[1])
            let rows = try part.select(rows: first)
            // One column named or counted gives the column, not a table of one.
            let isOne = keys[1].isNumber || keys[1].string != nil
            if first.isNumber, let column = rows.columns.first { return isOne ? Table.cell(column, 0) : try rows.row(0) }
            return isOne ? rows.columns.first.map(Table.value) : Value(native: rows)
        }
        if let name = first.string { return Table.value(columns[try place(of: name)]) }
        if first.items?.first?.string != nil || first.native is TextColumn {
            return Value(native: try select(columns: first))
        }
        let part = try select(rows: first)
        return first.isNumber ? try part.row(0) : Value(native: part)
    }

    override func iterate() throws(Failure) -> [Value]? {
        var values: [Value] = []
        for row in 0..<rows { values.append(try self.row(row)) }
        return values
    }

    override func tensor() throws(Failure) -> Tensor? {
        let result = try Tensor(uninitialized: [rows, names.count])
        for (place, column) in columns.enumerated() {
            guard case .numbers(let numbers) = column else {
                let numeric = zip(names, columns).filter { if case .numbers = $1 { true } else { false } }.map { "\"\($0.0)\"" }
                throw Failure(
                    .type, "the column \"\(names[place])\" holds text, so the table is no tensor",
                    help: "take columns of numbers, t[[\(numeric.prefix(3).joined(separator: ", "))\(numeric.count > 3 ? ", ..." : "")]], "
                        + "or make classes numbers with encode or one_hot")
            }
            for row in 0..<rows { result.block.float64[row * names.count + place] = numbers.block.float64[row] }
        }
        return result
    }

    override var description: String { TableText.text(self) }
    override var display: Display? { Display(forms: [("text/plain", TableText.text(self) + "\n")]) }

    // MARK: - Parts

    func place(of name: String) throws(Failure) -> Int {
        if let place = names.firstIndex(of: name) { return place }
        let near = Nearest.match(name, in: names)
        let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
        throw Failure(
            .key, "the table has no column \"\(name)\"",
            help: near.map { "did you mean \"\($0)\"?" } ?? "its columns are \(shown)")
    }

    /// The rows at these places, each of which is in range.
    func rows(_ places: [Int]) throws(Failure) -> Table {
        let taken = try columns.map { (column) throws(Failure) -> Column in
            switch column {
            case .numbers(let tensor): .numbers(try Rows.take(tensor, places))
            case .text(let values): .text(places.map { values[$0] })
            }
        }
        return Table(names: names, columns: taken, rows: places.count)
    }

    private func select(rows key: Value) throws(Failure) -> Table {
        guard let places = try RowSelection.places(key, of: rows, what: "row") else {
            throw Failure(
                .type, "a table is indexed by names of columns, a row's number, a slice, a mask or numbers of rows, not \(key.inWords)")
        }
        return try rows(places)
    }

    private func select(columns key: Value) throws(Failure) -> Table {
        let places: [Int]
        if let name = key.string {
            places = [try place(of: name)]
        } else if let names = try TextColumn.texts(key) {
            places = try names.map { (name) throws(Failure) in try place(of: name) }
        } else if let chosen = try RowSelection.places(key, of: names.count, what: "column") {
            places = chosen
        } else {
            throw Failure(.type, "columns are chosen by their names, not by \(key.inWords)")
        }
        return Table(names: places.map { names[$0] }, columns: places.map { columns[$0] }, rows: rows)
    }

    /// A row as a map from names to cells.
    private func row(_ row: Int) throws(Failure) -> Value {
        Value(map: zip(names, columns).map { ($0, Table.cell($1, row)) })
    }

    private static func cell(_ column: Column, _ row: Int) -> Value {
        switch column {
        case .numbers(let tensor): Value(canonical: tensor.block.float64[row])
        case .text(let values): Value(string: values[row])
        }
    }

    static func value(_ column: Column) -> Value {
        switch column {
        case .numbers(let tensor): Value(tensor: tensor)
        case .text(let values): Value(native: TextColumn(values))
        }
    }
}
