import CKernels
import Diagnostics
import Tensors

/// A loss that somebody else measures and differentiates, for networks of built-in layers.
public protocol ExternalLoss: AnyObject {
    /// Before the first batch of each epoch.
    func begin()
    /// The loss of the outputs `[rows, width]` of the samples that `order` names; fills the gradient by them, in the same
    /// shape and type.
    func measure(
        _ order: UnsafeBufferPointer<Int32>, outputs: UnsafeRawPointer, gradient: UnsafeMutableRawPointer, width: Int,
        isDouble: Bool
    ) throws(Failure) -> Double
    /// The metrics of the batches since the epoch began.
    var measures: [(name: String, value: Double)] { get }
    /// Why the last loss or its gradient is not finite; what is wrong with the outputs already comes with it.
    func diagnosis(epoch: Int, batch: Int, outputs: Failure?) -> Failure
}

extension Training {
    /// `fit` with a loss that is measured elsewhere. The names of the history are given with it; `validate` measures after
    /// each epoch.
    public static func fit(
        _ network: Network, _ x: Tensor, _ options: Options, external: any ExternalLoss, history: inout History,
        generator: inout Generator, validate: (() throws(Failure) -> [(name: String, value: Double)])?,
        onEpoch: Observer? = nil, onBatch: Observer? = nil, isInterrupted: () -> Bool = { false }
    ) throws(Failure) {
        guard options.epochs >= 0 else { throw Failure(.value, "epochs must be 0 or more, not \(options.epochs)") }
        guard options.batchSize >= 1 else { throw Failure(.value, "batch_size must be 1 or more, not \(options.batchSize)") }
        let samples = try Samples(x, for: network)
        guard samples.count > 0 else { throw Failure(.value, "there are no samples to train on: X is \(Tensor.text(of: x.shape))") }
        try refuseUntrainable(network, .mse)
        network.penalty = options.penalty
        let optimizer: Optimizer
        if let given = options.optimizer { optimizer = given } else { optimizer = try Optimizer(.sgd) }
        // Of a copy: what layers draw does not change the order of the samples.
        var copy = generator
        let trainer = try Trainer(
            network, samples, nil, head: Head(.mse, network), optimizer: optimizer,
            batch: min(options.batchSize, samples.count), threads: options.threads ?? Int(nnb_pool_threads()),
            key: copy.next(), external: external)
        trainer.validation = validate
        defer { trainer.lookAhead(false) }
        try loop(
            trainer, options, history: &history, generator: &generator, onEpoch: onEpoch, onBatch: onBatch,
            isInterrupted: isInterrupted)
    }
}
