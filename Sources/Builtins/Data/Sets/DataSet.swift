import Diagnostics
import Language
import Tensors

/// What `load` gives: `d.X` and `d.y`, or `d.train` and `d.test` with them, or `d.text`, and the facts of the record.
final class DataSet: NativeObject {
    private let record: DataSetRecord
    private let parts: [(name: String, value: Value)]
    private let summary: String

    init(_ record: DataSetRecord, _ parts: DataParts) {
        self.record = record
        func text(_ samples: Samples) -> String {
            "X \(Tensor.text(of: samples.X.shape)) \(samples.X.dtype.name), y \(Tensor.text(of: samples.y.shape)) \(samples.y.dtype.name)"
        }
        switch parts {
        case .whole(let samples):
            self.parts = [("X", Value(tensor: samples.X)), ("y", Value(tensor: samples.y))]
            summary = "  \(text(samples))"
        case .split(let train, let test):
            self.parts = [("train", Value(native: DataPart(train))), ("test", Value(native: DataPart(test)))]
            summary = "  train: \(text(train))\n  test:  \(text(test))"
        case .text(let words):
            self.parts = [("text", Value(string: words))]
            summary = "  text: \(words.unicodeScalars.count) characters"
        }
    }

    deinit { for part in parts { part.value.release() } }

    override var typeName: String { "data set" }
    override var fieldNames: [String] {
        parts.map(\.name) + (record.classes.isEmpty ? [] : ["classes", "features"]) + ["about", "name"]
    }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "classes" where !record.classes.isEmpty: return Value(list: record.classes.map { Value(string: $0) })
        case "features" where !record.classes.isEmpty: return Value(list: record.features.map { Value(string: $0) })
        case "about": return Value(string: record.about)
        case "name": return Value(string: record.name)
        case "X" where parts[0].name == "train", "y" where parts[0].name == "train":
            throw Failure(
                .key, "\(record.name) has a standard split, so its samples are in d.train.\(name) and d.test.\(name)")
        case "train" where parts[0].name == "X", "test" where parts[0].name == "X":
            throw Failure(
                .key, "\(record.name) has no standard split: its samples are d.X and d.y",
                help: "Xtrain, Xtest, ytrain, ytest = train_test_split(d.X, d.y)")
        default: return parts.first { $0.name == name }?.value.retained
        }
    }

    override var description: String {
        "\(record.name): \(record.summary)\n\(summary)"
            + (record.classes.isEmpty ? "" : "\n  classes: \(record.classes.joined(separator: ", "))")
    }
}

/// One half of a data set with a standard split.
final class DataPart: NativeObject {
    private let samples: Samples

    init(_ samples: Samples) { self.samples = samples }

    override var typeName: String { "part of a data set" }
    override var fieldNames: [String] { ["X", "y"] }
    override var length: Int? { samples.y.count }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "X": Value(tensor: samples.X)
        case "y": Value(tensor: samples.y)
        default: nil
        }
    }

    override var description: String {
        "X \(Tensor.text(of: samples.X.shape)), y \(Tensor.text(of: samples.y.shape))"
    }
}
