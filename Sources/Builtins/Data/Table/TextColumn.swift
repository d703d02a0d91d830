import Diagnostics
import Language
import Tensors

/// A column of text: compares element by element, `t.class == "STAR"`.
final class TextColumn: NativeObject {
    let values: [String]

    init(_ values: [String]) { self.values = values }

    override var typeName: String { "column" }
    override var fieldNames: [String] { ["shape"] }
    override var length: Int? { values.count }

    override func field(_ name: String) throws(Failure) -> Value? {
        name == "shape" ? Value(tuple: [Value(values.count)]) : nil
    }

    override func iterate() throws(Failure) -> [Value]? { values.map { Value(string: $0) } }

    override func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard keys.count == 1, let key = keys.first else {
            throw Failure(.index, "a column has one axis, so one index, not \(keys.count)")
        }
        guard let places = try RowSelection.places(key, of: values.count, what: "row") else {
            throw Failure(.type, "a column is indexed by a number, a slice, a mask or numbers of rows, not by \(key.inWords)")
        }
        if key.isNumber { return Value(string: values[places[0]]) }
        return Value(native: TextColumn(places.map { values[$0] }))
    }

    /// One bool a row: with a string, or with as many strings.
    override func compare(
        _ operation: Comparison, _ other: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        let others: [String]
        if let text = other.string {
            others = Array(repeating: text, count: values.count)
        } else if let column = other.native as? TextColumn {
            others = column.values
        } else if let strings = try TextColumn.strings(other.items) {
            others = strings
        } else {
            throw Failure(
                .type, "a column of text is compared with a string or a column of text, not with \(other.inWords)")
        }
        guard others.count == values.count else {
            throw Failure(.shape, "a column of \(values.count) and one of \(others.count) cannot be compared")
        }
        let result = try Tensor(uninitialized: [values.count], .bool)
        for row in values.indices {
            let (a, b) = (values[row], others[row])
            let truth =
                switch operation {
                case .equal: a == b
                case .notEqual: a != b
                case .less: a < b
                case .lessOrEqual: a <= b
                case .greater: a > b
                case .greaterOrEqual: a >= b
                }
            result.block.bytes[row] = truth ? 1 : 0
        }
        return Value(tensor: result)
    }

    override var description: String {
        func quoted(_ text: String) -> String { "\"\(text)\"" }
        guard values.count > 10 else { return "column(\(values.map(quoted).joined(separator: ", ")))" }
        return "column(\(values.prefix(5).map(quoted).joined(separator: ", ")), ..., "
            + "\(values.suffix(2).map(quoted).joined(separator: ", ")); \(values.count) rows)"
    }

    /// The texts of a column or of a list of strings; nil for anything else.
    static func texts(_ value: Value) throws(Failure) -> [String]? {
        if let column = value.native as? TextColumn { return column.values }
        return try strings(value.items)
    }

    /// The items if they are strings, nil if the first is none; strings among other things are an error.
    static func strings(_ items: UnsafeBufferPointer<Value>?) throws(Failure) -> [String]? {
        guard let items, items.first?.string != nil else { return nil }
        return try items.map { (item) throws(Failure) -> String in
            if let text = item.string { return text }
            throw Failure(.type, "a string is expected in a list of strings, not \(item.inWords)")
        }
    }
}
