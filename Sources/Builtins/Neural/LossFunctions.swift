import Diagnostics
import Language
import Neural
import Tensors

/// The losses and metrics as functions of the prelude, one for each record of the engine: `mse(y, ŷ)` gives the number,
/// `loss=mse` names it.
enum LossFunctions {
    static let builtins: [Builtin] = {
        let losses = Loss.catalogue.map { loss in
            record(loss.name, loss.summary, loss.formula) { (y, output) throws(Failure) in
                try loss.value(target: y, output: output)
            }
        }
        let known = Set(losses.map(\.name))
        let metrics = Metric.catalogue.filter { !known.contains($0.name) }.map { metric in
            record(metric.name, metric.summary, metric.formula) { (y, output) throws(Failure) in
                try metric.value(target: y, output: output)
            }
        }
        return losses + metrics
    }()

    private static func record(
        _ name: String, _ summary: String, _ formula: String,
        _ value: @escaping @Sendable (Tensor, Tensor) throws(Failure) -> Double
    ) -> Builtin {
        Builtin(
            name, summary,
            [
                .init("y", "tensor, list or number", .required, .positional, "the targets"),
                .init("ŷ", "tensor, list or number", .required, .positional, "the outputs"),
            ],
            formula: formula, shapes: "[m, k], [m, k] -> number, or [m], [m] -> number",
            example: "\(name)([0, 1, 1], [0.1, 0.8, 0.6])"
        ) { call throws(Failure) in
            let y = try row(try call.tensorOrNumber(0)), output = try row(try call.tensorOrNumber(1))
            return Value(canonical: try value(y, output))
        }
    }

    /// A number counts as one sample.
    private static func row(_ x: Tensor) throws(Failure) -> Tensor { x.rank == 0 ? try Shaping.reshape(x, [1]) : x }
}

extension Call {
    /// What `loss=` takes.
    func loss(_ index: Int) throws(Failure) -> Loss {
        try named(index, "loss", Loss.catalogue.map(\.name), Loss.named, own: "a loss of your own cannot be trained: its derivative is not known")
    }

    /// A record of the engine, given as the prelude's function of that name or as text.
    func named<Record>(
        _ index: Int, _ what: String, _ names: [String], _ find: (String) -> Record?, own: String
    ) throws(Failure) -> Record {
        let value = self[index]
        let name = value.string ?? value.builtinName
        if let name, let record = find(name) { return record }
        if let name {
            throw Failure(
                .value, "there is no \(what) `\(name)`",
                help: Nearest.match(name, in: names).map { "did you mean `\($0)`?" } ?? "there are " + names.joined(separator: ", "),
                argument: index)
        }
        if value.isCallable {
            throw Failure(.argument, own, help: "take one of " + names.joined(separator: ", "), argument: index)
        }
        throw unexpected(index, "a \(what)")
    }
}
