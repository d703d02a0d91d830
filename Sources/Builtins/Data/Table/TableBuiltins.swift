import Diagnostics
import Language
import Tensors

/// Reading tables and files, and looking at them.
enum TableBuiltins {
    static let builtins: [Builtin] = [head, loadIDX, readCSV, tail]

    static let readCSV = Builtin(
        "read_csv", "the table in a text file",
        [
            .init("path", "string", .required, .positional, "the file; a relative path starts from the current folder"),
            .init("sep", "string", .absent, .positional, "what parts the cells; \" \" is any run of blanks; by default the one of , ; tab | that the first line has most of, else blanks"),
            .init("names", "list of strings", .absent, .keyword, "names of the columns, where the file has none or others are wanted"),
            .init("header", "bool", .absent, .keyword, "whether the first row holds names; by default it does unless names are given or it is all numbers"),
            .init("decimal", "string", .string("."), .keyword, "the sign before the fraction: \".\" or \",\""),
            .init("encoding", "string", .string("utf-8"), .keyword, "\"utf-8\" or \"latin-1\""),
        ],
        example: "t = read_csv(\"stars.csv\"); t[t.class == \"STAR\"]",
        source: "RFC 4180; missing cells (empty, ?, NA, nan, null) are nan in a column of numbers"
    ) { call throws(Failure) in
        let path = try call.string(0)
        var reader = CSVReader()
        reader.separator = try call.optionalString(1)
        if !call.isAbsent(2) { reader.names = try call.strings(2) }
        reader.header = try call.optionalBool(3)
        reader.decimal = try call.string(4)
        reader.encoding = try call.string(5)
        let name = FileName.short(path)
        var bytes = try Files.read(path)
        if ByteStream.isGzip(bytes) {
            bytes = try ByteStream(bytes, name: name).readAll(limit: max(0, MemoryLimit.available() / 4))
        }
        let columns = try reader.read(bytes, name: name)
        let parts = try columns.map { (column) throws(Failure) -> Table.Column in
            switch column.column {
            case .numbers(let numbers): .numbers(try Rows.vector(numbers))
            case .text(let texts): .text(texts)
            }
        }
        return Value(native: Table(names: columns.map(\.name), columns: parts))
    }

    static let loadIDX = Builtin(
        "load_idx", "the tensor in a file of MNIST's format, compressed or not",
        [.init("path", "string", .required, .positional, "the file")],
        shapes: "as the file says: images are uint8 [n, height, width], labels uint8 [n]",
        example: "X = load_idx(\"train-images-idx3-ubyte.gz\")",
        source: "http://yann.lecun.com/exdb/mnist"
    ) { call throws(Failure) in
        let path = try call.string(0)
        return Value(tensor: try IDX.read(try Files.read(path), name: FileName.short(path)))
    }

    static let head = Builtin(
        "head", "the first rows",
        [
            .init("data", "table, tensor, column or list", .required, .positional, "what has rows"),
            .init("n", "whole number >= 0", .number(5), .positional, "how many"),
        ],
        example: "head([5, 6, 7, 8], 2)  # [5, 6]"
    ) { call throws(Failure) in try rows(call) { count, n in 0..<min(n, count) } }

    static let tail = Builtin(
        "tail", "the last rows",
        [
            .init("data", "table, tensor, column or list", .required, .positional, "what has rows"),
            .init("n", "whole number >= 0", .number(5), .positional, "how many"),
        ],
        example: "tail([5, 6, 7, 8], 2)  # [7, 8]"
    ) { call throws(Failure) in try rows(call) { count, n in max(0, count - n)..<count } }

    private static func rows(
        _ call: borrowing Call, _ range: (_ count: Int, _ n: Int) -> Range<Int>
    ) throws(Failure) -> Value {
        let n = try call.int(1)
        guard n >= 0 else { throw call.refused(1, "must be at least 0") }
        let value = call[0]
        guard let data = RowData(value) else { throw call.unexpected(0, "a table, a tensor, a column or a list") }
        return try data.take(Array(range(data.count, n)))
    }
}

enum FileName {
    /// The last part of a path: how errors name a file.
    static func short(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
