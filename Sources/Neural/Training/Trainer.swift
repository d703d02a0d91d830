import CKernels
import Diagnostics
import Tensors

/// Makes steps: one batch forward, its loss, backward, and the optimizer's step on each piece of the parameters as soon
/// as its gradient is there. A thread takes its part of the batch from the samples to the gradients by every layer's
/// outputs; then the threads meet, and each trains its pieces.
final class Trainer: Stepping {
    let executor: Executor
    let network: Network
    let head: Head
    let samples: Samples
    /// None where the loss is measured elsewhere.
    let targets: Targets?
    // Where both lie.
    private let rows: Rows
    private let places: TargetPlaces?
    /// A loss that the engine does not know.
    let external: (any ExternalLoss)?
    let optimizer: Optimizer

    private let work: Buffer
    /// The batch's targets, and the loss of each of its rows.
    let t: UnsafeMutableRawPointer
    private let losses: UnsafeMutablePointer<Double>
    /// Where the gradient is clipped by its length: all of it, and the sum of squares of each piece.
    private let gradients: Buffer?
    private let squares: UnsafeMutablePointer<Double>
    /// What each sample's loss counts; 1 where there are none.
    private let weights: [Double]?
    private let storage: Buffer
    private let indices: Buffer
    private let hasCost: Bool

    /// The metrics beside the loss.
    var meters: [Meter] = []
    var validation: (() throws(Failure) -> [(name: String, value: Double)])?

    // Of the step that is being made.
    private var start = 0
    private var crowd: Crowd
    private var scale = 0.0
    private var step: OptimizerStep
    private(set) var loss = 0.0
    private var keys: UInt64
    private let inputPieces: Int
    /// All steps, where none of them waits for others.
    private let allSteps: Range<Int>?
    // Of a sample.
    private let inputs: Int
    private let outputs: Int

    // The next batch is gathered, and the first stage begun with it, by whoever has just trained the rows of W that this
    // takes: no thread waits for another in between.
    private let runsAhead: Bool
    private let ahead: Buffer
    /// Where the samples of this batch lie, and those of the next one.
    private var x: UnsafeMutableRawPointer
    private var nextX: UnsafeMutableRawPointer
    private var isBegun = false
    private var begun: Range<Int>?
    private var next: Range<Int>?

    init(
        _ network: Network, _ samples: Samples, _ targets: Targets?, head: Head, optimizer: Optimizer, batch: Int,
        threads: Int, weights: [Double]? = nil, key: UInt64 = 0, external: (any ExternalLoss)? = nil
    ) throws(Failure) {
        guard let storage = network.storage else { throw Failure(.internal, "the network is not built") }
        self.network = network
        self.samples = samples
        self.targets = targets
        rows = samples.rows
        places = targets?.places
        self.external = external
        self.head = head
        self.optimizer = optimizer
        self.storage = storage
        self.weights = weights
        keys = key
        let plan = try network.plan()
        executor = try Executor(plan, storage: storage, network.dtype, batch: batch, threads: threads, isTraining: true,
            penalty: network.penalty)
        crowd = Crowd(threads: executor.threads)
        hasCost = network.hasCost
        executor.isTrainingPass = true
        if executor.segments.count == 1, case .rows(let range) = executor.segments[0] { allSteps = range } else { allSteps = nil }
        inputPieces = allSteps == nil ? 1 : executor.inputPieces
        inputs = plan.inputs
        outputs = plan.outputs
        runsAhead = inputPieces > 1 && external == nil && executor.trainsWhatItBegins
        ahead = try Buffer(
            bytes: runsAhead ? batch * plan.inputs * executor.kernels.size : 0, for: "the samples of a batch of \(batch)")
        x = executor.x
        nextX = ahead.bytes
        try optimizer.prepare(for: network)
        let targetBytes = (batch * plan.outputs * executor.kernels.size + 127) & ~63
        work = try Buffer(bytes: targetBytes + (batch * head.positions + executor.pieceCount) * 8, for: "the targets of a batch of \(batch)")
        t = work.bytes
        losses = (work.bytes + targetBytes).assumingMemoryBound(to: Double.self)
        squares = losses + batch * head.positions
        gradients = optimizer.clipNorm == nil
            ? nil : try Buffer(bytes: network.storageCount * network.dtype.size, for: "the gradients")
        indices = try Buffer(bytes: max(samples.count, 1) * 4, for: "the order of the samples")
        let order = indices.bytes.assumingMemoryBound(to: Int32.self)
        for row in 0..<samples.count { order[row] = Int32(truncatingIfNeeded: row) }
        step = optimizer.next(executor.kernels)
        optimizer.undo()
    }

    /// The order in which samples are taken; it may be changed between epochs.
    var order: UnsafeMutableBufferPointer<Int32> {
        UnsafeMutableBufferPointer(start: indices.bytes.assumingMemoryBound(to: Int32.self), count: samples.count)
    }

    /// The network's, where they lie.
    var parameters: UnsafeMutableRawPointer { storage.bytes }


    func begin() {
        begun = nil
        optimizer.beginEpoch()
        lookAhead(true)
        for index in meters.indices { meters[index].reset() }
        external?.begin()
    }

    /// Puts the parameters to where the optimizer takes the gradient, or back to where they are.
    func lookAhead(_ isAhead: Bool) {
        optimizer.lookAhead(isAhead, storage.bytes, count: network.storageCount, network.dtype)
    }

    func step(_ batch: Range<Int>) throws(Failure) -> Double {
        if let external { return try run(batch, external) }
        let loss = run(batch)
        if !meters.isEmpty, loss.isFinite, let last = executor.steps.last {
            for index in meters.indices {
                meters[index].add(
                    rows: batch.count * head.positions, outputs: last.y, targets: t, isDouble: executor.kernels.isDouble)
            }
        }
        return loss
    }

    var measures: [(name: String, value: Double)] { external?.measures ?? meters.map { ($0.metric.name, $0.value) } }

    func validate() throws(Failure) -> [(name: String, value: Double)]? {
        lookAhead(false)
        return try validation?()
    }

    func diagnosis(epoch: Int, batch: Int, samples: Range<Int>) -> Failure {
        let found = Diagnosis(trainer: self, epoch: epoch, batch: batch, start: samples.lowerBound, rows: samples.count)
        return external?.diagnosis(epoch: epoch, batch: batch, outputs: found.ofOutputs) ?? found.failure
    }

    /// Trains on the samples at these places of the order; gives the loss before the step. Where that is not finite the
    /// parameters stay as they are.
    func run(_ batch: Range<Int>) -> Double {
        start = batch.lowerBound
        executor.rows = batch.count
        keys &+= 0x9e37_79b9_7f4a_7c15
        executor.key = keys
        scale = head.scale(rows: batch.count)
        prepare()
        isBegun = begun == batch
        if isBegun { swap(&x, &nextX) }
        executor.input = UnsafeRawPointer(x)
        next = runsAhead && batch.upperBound < samples.count
            ? batch.upperBound..<min(batch.upperBound + executor.batch, samples.count) : nil
        // Of the parameters before the step, like the loss.
        let cost = hasCost ? network.cost : 0
        executor.run(alone: crowd.isAlone) { thread, threads in run(thread, threads) }
        crowd.count()
        begun = next
        loss = total() + cost
        if !loss.isFinite { optimizer.undo() }
        return loss
    }

    /// The same with a loss measured elsewhere: all rows forward, their loss, all rows backward.
    private func run(_ batch: Range<Int>, _ external: any ExternalLoss) throws(Failure) -> Double {
        guard let last = executor.steps.last, let dy = last.dy else { return .nan }
        start = batch.lowerBound
        executor.rows = batch.count
        keys &+= 0x9e37_79b9_7f4a_7c15
        executor.key = keys
        executor.run(alone: crowd.isAlone) { thread, threads in
            executor.forward(thread, threads) { gather($0) }
        }
        loss = try external.measure(
            UnsafeBufferPointer(start: index(0), count: batch.count), outputs: last.y, gradient: dy, width: last.width,
            isDouble: executor.kernels.isDouble)
        if hasCost { loss += network.cost }
        guard loss.isFinite else { return loss }
        prepare()
        executor.run(alone: crowd.isAlone) { thread, threads in
            executor.backward(thread, threads)
            executor.meet(threads)
            train(thread, threads)
        }
        crowd.count()
        return loss
    }

    /// What the optimizer does in this step.
    private func prepare() {
        step = optimizer.next(executor.kernels)
        if gradients != nil { for piece in 0..<executor.pieceCount { squares[piece] = 0 } }
    }

    /// Every thread sums by itself, in the same order.
    private func total() -> Double {
        var sum = 0.0
        for row in 0..<executor.rows * head.positions { sum += losses[row] }
        return sum * scale
    }

    private func run(_ thread: Int, _ threads: Int) {
        let byPieces = inputPieces > 1
        if byPieces, !isBegun {
            begin(start..<start + executor.rows, x, thread, threads)
            executor.meet(threads)
        }
        if let range = allSteps {
            let parts = executor.parts, last = range.upperBound - 1
            for number in Plan.share(parts, thread, threads) {
                let part = executor.part(number, of: parts, thread)
                gather(part, withSamples: !byPieces)
                for step in range {
                    if byPieces, step == 0 {
                        executor.forwardBegun(part, withActivation: step != last)
                    } else {
                        executor.forward(step, part, withActivation: step != last)
                    }
                }
                measure(part)
                for step in range.reversed() { executor.backward(step, part, withActivation: step != last) }
            }
        } else {
            executor.forward(thread, threads, withLastActivation: false) { gather($0) }
            let parts = executor.parts
            for number in Plan.share(parts, thread, threads) { measure(executor.part(number, of: parts, thread)) }
            executor.backward(thread, threads, withLastActivation: false)
        }
        executor.meet(threads)
        guard total().isFinite else { return }
        train(thread, threads)
        if let next { begin(next, nextX, thread, threads) }
    }

    /// The optimizer's step on the pieces that fall to a thread.
    private func train(_ thread: Int, _ threads: Int) {
        guard let gradients, let clipNorm = optimizer.clipNorm else {
            return executor.train(thread, threads, .step(step, parameters: storage.bytes))
        }
        // The length of the gradient is known when all of it is.
        executor.train(
            thread, threads, .collect(gradients.bytes, step, parameters: storage.bytes, squares: squares))
        executor.meet(threads)
        var sum = 0.0
        for piece in 0..<executor.pieceCount { sum += squares[piece] }
        let length = sum.squareRoot()
        executor.apply(
            step, thread, threads, gradients: gradients.bytes, factor: length > clipNorm ? clipNorm / length : 1)
    }

    private func index(_ first: Int) -> UnsafePointer<Int32> {
        UnsafePointer(indices.bytes.assumingMemoryBound(to: Int32.self) + start + first)
    }

    /// A thread's pieces of the inputs of all rows of a batch, and what the first stage makes of them.
    private func begin(_ batch: Range<Int>, _ x: UnsafeMutableRawPointer, _ thread: Int, _ threads: Int) {
        let order = UnsafePointer(indices.bytes.assumingMemoryBound(to: Int32.self) + batch.lowerBound)
        places?.fetch(order, Plan.rows(of: thread, threads, batch.count))
        let part = Part(
            rows: 0..<batch.count, number: 0, count: 1, thread: thread, isTraining: true, total: batch.count,
            key: executor.key)
        executor.with(0) { step in
            for piece in Plan.share(inputPieces, thread, threads) {
                guard let columns = step.stage?.columns(ofInputPiece: piece) else { return }
                rows.gather(order, batch.count, columns: columns, executor.kernels, into: x)
                step.stage?.begin(piece, part, x: x)
            }
        }
    }

    private func gather(_ part: Part, withSamples: Bool = true) {
        let first = part.rows.lowerBound, count = part.rows.count
        let kernels = executor.kernels
        if withSamples { rows.gather(index(first), count, kernels, into: x + first * inputs * kernels.size) }
        places?.gather(index(first), count, kernels, into: t + first * outputs * kernels.size, columns: outputs)
    }

    /// The losses of a part's rows, and the gradient by the last step's sums.
    private func measure(_ part: Part) {
        executor.with(executor.steps.count - 1) { measure($0, part) }
    }

    private func measure(_ last: Executor.Step, _ part: Part) {
        let offset = part.rows.lowerBound * last.width * executor.kernels.size
        head.run(
            executor.kernels, rows: part.rows.count, z: last.y + offset, targets: t + offset, scale: scale,
            gradient: last.dy.map { $0 + offset }, losses: losses + part.rows.lowerBound * head.positions,
            slopes: last.slopes.map { $0 + offset }, key: executor.key(of: executor.steps.count - 1),
            first: part.rows.lowerBound * last.width)
        guard let weights else { return }
        let order = index(0)
        for row in part.rows {
            let weight = weights[Int(order[row])]
            for position in 0..<head.positions { losses[row * head.positions + position] *= weight }
            if let dy = last.dy {
                executor.kernels.table.pointee.scale(last.width, weight, dy + row * last.width * executor.kernels.size)
            }
        }
    }
}
