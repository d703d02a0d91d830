import CKernels
import Diagnostics
import Tensors

/// Training and evaluating networks.
public enum Training {
    /// How to train. The defaults are those of `fit`.
    public struct Options {
        public var loss: Loss = .mse
        /// `sgd(0.01)` where none is given.
        public var optimizer: Optimizer?
        public var epochs = 1
        public var batchSize = 32
        public var shuffle = true
        public var validation: (x: Tensor, y: Tensor)?
        public var metrics: [Metric] = []
        /// What all weights cost (parameters of two axes or more, so not biases), beside what their layers say.
        public var penalty: Penalty?
        /// What a sample's loss counts, by its class and by itself; both are multiplied.
        public var classWeight: ClassWeight?
        public var sampleWeight: Tensor?
        /// Threads at most; the machine's where none is given. The results are the same with any number.
        public var threads: Int?

        public init() {}
    }

    /// Where a `fit` stands, for progress bars and callbacks. Epochs and batches count from 1.
    public struct Progress {
        public let epoch: Int
        public let epochs: Int
        public let batch: Int
        public let batches: Int
        /// The means since the epoch began, and at its end the measures of the validation too.
        public let measures: [(name: String, value: Double)]
    }

    /// Called with the progress; false ends the training after what has been done.
    public typealias Observer = (Progress) throws(Failure) -> Bool

    /// Trains the network on samples X `[n, …]` and their targets.
    ///
    /// Targets are `[n] + outputShape`, `[n]` for one output, or classes `[n]` with crossentropy. The loss and metrics of
    /// an epoch are the means over its batches, each taken before the batch's step, as Keras has them; those of the
    /// validation are taken after the epoch. A second `fit` goes on from the weights, and from the optimizer's state if
    /// it is the same optimizer.
    ///
    /// - generator: shuffles the samples at the beginning of each epoch.
    /// - onEpoch, onBatch: called after each; `onBatch` costs nothing where it is not given.
    /// - isInterrupted: asked between batches; the network stays as after the last batch.
    /// - Throws: disagreements of shape and of loss and last layer before the first batch; a loss that became NaN or
    ///   infinite, with the reason, the network as it was before that batch.
    @discardableResult
    public static func fit(
        _ network: Network, _ x: Tensor, _ y: Tensor, _ options: Options = Options(), generator: inout Generator,
        onEpoch: Observer? = nil, onBatch: Observer? = nil, isInterrupted: () -> Bool = { false }
    ) throws(Failure) -> History {
        guard options.epochs >= 0 else { throw Failure(.value, "epochs must be 0 or more, not \(options.epochs)") }
        guard options.batchSize >= 1 else { throw Failure(.value, "batch_size must be 1 or more, not \(options.batchSize)") }
        let samples = try Samples(x, for: network)
        guard samples.count > 0 else { throw Failure(.value, "there are no samples to train on: X is \(Tensor.text(of: x.shape))") }
        let (head, targets) = try prepare(network, samples, y, options.loss)
        try refuseUntrainable(network, options.loss)
        let optimizer: Optimizer
        if let given = options.optimizer { optimizer = given } else { optimizer = try Optimizer(.sgd) }
        var meters: [Meter] = []
        for metric in options.metrics {
            meters.append(try Meter(metric, columns: head.columns, activation: head.activation, targets: targets, loss: head.loss))
        }
        let validation = try options.validation.map { given throws(Failure) in
            let samples = try Samples(given.x, for: network)
            guard samples.count > 0 else { throw Failure(.value, "there are no samples to validate on") }
            return (samples, try Targets(given.y, outputShape: network.outputShape ?? [], samples: samples.count, loss: options.loss))
        }
        let names = ["loss"] + options.metrics.map(\.name)
        var history = History(
            names: validation == nil ? names : names + names.map { "val_" + $0 }, optimizer: optimizer,
            loss: options.loss.name, batchSize: options.batchSize, samples: samples.count)
        network.loss = options.loss
        network.penalty = options.penalty
        // Of a copy: what layers draw does not change the order of the samples.
        var copy = generator
        let key = copy.next()
        let trainer = try Trainer(
            network, samples, targets, head: head, optimizer: optimizer, batch: min(options.batchSize, samples.count),
            threads: options.threads ?? Int(nnb_pool_threads()),
            weights: SampleWeights.of(samples.count, options.classWeight, options.sampleWeight, targets), key: key)
        defer { trainer.lookAhead(false) }
        trainer.meters = meters
        trainer.validation = validation.map { (samples, targets) in
            { () throws(Failure) in try evaluate(network, samples, targets, head, options.metrics) }
        }
        try loop(
            trainer, options, history: &history, generator: &generator, onEpoch: onEpoch, onBatch: onBatch,
            isInterrupted: isInterrupted)
        return history
    }

    /// The loss and the metrics on samples, by name. Without a loss that of the last `fit` is taken, mse before the first.
    public static func evaluate(
        _ network: Network, _ x: Tensor, _ y: Tensor, loss: Loss? = nil, metrics: [Metric] = []
    ) throws(Failure) -> [(name: String, value: Double)] {
        let samples = try Samples(x, for: network)
        guard samples.count > 0 else { throw Failure(.value, "there are no samples: X is \(Tensor.text(of: x.shape))") }
        let (head, targets) = try prepare(network, samples, y, loss ?? network.loss ?? .mse)
        return try evaluate(network, samples, targets, head, metrics)
    }

    private static func prepare(
        _ network: Network, _ samples: Samples, _ y: Tensor, _ loss: Loss
    ) throws(Failure) -> (Head, Targets) {
        let head = try Head(loss, network)
        let targets = try Targets(y, outputShape: network.outputShape ?? [], samples: samples.count, loss: loss)
        return (head, targets)
    }

    static func refuseUntrainable(_ network: Network, _ loss: Loss) throws(Failure) {
        guard loss.isTrainable else {
            throw Failure(
                .value, "the derivative of \(loss.name) is 0, so nothing can be learned by it",
                help: "train with perceptron_loss or hinge, and give \(loss.name) to evaluate")
        }
        let nodes = try network.plan().nodes
        guard nodes.contains(where: { $0.slots.contains { $0.description.isTrained } }) else {
            throw Failure(.value, "the network has nothing to train", help: "give it a dense layer")
        }
        for node in nodes where !node.activation.record.isTrainable {
            throw Failure(
                .value,
                "layer \(node.position) (\(network.layers[node.position].layer.title)): the derivative of \(node.activation.name) is 0, so nothing can be learned through it",
                help: node.activation.record.range == .unit ? "take sigmoid, or the perceptron's rule" : "take tanh, or the perceptron's rule")
        }
    }

    private static func evaluate(
        _ network: Network, _ samples: Samples, _ targets: Targets, _ head: Head, _ metrics: [Metric]
    ) throws(Failure) -> [(name: String, value: Double)] {
        let (outputs, loss) = try Forward.evaluate(network, samples, targets, head: head)
        let columns = head.columns
        var measured = [(name: "loss", value: loss + network.cost)]
        guard !metrics.isEmpty else { return measured }
        let kernels = Kernels(network.dtype)
        let all = head.columns * head.positions
        let rows = try Tensor(uninitialized: [samples.count, all], network.dtype)
        targets.gather(Targets.all(samples.count), kernels, into: rows.block.data, columns: all)
        for metric in metrics {
            var meter = try Meter(metric, columns: columns, activation: head.activation, targets: targets, loss: head.loss)
            meter.add(
                rows: samples.count * head.positions, outputs: outputs.block.data, targets: rows.block.data, isDouble: kernels.isDouble)
            measured.append((name: metric.name, value: meter.value))
        }
        return measured
    }
}

extension Network {
    /// The outputs for samples X `[n, …]`, or for one sample, which has an axis fewer and gives one output.
    public func predict(_ x: Tensor) throws(Failure) -> Tensor {
        if let inputShape, x.shape == inputShape || x.shape + [1] == inputShape, x.rank > 0 {
            // `[1]` is one sample of one number as well as a batch of one: the same number either way.
            let one = try Shaping.reshape(x, [1] + inputShape)
            return try Shaping.reshape(Forward.predict(self, one), outputShape ?? [])
        }
        return try Forward.predict(self, x)
    }
}
