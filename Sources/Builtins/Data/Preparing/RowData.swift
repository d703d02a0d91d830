import Diagnostics
import Language
import Tensors

/// Anything that has rows, of which some can be taken: a tensor, a table, a column of text, a list or tuple.
enum RowData {
    case tensor(Tensor)
    case table(Table)
    case column(TextColumn)
    /// Borrowed for as long as the value they come from.
    case list(UnsafeBufferPointer<Value>)

    init?(_ value: Value) {
        if let tensor = value.tensor, tensor.rank > 0 {
            self = .tensor(tensor)
        } else if let table = value.native as? Table {
            self = .table(table)
        } else if let column = value.native as? TextColumn {
            self = .column(column)
        } else if let items = value.items {
            self = .list(items)
        } else {
            return nil
        }
    }

    var count: Int {
        switch self {
        case .tensor(let tensor): tensor.shape.first ?? 0
        case .table(let table): table.rows
        case .column(let column): column.values.count
        case .list(let items): items.count
        }
    }

    /// The rows at these places, each of which is in range, with one count for the caller.
    func take(_ places: [Int]) throws(Failure) -> Value {
        switch self {
        case .tensor(let tensor): return Value(tensor: try Rows.take(tensor, places))
        case .table(let table): return Value(native: try table.rows(places))
        case .column(let column): return Value(native: TextColumn(places.map { column.values[$0] }))
        case .list(let items): return Value(list: places.map { items[$0].retained })
        }
    }

    /// The classes of the rows as numbers from 0 in their order, with their names; nil where they are no classes.
    /// Rows of a matrix of zeros and a one each are of the class where the one stands.
    func classes() throws(Failure) -> (codes: [Int], count: Int)? {
        switch self {
        case .column(let column):
            let (codes, classes) = Labels.encode(column.values)
            return (codes, classes.count)
        case .list(let items):
            if let texts = try? TextColumn.strings(items) {
                let (codes, classes) = Labels.encode(texts)
                return (codes, classes.count)
            }
            let numbers = items.compactMap { $0.isNumber ? $0.number : nil }
            return numbers.count == items.count ? RowData.classes(numbers) : nil
        case .tensor(let tensor):
            let shape = tensor.shape
            if shape.count == 1 || (shape.count == 2 && shape[1] == 1) { return RowData.classes(Rows.numbers(tensor)) }
            guard shape.count == 2 else { return nil }
            let numbers = Rows.numbers(tensor)
            var codes: [Int] = []
            for row in 0..<shape[0] {
                let cells = numbers[(row * shape[1])..<((row + 1) * shape[1])]
                guard cells.allSatisfy({ $0 == 0 || $0 == 1 }), cells.reduce(0, +) == 1 else { return nil }
                codes.append((cells.firstIndex(of: 1) ?? cells.startIndex) - cells.startIndex)
            }
            return (codes, shape[1])
        case .table: return nil
        }
    }

    private static func classes(_ numbers: [Double]) -> (codes: [Int], count: Int)? {
        guard Labels.areClasses(numbers) else { return nil }
        let (codes, classes) = Labels.encode(numbers)
        return (codes, classes.count)
    }
}
