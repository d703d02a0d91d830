import Diagnostics
import Tensors

/// What a training loop drives: makes a step on a batch and measures. The engine's trainer is one; whoever trains in
/// another way gives another.
public protocol Stepping: AnyObject {
    /// The order in which samples are taken; the loop shuffles it before each epoch.
    var order: UnsafeMutableBufferPointer<Int32> { get }
    /// Before the first batch of each epoch.
    func begin()
    /// Trains on the samples at these places of the order; gives the loss before the step. Where that is not finite the
    /// parameters stay as they are.
    func step(_ batch: Range<Int>) throws(Failure) -> Double
    /// The metrics of the batches since the epoch began.
    var measures: [(name: String, value: Double)] { get }
    /// The loss and metrics of the validation, where there is one.
    func validate() throws(Failure) -> [(name: String, value: Double)]?
    /// Why the loss of the last step is not finite.
    func diagnosis(epoch: Int, batch: Int, samples: Range<Int>) -> Failure
}

extension Training {
    /// Goes through the samples, epoch by epoch and batch by batch. `history` has the names of what will be measured.
    public static func loop(
        _ stepper: some Stepping, _ options: Options, history: inout History, generator: inout Generator,
        onEpoch: Observer? = nil, onBatch: Observer? = nil, isInterrupted: () -> Bool = { false }
    ) throws(Failure) {
        let count = stepper.order.count
        let batchSize = min(options.batchSize, count)
        let batches = (count + batchSize - 1) / max(batchSize, 1)
        history.values = Array(repeating: [], count: history.names.count)
        for epoch in stride(from: 1, through: options.epochs, by: 1) {
            if options.shuffle { shuffle(stepper.order, &generator) }
            stepper.begin()
            var sum = 0.0
            for batch in 0..<batches {
                if isInterrupted() {
                    throw Failure(
                        .interrupt, "interrupted in epoch \(epoch), batch \(batch + 1): the network is as after the batch before")
                }
                let start = batch * batchSize
                let range = start..<min(start + batchSize, count)
                let loss = try stepper.step(range)
                guard loss.isFinite else { throw stepper.diagnosis(epoch: epoch, batch: batch + 1, samples: range) }
                sum += options.loss.isSum ? loss : loss * Double(range.count)
                if let onBatch {
                    let measures = [(name: "loss", value: options.loss.isSum ? sum : sum / Double(range.upperBound))] + stepper.measures
                    let goesOn = try onBatch(
                        Progress(epoch: epoch, epochs: options.epochs, batch: batch + 1, batches: batches, measures: measures))
                    if !goesOn { return }
                }
            }
            var measured = [(name: "loss", value: options.loss.isSum ? sum : sum / Double(count))] + stepper.measures
            if let values = try stepper.validate() {
                if let loss = values.first?.value, !loss.isFinite, let validation = options.validation {
                    try refuseNaN(validation.x, "X", epoch: epoch)
                    try refuseNaN(validation.y, "y", epoch: epoch)
                }
                measured += values.map { (name: "val_" + $0.name, value: $0.value) }
            }
            for (index, measure) in measured.enumerated() where index < history.values.count {
                history.values[index].append(measure.value)
            }
            if let onEpoch {
                let goesOn = try onEpoch(
                    Progress(epoch: epoch, epochs: options.epochs, batch: batches, batches: batches, measures: measured))
                if !goesOn { break }
            }
        }
    }

    private static func refuseNaN(_ tensor: Tensor, _ name: String, epoch: Int) throws(Failure) {
        guard let place = (0..<tensor.count).first(where: { !tensor.block.number(at: $0).isFinite }) else { return }
        let sample = place / max(1, tensor.count / max(1, tensor.shape.first ?? 1))
        throw Failure(
            .numerics,
            "val_loss is not finite after epoch \(epoch): \(name) of the validation holds \(NumberText.plain(tensor.block.number(at: place))) in sample \(sample)",
            help: "take out or fill such samples first")
    }

    /// Fisher and Yates.
    private static func shuffle(_ order: UnsafeMutableBufferPointer<Int32>, _ generator: inout Generator) {
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(index, generator.integer(below: index + 1))
        }
    }
}
