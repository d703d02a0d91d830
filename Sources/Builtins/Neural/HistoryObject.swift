import Diagnostics
import Language
import Neural
import Tensors

/// What `fit` gives: the loss and each metric, an entry an epoch. `plot` draws it.
final class HistoryObject: NativeObject, Curves {
    let curves: [(name: String, values: [Double])]

    init(_ curves: [(name: String, values: [Double])]) { self.curves = curves }

    private var epochs: Int { curves.first?.values.count ?? 0 }

    override var typeName: String { "history" }
    override var length: Int? { epochs }
    override var fieldNames: [String] { curves.map(\.name) + ["epochs"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        if name == "epochs" { return Value(epochs) }
        guard let curve = curves.first(where: { $0.name == name }) else { return nil }
        return Value(tensor: try Tensor(curve.values))
    }

    override func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        guard keys.count == 1, let name = keys[0].string else { return nil }
        if let value = try field(name) { return value }
        throw Failure(
            .key, "the history has no \"\(name)\"",
            help: Nearest.match(name, in: fieldNames).map { "did you mean \"\($0)\"?" } ?? "it has " + fieldNames.joined(separator: ", "))
    }

    override var description: String {
        let last = curves.map { "\($0.name) \(TrainingReport.text($0.values.last ?? .nan))" }.joined(separator: ", ")
        return "history of \(epochs) \(epochs == 1 ? "epoch" : "epochs"): \(last)"
    }
}
