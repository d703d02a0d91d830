import Diagnostics
import Language
import Neural
import Tensors

/// The same training several times from different random weights.
enum Replicate {
    static let builtins: [Builtin] = [replicate]

    static let replicate = Builtin(
        "replicate",
        "Calls a function so many times, each with random numbers of its own, and gives what came out with its mean and deviation and the best.",
        [
            .init("n", "whole number > 0", .required, .positional, "how many times"),
            .init("f", "function", .required, .positional, "without a parameter; gives a number, a history, or a pair of such a score and what belongs to it, such as the network"),
            .init("best", "string", .string("least"), .keyword, "which score is the best: \"least\" or \"greatest\""),
            .init("monitor", "string", .none, .keyword, "which measure of a history is the score, its last value; by default val_loss or loss"),
        ],
        formula: "mean = Σ s / n, std = √(Σ (s - mean)^2 / (n - 1))",
        example: "r = replicate(5, () -> fit(sequential(input(1), dense(3, tanh), dense(1)), [0; 1], [0, 1], verbose=false)); r.mean"
    ) { call throws(Failure) in
        let count = try call.int(0)
        guard count > 0 else { throw call.refused(0, "must be 1 or more") }
        let isLeast: Bool
        switch try call.string(2) {
        case "least": isLeast = true
        case "greatest": isLeast = false
        default: throw call.refused(2, "must be \"least\" or \"greatest\"")
        }
        let monitor = try call.optionalString(3)
        let function = try call.function(1), interpreter = call.interpreter
        // The runs' streams come out of the present one, so a run's numbers do not depend on what others draw.
        var source = interpreter.generator
        defer { interpreter.generator = source }
        var scores: [Double] = []
        let results = Kept()
        for _ in 0..<count {
            try Interruption.check()
            interpreter.generator = source.split()
            let result = try interpreter.call(function, [])
            results.values.append(result)
            scores.append(try score(result, monitor))
        }
        return Value(native: Replication(scores, results, isLeast: isLeast))
    }

    private static func score(_ value: Value, _ monitor: String?) throws(Failure) -> Double {
        if value.isNumber { return value.number }
        if let history = value.native as? HistoryObject {
            let name = monitor ?? (history.curves.contains { $0.name == "val_loss" } ? "val_loss" : "loss")
            guard let last = history.curves.first(where: { $0.name == name })?.values.last else {
                throw Failure(
                    .key, "the history has no \"\(name)\"", help: "it has " + history.curves.map(\.name).joined(separator: ", "))
            }
            return last
        }
        if let items = value.items, items.count >= 1, let first = items.first { return try score(first, monitor) }
        throw Failure(
            .type, "the function of `replicate` gives \(value.inWords), which is no score",
            help: "give a number or a history, or (score, network)")
    }
}

/// Values that are held, each with one count.
final class Kept {
    var values: [Value] = []
    deinit { for value in values { value.release() } }
}

/// What came out of the runs.
final class Replication: NativeObject {
    private let scores: [Double]
    private let results: Kept
    private let best: Int

    init(_ scores: [Double], _ results: Kept, isLeast: Bool) {
        self.scores = scores
        self.results = results
        var best = 0
        for (index, score) in scores.enumerated() where !score.isNaN {
            if scores[best].isNaN || (isLeast ? score < scores[best] : score > scores[best]) { best = index }
        }
        self.best = best
    }

    private var mean: Double { scores.reduce(0, +) / Double(scores.count) }
    /// Of the sample; 0 of one run.
    private var deviation: Double {
        guard scores.count > 1 else { return 0 }
        let mean = mean
        return (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count - 1)).squareRoot()
    }

    override var typeName: String { "replication" }
    override var length: Int? { scores.count }
    override var fieldNames: [String] { ["best", "best_run", "mean", "results", "scores", "std"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "best": results.values[best].retained
        case "best_run": Value(best)
        case "mean": Value(mean)
        case "results": Value(list: results.values.map(\.retained))
        case "scores": Value(tensor: try Tensor(scores))
        case "std": Value(deviation)
        default: nil
        }
    }

    override var description: String {
        let runs = scores.count == 1 ? "1 run" : "\(scores.count) runs"
        return "\(runs): \(TrainingReport.text(mean)) ± \(TrainingReport.text(deviation)), the best \(TrainingReport.text(scores[best])) in run \(best)"
    }
}
