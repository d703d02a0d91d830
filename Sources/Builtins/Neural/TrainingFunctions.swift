import Diagnostics
import Language
import Neural
import Tensors

/// Training and use of networks: the verbs that a student's own class may have too.
enum TrainingFunctions {
    static let builtins: [Builtin] = [evaluate, fit, predict, setWeights, summary, weights]

    private static let network = Builtin.Parameter("model", "network", .required, .positional, "what sequential(...), `|>` or model(...) made, or an object with `forward(x)`")
    private static let samples = Builtin.Parameter("X", "tensor [n, ...]", .required, .positional, "one sample a row")
    private static let orientation = Builtin.Parameter(
        "samples", "string", .string("rows"), .keyword, "\"columns\" where a slide has one sample a column")
    private static let metrics = Builtin.Parameter(
        "metrics", "list", .none, .keyword,
        "what to measure besides the loss: " + Metric.catalogue.map(\.name).joined(separator: ", ") + ", or functions (y, ŷ) -> number")

    static let fit = Builtin(
        "fit", "Trains a network on samples X and targets y, and gives the history of its loss and metrics.",
        [
            network, samples,
            .init("y", "tensor [n, ...]", .required, .positional, "targets; for crossentropy classes from 0 or one-hot rows"),
            .init("loss", "loss", .string("mse"), .keyword, "what is made small: " + Loss.catalogue.map(\.name).joined(separator: ", ") + ", or a function (y, ŷ) -> number"),
            .init("optimizer", "optimizer", .string("sgd"), .keyword, "the rule of the step: " + Optimizer.catalogue.map(\.name).joined(separator: ", ") + ", or a function (w, g) -> the new w, for each parameter and its gradient"),
            .init("epochs", "whole number", .number(1), .keyword, "how often all samples are gone through"),
            .init("batch_size", "whole number", .absent, .keyword, "samples a step, 32 by default; gd and rprop take all"),
            .init("validation", "pair (X, y)", .none, .keyword, "data that is measured after each epoch and not trained on"),
            metrics,
            .init("shuffle", "bool", .bool(true), .keyword, "a new order of the samples for each epoch"),
            .init("verbose", "bool", .bool(true), .keyword, "show how it goes"),
            orientation,
            .init("penalty", "penalty", .none, .keyword, "what large weights cost, such as l2(0.01), or a function of one matrix of weights; it is added to the loss, biases are left out"),
            .init(
                "callbacks", "list", .none, .keyword,
                "called after each epoch: early_stopping(...), checkpoint(...), rate_schedule(...), functions (epoch, logs) -> ..., which end it by false"),
            .init(
                "class_weight", "map, list or \"balanced\"", .none, .keyword,
                "what the loss of a sample counts by its class: {0: 1, 1: 5}, a number for each class from 0, or \"balanced\": n / (classes x samples of the class)"),
            .init(
                "sample_weight", "tensor [n]", .none, .keyword,
                "what the loss of each sample counts; the loss stays the mean over samples and is not divided by their sum"),
        ],
        formula: "each batch: g = ∂loss/∂parameters, then the optimizer's step",
        shapes: "X [n, ...], y [n, ...] or [n]",
        example: "fit(sequential(input(2), dense(1)), [0, 0; 1, 1], [0, 2], epochs=100, verbose=false)",
        tracing: .refused(help: "training is not differentiated; its steps written out are: θ - η * grad(loss)(θ)")
    ) { call throws(Failure) in
        let model = try call.trainee()
        let (x, y) = try call.data(1, 2, columns: call.isColumns(11))
        let loss = try call.lossOrFunction(3)
        let rule = call.ownFunction(4)
        let optimizer = try rule == nil ? call.optimizer(4) : Optimizer(.sgd)
        let epochs = try call.count(5, least: 0), batch = try call.batchSize(6, optimizer, samples: x.rank > 0 ? x.shape[0] : 1)
        let callbacks = try Callbacks(call, 13)
        let measures = try Measures(call, 8)
        let shuffle = try call.bool(9)
        let interpreter = call.interpreter
        var validation: (x: Tensor, y: Tensor)?
        if !call.isAbsent(7) {
            guard let pair = call[7].items, pair.count == 2 else {
                throw Failure(
                    .type, "`validation` of `fit` is a pair (X, y), not \(call[7].inWords)",
                    help: call[7].isNumber ? "split first: `train_test_split(X, y, test=0.2)`" : nil, argument: 7)
            }
            validation = try call.oriented(
                try call.samples(pair[0], 7), try call.samples(pair[1], 7), columns: call.isColumns(11))
        }
        var report = TrainingReport(interpreter.host, epochs: epochs, isVerbose: try call.bool(10))
        defer { report.end() }
        var options = Training.Options()
        options.optimizer = optimizer
        options.epochs = epochs
        options.batchSize = batch
        options.shuffle = shuffle
        options.validation = validation
        options.metrics = measures.builtin
        options.penalty = try call.ownPenalty(12) == nil ? call.penalty(12) : nil
        if let beside = call.lossPenalty(3) { options.penalty = options.penalty.map { $0 + beside } ?? beside }
        options.classWeight = try call.classWeight(14)
        options.sampleWeight = try call.optionalTensor(15)
        // A stream of its own: a metric of the user's may draw from the cell's meanwhile.
        var generator = interpreter.generator.split()
        var own: [(name: String, values: [Double])] = []
        model.memory.measures = measures
        let subject = Callbacks.Subject(
            model, optimizer, interpreter, epochs: epochs, measures: measures.names(withValidation: validation != nil))
        try callbacks.begin(subject)
        let history = try model.fit(
            x, y, options, loss: loss, penalty: call.ownPenalty(12), rule: rule, interpreter, generator: &generator,
            looksAtModel: measures.hasFunctions || !callbacks.isEmpty,
            onEpoch: { (progress) throws(Failure) in
                let found = try measures.own(model, x, y, validation, interpreter)
                for (index, entry) in found.enumerated() {
                    if own.count == index { own.append((entry.name, [])) }
                    own[index].values.append(entry.value)
                }
                report.epoch(progress.epoch, progress.measures + found)
                return try callbacks.epoch(progress.epoch, progress.measures + found, subject)
            },
            onBatch: report.isDrawn
                ? { (progress) throws(Failure) in
                    report.batch(progress)
                    return true
                } : nil)
        try callbacks.end(subject)
        let curves = history.names.enumerated().map { ($1, history.values[$0]) }
        return Value(native: HistoryObject(curves + own))
    }

    static let predict = Builtin(
        "predict", "The outputs of a network for samples; of one sample, an axis fewer, its output.",
        [network, samples, orientation], shapes: "[n, ...] -> [n, outputs]",
        example: "predict(sequential(input(2), dense(1)), [1, 2]).shape  # (1,)",
        tracing: .refused(help: "net(x) is differentiated")
    ) { call throws(Failure) in
        let model = try call.trainee()
        try model.refuseFollowed(call.interpreter, "predict", help: "net(x) is differentiated")
        let x = try call.tensorOrNumber(1)
        let columns = try call.isColumns(2)
        let result = try model.predict(columns && x.rank == 2 ? Shaping.transpose(x) : x, call.interpreter)
        return Value(reduced: columns && result.rank == 2 ? try Shaping.transpose(result) : result)
    }

    static let evaluate = Builtin(
        "evaluate", "A map of the loss and of each metric on samples and targets.",
        [
            network, samples,
            .init("y", "tensor [n, ...]", .required, .positional, "targets"),
            .init("loss", "loss", .none, .keyword, "by default that of the last fit, or mse"),
            metrics, orientation,
        ],
        example: "evaluate(sequential(input(1), dense(1)), [1; 2], [1, 2]).loss",
        tracing: .refused(help: "a loss of net(x) is differentiated: mse(y, net(x))")
    ) { call throws(Failure) in
        let model = try call.trainee()
        try model.refuseFollowed(call.interpreter, "evaluate", help: "a loss of net(x) is differentiated: mse(y, net(x))")
        let (x, y) = try call.data(1, 2, columns: call.isColumns(5))
        let loss = call.isAbsent(3) ? nil : try call.lossOrFunction(3)
        let measures = try call.isAbsent(4) ? model.memory.measures : Measures(call, 4)
        var values = try model.evaluate(x, y, loss: loss, metrics: measures.builtin, call.interpreter)
        values += try measures.own(model, x, y, nil, call.interpreter)
        return Value(map: values.map { ($0.name, Value(canonical: $0.value)) })
    }

    static let summary = Builtin(
        "summary", "Shows the layers of a network with their shapes and numbers of parameters.", [network],
        example: "summary(sequential(input(2), dense(4, tanh), dense(1, sigmoid)))"
    ) { call throws(Failure) in
        let text =
            switch try call.trainee() {
            case .network(let network): network.summary
            case .own(let model): try model.summary(call.interpreter)
            }
        call.interpreter.host.write(text + "\n")
        return .none
    }

    static let weights = Builtin(
        "weights", "Copies of the parameters of a network: a list of tensors, W and b of each layer in turn.", [network],
        example: "weights(sequential(input(2), dense(1)))[1]  # [0]"
    ) { call throws(Failure) in
        switch try call.trainee() {
        case .network(let network): return try network.weights()
        case .own(let model): return try model.weights(call.interpreter)
        }
    }

    static let setWeights = Builtin(
        "set_weights", "Sets the parameters of a network, in the order in which `weights` gives them.",
        [network, .init("weights", "list of tensors", .required, .positional, "W and b of each layer in turn, in their shapes")],
        example: "net = sequential(input(2), dense(1)); set_weights(net, list([1; 2], [0.5]))"
    ) { call throws(Failure) in
        switch try call.trainee() {
        case .network(let network): try network.setWeights(call[1])
        case .own(let model): try model.set(NetworkObject.tensors(call[1]), call.interpreter)
        }
        return .none
    }
}

/// What `metrics=` names: the engine's own, and functions of the user's, which are called with targets and outputs.
struct Measures {
    var builtin: [Metric] = []
    /// A loss that is looked at is no measure of the user's own.
    private var functions: [(name: String, function: Held, isOwn: Bool)] = []
    var hasFunctions: Bool { !functions.isEmpty }

    init() {}

    init(_ call: borrowing Call, _ index: Int) throws(Failure) {
        guard !call.isAbsent(index) else { return }
        let given = call[index].items.map(Array.init) ?? [call[index]]
        for value in given {
            let name = value.string ?? value.builtinName
            if let name, let metric = Metric.named(name) {
                builtin.append(metric)
            } else if let loss = (value.native as? LossObject)?.loss ?? value.builtinName.flatMap(Loss.named) {
                // A loss that is looked at: over all samples, after the epoch.
                functions.append((loss.name, Held(sharing: value), false))
            } else if let name, let loss = Loss.named(name) {
                throw Failure(
                    .value, "\(loss.name) is a loss; the metrics are " + Metric.catalogue.map(\.name).joined(separator: ", "),
                    help: "loss=\(loss.name)", argument: index)
            } else if value.isCallable {
                functions.append((call.interpreter.text(value, .print).functionName ?? "metric", Held(sharing: value), true))
            } else {
                let names = Metric.catalogue.map(\.name)
                throw Failure(
                    .value, "there is no metric \(name.map { "`\($0)`" } ?? value.inWords)",
                    help: name.flatMap { Nearest.match($0, in: names) }.map { "did you mean `\($0)`?" }
                        ?? "there are " + names.joined(separator: ", "), argument: index)
            }
        }
    }

    /// What is measured in an epoch, by its name.
    func names(withValidation: Bool) -> [(name: String, isOwn: Bool)] {
        let names = [("loss", false)] + builtin.map { ($0.name, false) } + functions.map { ($0.name, $0.isOwn) }
        return withValidation ? names + names.map { ("val_" + $0.0, $0.1) } : names
    }

    /// The values of the user's functions on the samples, and on those of the validation under `val_`.
    func own(
        _ model: Trainee, _ x: Tensor, _ y: Tensor, _ validation: (x: Tensor, y: Tensor)?, _ interpreter: Interpreter
    ) throws(Failure) -> [(name: String, value: Double)] {
        guard !functions.isEmpty else { return [] }
        let found = try own(y, try model.predict(x, interpreter), interpreter)
        guard let validation else { return found }
        let checked = try own(validation.y, try model.predict(validation.x, interpreter), interpreter)
        return found + checked.map { ("val_" + $0.name, $0.value) }
    }

    /// The values of the user's functions.
    private func own(
        _ y: Tensor, _ output: Tensor, _ interpreter: Interpreter
    ) throws(Failure) -> [(name: String, value: Double)] {
        var result: [(name: String, value: Double)] = []
        for (name, function, _) in functions {
            let target = Value(tensor: OwnLoss.fitted(y, output.shape)), given = Value(tensor: output)
            defer { target.release(); given.release() }
            let value = try interpreter.call(function.value, [target, given])
            defer { value.release() }
            guard value.isNumber || value.isBool else {
                throw Failure(.type, "the metric \(name) gives \(value.inWords), not a number", help: "mean(...) makes one of a tensor")
            }
            result.append((name, value.isNumber ? value.number : value.isTrue ? 1 : 0))
        }
        return result
    }
}

extension Call {
    fileprivate func isColumns(_ index: Int) throws(Failure) -> Bool {
        switch try string(index) {
        case "rows": false
        case "columns": true
        default: throw refused(index, "must be \"rows\" or \"columns\"")
        }
    }

    fileprivate func count(_ index: Int, least: Int) throws(Failure) -> Int {
        let value = try int(index)
        guard value >= least else { throw refused(index, "must be \(least) or more") }
        guard value <= 1 << 40 else { throw refused(index, "is too large") }
        return value
    }

    /// Samples a step: all of them where the optimizer is meant for that.
    fileprivate func batchSize(_ index: Int, _ optimizer: Optimizer, samples: Int) throws(Failure) -> Int {
        guard optimizer.record.takesAllSamples else { return isAbsent(index) ? 32 : try count(index, least: 1) }
        let size = isAbsent(index) ? samples : try count(index, least: 1)
        guard size >= samples else {
            throw refused(
                index, "must be left out: \(optimizer.name) takes all samples in each step",
                help: optimizer.name == "gd" ? "sgd(\(NumberText.plain(optimizer.learningRate))) takes batches" : nil)
        }
        return max(1, size)
    }

    fileprivate func samples(_ value: Value, _ index: Int) throws(Failure) -> Tensor {
        if let tensor = try Conversions.tensor(value) { return tensor }
        let what = index < parameters.count ? parameters[index].name : "argument \(index + 1)"
        throw Failure(
            .type, "`\(what)` of `\(name)` is a tensor of numbers, not \(value.inWords)",
            help: what == "y" ? "classes that are words: `one_hot(y)`, or `y, names = encode(y)` for numbers from 0" : nil,
            argument: index)
    }

    /// What `class_weight=` takes.
    fileprivate func classWeight(_ index: Int) throws(Failure) -> ClassWeight? {
        if isAbsent(index) { return nil }
        if let name = self[index].string {
            guard name == "balanced" else { throw refused(index, "must be \"balanced\", a map or a list") }
            return .balanced
        }
        guard let map = self[index].map else { return .list(try numbers(index)) }
        return .each(
            try map.entries.map { (entry) throws(Failure) in
                guard entry.key.isNumber, entry.value.isNumber else {
                    throw unexpected(index, "a map from classes to numbers", given: "a map with \(entry.key.isNumber ? entry.value.inWords : entry.key.inWords)")
                }
                return (entry.key.number, entry.value.number)
            })
    }

    /// Samples and targets, one a row.
    fileprivate func data(_ x: Int, _ y: Int, columns: Bool) throws(Failure) -> (Tensor, Tensor) {
        try oriented(try samples(self[x], x), try samples(self[y], y), columns: columns)
    }

    fileprivate func oriented(_ x: Tensor, _ y: Tensor, columns: Bool) throws(Failure) -> (x: Tensor, y: Tensor) {
        columns ? (try Shaping.transpose(x), y.rank == 2 ? try Shaping.transpose(y) : y) : (x, y)
    }
}
