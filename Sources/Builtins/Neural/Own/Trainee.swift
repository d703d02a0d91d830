import Diagnostics
import Language
import Neural
import Tensors

/// What `fit` trains: built-in layers alone, which the engine does, or a model with code of the user's in it.
enum Trainee {
    case network(NetworkObject)
    case own(OwnModel)

    var memory: ModelMemory {
        switch self {
        case .network(let network): network.memory
        case .own(let model): model.memory
        }
    }

    /// Refuses what has no derivative while a gradient by the weights is taken: it would be 0 without a word.
    func refuseFollowed(_ interpreter: Interpreter, _ name: String, help: String) throws(Failure) {
        let isFollowed =
            switch self {
            case .network(let network): network.lifted != nil
            case .own(let model): Tracing.current(interpreter) != nil && model.isFollowed(interpreter)
            }
        if isFollowed { throw Failure(.type, "`\(name)` has no derivative", help: help, argument: 0) }
    }

    /// The outputs for samples, or of one sample.
    func predict(_ x: Tensor, _ interpreter: Interpreter) throws(Failure) -> Tensor {
        switch self {
        case .network(let network): return try network.network.predict(x)
        case .own(let model):
            if x.rank == model.memory.sampleRank ?? model.inputShape?.count {
                let outputs = try model.predict(Shaping.reshape(x, [1] + x.shape), interpreter)
                return try Shaping.reshape(outputs, Array(outputs.shape.dropFirst()))
            }
            return try model.predict(x, interpreter)
        }
    }

    /// The loss and the engine's metrics. Without a loss that of the last `fit` is taken, mse before the first.
    func evaluate(
        _ x: Tensor, _ y: Tensor, loss: OwnLoss?, metrics: [Metric], _ interpreter: Interpreter
    ) throws(Failure) -> [(name: String, value: Double)] {
        let own = loss ?? memory.loss
        let hasOwnPenalty = memory.penalty.map { !($0.value.native is PenaltyObject) } ?? false
        if case .network(let network) = self, !hasOwnPenalty {
            switch own {
            case nil: return try Training.evaluate(network.network, x, y, metrics: metrics)
            case .engine(let loss)?: return try Training.evaluate(network.network, x, y, loss: loss, metrics: metrics)
            case .function: break
            }
        }
        let outputs = try predict(x, interpreter)
        guard outputs.count > 0 else { throw Failure(.value, "there are no samples: X is \(Tensor.text(of: x.shape))") }
        let cost = try cost(interpreter)
        var found = [(name: "loss", value: try (own ?? .engine(.mse)).value(y, outputs, interpreter) + cost)]
        for metric in metrics { found.append((metric.name, try metric.value(target: y, output: outputs))) }
        return found
    }

    /// What the weights cost as they are now, by their layers' penalties and that of the last `fit`.
    private func cost(_ interpreter: Interpreter) throws(Failure) -> Double {
        let model: OwnModel
        switch self {
        case .network(let network): model = .around(network)
        case .own(let own): model = own
        }
        var total = 0.0
        let parameters = try model.parameters(interpreter)
        for entry in parameters.entries where entry.isTrained {
            if let own = entry.penalty { total += try own.value(of: parameters.tensor(entry)) }
            guard let penalty = memory.penalty, entry.shape.count > 1 else { continue }
            let w = Value(tensor: try parameters.tensor(entry))
            defer { w.release() }
            let value = try interpreter.call(penalty.value, [w])
            defer { value.release() }
            guard value.isNumber else { throw Failure(.type, "the penalty gives \(value.inWords), not one number") }
            total += value.number
        }
        return total
    }

    /// Trains it; the history has the loss and the engine's metrics.
    ///
    /// - rule: (w, g) -> the new w, in place of an optimizer of the engine's.
    /// - looksAtModel: whether `onEpoch` runs code of the user's: a model must have its present numbers then, and may go by
    ///   others after it.
    func fit(
        _ x: Tensor, _ y: Tensor, _ options: Training.Options, loss: OwnLoss, penalty: Held?, rule: Held? = nil,
        _ interpreter: Interpreter, generator: inout Generator, looksAtModel: Bool = true, onEpoch: Training.Observer?, onBatch: Training.Observer?
    ) throws(Failure) -> History {
        // A penalty of the engine's is a function of the weights like any other where code of the user's is trained.
        let penalty = penalty ?? options.penalty.map { kind in
            let value = Value(native: PenaltyObject(kind))
            defer { value.release() }
            return Held(sharing: value)
        }
        let hasOwnPenalty = penalty.map { !($0.value.native is PenaltyObject) } ?? false
        memory.penalty = penalty
        if case .network(let network) = self, case .engine(let loss) = loss, !hasOwnPenalty, rule == nil {
            network.isTrained = true
            var options = options
            options.loss = loss
            memory.loss = nil
            return try Training.fit(
                network.network, x, y, options, generator: &generator, onEpoch: onEpoch, onBatch: onBatch,
                isInterrupted: { Interruption.isRequested })
        }
        try refuseWeights(options, loss)
        let model: OwnModel
        switch self {
        case .network(let network):
            network.isTrained = true
            // A loss that reads the weights as well is differentiated by them.
            if case .function(let function, let name) = loss, !hasOwnPenalty, rule == nil, !OwnModel.mentions(network, function.value, interpreter) {
                return try fit(
                    network, x, y, options, function, name, interpreter, generator: &generator, looksAtModel: looksAtModel,
                    onEpoch: onEpoch, onBatch: onBatch)
            }
            try network.network.build(network.network.inputShape ?? NetworkObject.sample(of: x))
            model = .around(network)
        case .own(let own): model = own
        }
        let optimizer: Optimizer
        if let given = options.optimizer { optimizer = given } else { optimizer = try Optimizer(.sgd) }
        memory.loss = loss
        var options = options
        if case .engine(let loss) = loss { options.loss = loss }
        memory.sampleRank = x.rank - 1
        var validate: (() throws(Failure) -> [(name: String, value: Double)])?
        if let validation = options.validation {
            validate = { () throws(Failure) in
                try evaluate(validation.x, validation.y, loss: loss, metrics: options.metrics, interpreter)
            }
        }
        // Of a copy: what layers draw does not change the order of the samples.
        var copy = generator
        let trainer = try TracedTrainer(
            model, x, y, options, loss: loss, penalty: penalty, optimizer: optimizer, rule: rule, key: copy.next(),
            isWatched: looksAtModel, interpreter, validate: validate)
        var history = Trainee.history(x, options, optimizer, loss)
        if let rule {
            let text = interpreter.text(rule.value, .print).functionName ?? "(w, g) -> …"
            (history.optimizer, history.formula) = (text, "w = \(text)(w, g)")
        }
        // Who looks at the model sees it as it is now.
        func finishedEpoch(_ progress: Training.Progress) throws(Failure) -> Bool {
            if looksAtModel { try trainer.finish() }
            guard let onEpoch else { return true }
            return try onEpoch(progress)
        }
        do throws(Failure) {
            try Training.loop(
                trainer, options, history: &history, generator: &generator, onEpoch: finishedEpoch, onBatch: onBatch,
                isInterrupted: { Interruption.isRequested })
        } catch {
            try trainer.finish()
            throw error
        }
        try trainer.finish()
        return history
    }

    /// Built-in layers with a loss of the user's: the engine trains, the loss alone is traced.
    private func fit(
        _ network: NetworkObject, _ x: Tensor, _ y: Tensor, _ options: Training.Options, _ function: Held, _ name: String?,
        _ interpreter: Interpreter, generator: inout Generator, looksAtModel: Bool, onEpoch: Training.Observer?,
        onBatch: Training.Observer?
    ) throws(Failure) -> History {
        var options = options
        let optimizer: Optimizer
        if let given = options.optimizer { optimizer = given } else { optimizer = try Optimizer(.sgd) }
        options.optimizer = optimizer
        if network.network.inputShape == nil, x.rank > 0 { try network.network.build(NetworkObject.sample(of: x)) }
        let own = OwnLoss.function(function, name: name)
        memory.loss = own
        let loss = try TracedLoss(
            function, name: name, y, shape: network.network.outputShape ?? [], samples: x.shape.first ?? 0,
            metrics: options.metrics, optimizer: optimizer, isWatched: looksAtModel, interpreter)
        var history = Trainee.history(x, options, optimizer, own)
        var validate: (() throws(Failure) -> [(name: String, value: Double)])?
        if let validation = options.validation {
            validate = { () throws(Failure) in
                try evaluate(validation.x, validation.y, loss: own, metrics: options.metrics, interpreter)
            }
        }
        try Training.fit(
            network.network, x, options, external: loss, history: &history, generator: &generator, validate: validate,
            onEpoch: onEpoch, onBatch: onBatch, isInterrupted: { Interruption.isRequested })
        return history
    }

    /// The engine weighs the losses of samples; what is written in the language gives one number for a batch of them.
    private func refuseWeights(_ options: Training.Options, _ loss: OwnLoss) throws(Failure) {
        guard case .function = loss, options.classWeight != nil || options.sampleWeight != nil else { return }
        throw Failure(
            .argument, "class_weight and sample_weight go with losses of the engine's: \(loss.words) gives one number for all samples of a batch",
            help: "weigh the samples in a loss of your own: (y, ŷ) -> mean(where(y == 1, 5, 1) * (y - ŷ)^2); weights of single samples may be a column of y")
    }

    private static func history(_ x: Tensor, _ options: Training.Options, _ optimizer: Optimizer, _ loss: OwnLoss) -> History {
        let names = ["loss"] + options.metrics.map(\.name)
        return History(
            names: options.validation == nil ? names : names + names.map { "val_" + $0 }, optimizer: optimizer,
            loss: loss.name, batchSize: options.batchSize, samples: x.shape.first ?? 0)
    }
}

extension Call {
    /// A network, or what a user made into one.
    func trainee(_ index: Int = 0) throws(Failure) -> Trainee {
        if let network = self[index].native as? NetworkObject { return .network(network) }
        if let model = OwnModel.of(self[index], interpreter) { return .own(model) }
        if let layer = self[index].native as? LayerObject {
            throw Failure(
                .type, "`\(name)` needs a network; this is one layer", help: "sequential(\(layer.description))", argument: index)
        }
        if self[index].isObject(.function) {
            throw Failure(
                .type, "`\(name)` needs a network; this is a function", help: "model(f) makes a network of a function that calls layers",
                argument: index)
        }
        throw unexpected(index, "a network, or an object with a method `\(name)` or `forward`")
    }

    /// What `loss=` takes: a loss of the engine, or a function (y, ŷ) of the user's.
    func lossOrFunction(_ index: Int) throws(Failure) -> OwnLoss {
        guard let function = ownFunction(index) else { return .engine(try loss(index)) }
        return .function(function, name: interpreter.text(function.value, .print).functionName)
    }
}

extension String {
    /// A function's name out of what `print` writes of it, `<function f(y, ŷ)>`; nil for one that has none.
    var functionName: String? {
        guard hasPrefix("<function ") else { return nil }
        let name = dropFirst("<function ".count).prefix { $0 != "(" && $0 != ">" && $0 != " " }
        return name.isEmpty ? nil : String(name)
    }
}
