import Diagnostics
import Language
import Tensors

/// Making data ready for a network.
enum PreparingBuiltins {
    static let builtins: [Builtin] = [encode, oneHot, scaler, standardize, trainTestSplit, unscale]

    static let trainTestSplit = Builtin(
        "train_test_split", "a part of the rows for training and a part for testing, of each array: Xtrain, Xtest, ytrain, ytest",
        [
            .init("arrays", "tensors, tables, columns or lists with equally many rows", .required, .variadic, "usually X, y"),
            .init("test", "number > 0", .number(0.2), .keyword, "the part of the rows for testing, or from 1 on their number"),
            .init(
                "stratify", "bool", .absent, .keyword,
                "whether each class has the same share of both parts, the classes being those of the last array; by default where that holds few whole numbers, or text"),
        ],
        shapes: "[n, ...] -> [n - k, ...], [k, ...] of each, k = test n rounded up",
        example: "a, b = train_test_split(arange(10), test=0.3); (a.shape, b.shape)  # ((7,), (3,))",
        source: "as scikit-learn's train_test_split; shuffled"
    ) { call throws(Failure) in
        guard !call.rest.isEmpty else { throw Failure(.argument, "`train_test_split` needs what to split: train_test_split(X, y)") }
        var arrays: [RowData] = []
        for (place, value) in call.rest.enumerated() {
            guard let data = RowData(value) else {
                throw Failure(
                    .type, "argument \(place + 1) of `train_test_split` is a tensor, a table, a column or a list, not \(value.inWords)",
                    help: value.isNumber && place == call.rest.count - 1 ? "the part for testing is given by its name: test=0.2" : nil)
            }
            arrays.append(data)
        }
        let n = arrays[0].count
        for (place, array) in arrays.enumerated() where array.count != n {
            throw Failure(.shape, "argument \(place + 1) of `train_test_split` has \(array.count) rows, the first has \(n)")
        }
        let count = try Split.testCount(n, test: try call.number(1))
        let wanted = try call.optionalBool(2)
        var classes: (codes: [Int], count: Int)?
        if wanted != false, arrays.count > 1 || wanted == true, let last = arrays.last { classes = try last.classes() }
        if wanted == true, classes == nil {
            throw Failure(
                .value, "the last array of `train_test_split` holds no classes: few whole numbers, each at least twice, or text",
                help: "leave stratify away")
        }
        let rows = classes.map { Split.stratified($0.codes, count: $0.count, test: count, &call.interpreter.generator) }
            ?? Split.rows(n, test: count, &call.interpreter.generator)
        var parts: [Value] = []
        for array in arrays { parts += [try array.take(rows.train), try array.take(rows.test)] }
        return Value(tuple: parts)
    }

    static let standardize = Builtin(
        "standardize", "each column with mean 0 and deviation 1; further arrays are scaled by the first one's mean and deviation",
        [.init("arrays", "tensors or tables", .required, .variadic, "the first for training, then what is to be scaled alike")],
        formula: "z = (x - mean) / std, of the first array's columns; std divides by n; a constant column becomes 0",
        shapes: "[n, d...] -> [n, d...]",
        example: "a, b = standardize([1; 3], [1; 5]); b  # [-1; 3]",
        source: "the mean of the test data must not be used: it would leak into the training"
    ) { call throws(Failure) in
        guard !call.rest.isEmpty else { throw Failure(.argument, "`standardize` needs what to scale: standardize(Xtrain, Xtest)") }
        let scale = try Standardization(of: try call.restTensor(0))
        tell(scale, call)
        var results: [Value] = []
        for place in call.rest.indices { results.append(Value(tensor: try scale.scale(try call.restTensor(place)))) }
        return results.count == 1 ? results[0] : Value(tuple: results)
    }

    static let scaler = Builtin(
        "scaler", "a function that scales as `standardize` does, made from X: s(X); it has `s.mean`, `s.std`, and unscale(s, Z) goes back",
        [.init("X", "tensor or table", .required, .positional, "the data for training")],
        formula: "s(x) = (x - mean) / std",
        shapes: "X [n, d...]",
        example: "s = scaler([1; 3]); s([1; 5])  # [-1; 3]"
    ) { call throws(Failure) in
        let scale = try Standardization(of: try call.tensor(0))
        tell(scale, call)
        return Value(native: Scaler(scale))
    }

    static let unscale = Builtin(
        "unscale", "what a scaler made of data, turned back",
        [
            .init("s", "scaler", .required, .positional, "from scaler(X)"),
            .init("Z", "tensor", .required, .positional, "scaled data"),
        ],
        formula: "x = z std + mean",
        example: "s = scaler([1; 3]); unscale(s, [-1; 3])  # [1; 5]"
    ) { call throws(Failure) in
        let scaler = try call.native(0, as: Scaler.self)
        return Value(tensor: try scaler.scale.unscale(try call.tensor(1)))
    }

    static let oneHot = Builtin(
        "one_hot", "a row of zeros with a one at its class for each label",
        [
            .init("y", "tensor [n], or column or list of text", .required, .positional, "labels: whole numbers from 0, other numbers, or text"),
            .init("classes", "whole number", .absent, .positional, "how many classes there are, where y need not hold the last one"),
        ],
        formula: "Y[i, c] = 1 where y[i] is class c; whole numbers from 0 are the numbers of their classes, other labels are sorted",
        shapes: "[n] -> [n, classes]",
        example: "one_hot([2, 0])  # [0, 0, 1; 1, 0, 0]"
    ) { call throws(Failure) in
        let classes = try call.optionalInt(1)
        if let classes, classes < 1 { throw call.refused(1, "must be at least 1") }
        let (codes, found, isNumbered) = try labels(call)
        if let classes, found > classes {
            let what = isNumbered ? "the label \(found - 1)" : "\(found) different labels"
            throw Failure(
                .value, "`y` of `one_hot` holds \(what), and there \(classes == 1 ? "is 1 class" : "are \(classes) classes")",
                help: isNumbered ? "labels count from 0, so the last is \(classes - 1)" : nil)
        }
        let width = classes ?? found
        let result = try Tensor(uninitialized: [codes.count, width])
        for place in 0..<result.count { result.block.float64[place] = 0 }
        for (row, code) in codes.enumerated() { result.block.float64[row * width + code] = 1 }
        return Value(tensor: result)
    }

    static let encode = Builtin(
        "encode", "labels as numbers from 0 in their order, and the labels that these stand for: y, names = encode(t.class)",
        [.init("labels", "column, list of text, or tensor [n]", .required, .positional, "one label a sample")],
        shapes: "[n] -> [n], names",
        example: "y, names = encode([\"cat\", \"ant\", \"cat\"]); y  # [1, 0, 1]"
    ) { call throws(Failure) in
        if let texts = try TextColumn.texts(call[0]) {
            let (codes, classes) = Labels.encode(texts)
            return Value(tuple: [
                Value(tensor: try Rows.vector(codes.map(Double.init))), Value(list: classes.map { Value(string: $0) }),
            ])
        }
        let (codes, classes) = Labels.encode(try vector(call))
        return Value(tuple: [
            Value(tensor: try Rows.vector(codes.map(Double.init))), Value(tensor: try Rows.vector(classes)),
        ])
    }

    // MARK: - Reading labels

    /// The class of each label, how many there are, and whether the labels are their numbers.
    private static func labels(_ call: borrowing Call) throws(Failure) -> (codes: [Int], count: Int, isNumbered: Bool) {
        if let texts = try TextColumn.texts(call[0]) {
            let (codes, classes) = Labels.encode(texts)
            return (codes, classes.count, false)
        }
        let numbers = try vector(call)
        let codes = numbers.compactMap { Int(exactly: $0) }
        guard codes.count == numbers.count, codes.allSatisfy({ $0 >= 0 && $0 < 1 << 24 }) else {
            let (codes, classes) = Labels.encode(numbers)
            return (codes, classes.count, false)
        }
        return (codes, (codes.max() ?? -1) + 1, true)
    }

    /// The elements of `[n]` or `[n, 1]`; none may be missing.
    private static func vector(_ call: borrowing Call) throws(Failure) -> [Double] {
        let tensor = try call.tensor(0)
        let shape = tensor.shape
        guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
            throw Failure(
                .shape, "`\(call.name)` takes one label a sample, a tensor of shape (n,), not \(Tensor.text(of: shape))",
                help: shape.count == 2 ? "rows that are one-hot already give their labels by argmax(y, axis=1)" : nil, argument: 0)
        }
        let numbers = Rows.numbers(tensor)
        if let bad = numbers.firstIndex(where: \.isNaN) {
            throw Failure(.value, "label \(bad) is nan", help: "leave the rows without a label out first", argument: 0)
        }
        return numbers
    }

    /// Constant columns carry nothing: that is said.
    private static func tell(_ scale: Standardization, _ call: borrowing Call) {
        guard !scale.constant.isEmpty else { return }
        let places = scale.constant
        let text = places.count == 1
            ? "column \(places[0]) is constant and becomes 0"
            : places.count <= 6
                ? "the columns \(places.map(String.init).joined(separator: ", ")) are constant and become 0"
                : "\(places.count) of \(scale.mean.count) columns are constant and become 0"
        call.interpreter.host.write("\(call.name): \(text)\n")
    }
}

/// What `scaler` gives: scales when it is called.
final class Scaler: NativeObject {
    let scale: Standardization

    init(_ scale: Standardization) { self.scale = scale }

    override var typeName: String { "scaler" }
    override var fieldNames: [String] { ["mean", "std"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "mean": Value(tensor: scale.mean)
        case "std": Value(tensor: scale.std)
        default: nil
        }
    }
    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] {
        [.init("X", "tensor", .required, .positional, "data of the shape that the scaler was made from")]
    }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        Value(tensor: try scale.scale(try call.tensor(0)))
    }
    override var description: String { "scaler of samples of shape \(Tensor.text(of: scale.mean.shape))" }
}
