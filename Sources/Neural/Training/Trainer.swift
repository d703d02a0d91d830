import CKernels
import Diagnostics
import Tensors

/// Makes steps: one batch forward, its loss, backward, and the optimizer's step on each piece of the parameters as soon
/// as its gradient is there. Everything is allocated when it is made; a step allocates nothing.
///
/// Unsafe inside: pointers into the buffers below, whose extents are `batch` rows of each stage's width. While a step
/// runs, its threads write disjoint pieces between two barriers.
final class Trainer {
    let plan: Plan
    let kernels: Kernels
    let network: Network
    let head: Head
    let samples: Samples
    let targets: Targets
    let optimizer: Optimizer
    let threads: Int

    /// The rows of the greatest batch.
    let batch: Int
    private let parameters: UnsafeMutableRawPointer
    private let storage: Buffer
    /// A strip of gradient for each thread.
    private let gradients: Buffer
    private let work: Buffer
    /// In `work`: the batch's samples and targets, those of the next batch, and each stage's outputs and gradients by its
    /// sums.
    private(set) var x: UnsafeMutableRawPointer
    private(set) var t: UnsafeMutableRawPointer
    private var nextX: UnsafeMutableRawPointer
    private var nextT: UnsafeMutableRawPointer
    let outputs: [UnsafeMutableRawPointer]
    private let deltas: [UnsafeMutableRawPointer]
    /// Bytes of a strip.
    private let strip: Int
    private let losses: UnsafeMutablePointer<Double>
    private let stages: [Plan.Stage]

    // Of the step that is being made.
    private var start = 0
    private var rows = 0
    /// The batch to be gathered for the next step, and the one that has been.
    private var next: Range<Int>?
    private var gathered: Range<Int>?
    private var crowd = Crowd()
    private var scale = 0.0
    private var step: OptimizerStep
    private(set) var loss = 0.0
    private let indices: Buffer

    /// Fewer multiplications than this in a step are not worth waking a thread for.
    static let tiny = 1 << 17

    init(
        _ network: Network, _ samples: Samples, _ targets: Targets, head: Head, plan: Plan, optimizer: Optimizer, batch: Int,
        threads: Int
    ) throws(Failure) {
        guard let storage = network.storage else { throw Failure(.internal, "the network is not built") }
        self.network = network
        self.samples = samples
        self.targets = targets
        self.head = head
        self.plan = plan
        self.optimizer = optimizer
        self.batch = batch
        self.storage = storage
        kernels = Kernels(network.dtype)
        stages = plan.stages
        parameters = storage.bytes
        try optimizer.prepare(for: network)
        let size = kernels.size
        let widest = stages.map(\.units).max() ?? 1
        strip = (max(Trainer.stripLength, 16 * widest) * size + 127) & ~63
        let isTiny = Double(plan.work) * Double(batch) < Double(Trainer.tiny)
        self.threads = isTiny ? 1 : max(1, min(threads, Plan.mostParts))
        gradients = try Buffer(bytes: strip * self.threads, for: "the gradients")
        // Rows of one buffer never share a cache line with those of the next.
        func room(_ columns: Int) -> Int { (batch * columns * size + 127) & ~63 }
        var total = 2 * room(plan.inputs) + 2 * room(plan.outputs) + (batch * 8 + 127) & ~63
        for stage in stages { total += 2 * room(stage.units) }
        work = try Buffer(bytes: total, for: "the outputs of a batch of \(batch)")
        var next = work.bytes
        func take(_ bytes: Int) -> UnsafeMutableRawPointer {
            defer { next += bytes }
            return next
        }
        x = take(room(plan.inputs))
        t = take(room(plan.outputs))
        nextX = take(room(plan.inputs))
        nextT = take(room(plan.outputs))
        var outputs: [UnsafeMutableRawPointer] = [], deltas: [UnsafeMutableRawPointer] = []
        for stage in stages {
            outputs.append(take(room(stage.units)))
            deltas.append(take(room(stage.units)))
        }
        self.outputs = outputs
        self.deltas = deltas
        losses = take((batch * 8 + 127) & ~63).assumingMemoryBound(to: Double.self)
        indices = try Buffer(bytes: max(samples.count, 1) * 4, for: "the order of the samples")
        let order = indices.bytes.assumingMemoryBound(to: Int32.self)
        for row in 0..<samples.count { order[row] = Int32(truncatingIfNeeded: row) }
        step = optimizer.next(kernels)
        optimizer.undo()
    }

    /// The order in which samples are taken; it may be changed between epochs.
    var order: UnsafeMutableBufferPointer<Int32> {
        UnsafeMutableBufferPointer(start: indices.bytes.assumingMemoryBound(to: Int32.self), count: samples.count)
    }

    /// Trains on the samples at these places of the order, and gathers those of the next batch, where it is known, while
    /// threads wait for each other; gives the loss before the step. Where that is not finite the parameters stay as they
    /// are.
    func run(_ batch: Range<Int>, next: Range<Int>?) -> Double {
        start = batch.lowerBound
        rows = batch.count
        self.next = next
        if gathered == batch {
            swap(&x, &nextX)
            swap(&t, &nextT)
        } else {
            gathered = nil
        }
        scale = head.loss.scale(rows: rows, columns: plan.outputs)
        step = optimizer.next(kernels)
        if threads == 1 || crowd.isAlone {
            run(0, 1)
        } else {
            // The object outlives the call, which returns when all threads are done.
            nnb_pool_run(
                Int32(truncatingIfNeeded: threads),
                { context, thread, threads in
                    Unmanaged<Trainer>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.run(Int(thread), Int(threads)) }
                }, Unmanaged.passUnretained(self).toOpaque())
        }
        if threads > 1 { crowd.count() }
        gathered = next
        loss = total()
        if !loss.isFinite { optimizer.undo() }
        return loss
    }

    /// Every thread sums by itself, in the same order.
    private func total() -> Double {
        var sum = 0.0
        for row in 0..<rows { sum += losses[row] }
        return sum * scale
    }

    @inline(__always)
    private func meet(_ threads: Int) {
        if threads > 1 { nnb_pool_barrier(Int32(truncatingIfNeeded: threads)) }
    }

    private func run(_ thread: Int, _ threads: Int) {
        let before = nnb_flush_subnormals()
        defer { nnb_restore_subnormals(before) }
        if gathered == nil {
            gather(start, rows, thread, threads, x, t)
            meet(threads)
        }
        for stage in stages.indices {
            forward(stage, thread, threads)
            meet(threads)
        }
        guard total().isFinite else { return }
        for stage in stages.indices.reversed() { backward(stage, thread, threads) }
        if let next { gather(next.lowerBound, next.count, thread, threads, nextX, nextT) }
    }

    /// Rows divided among the threads: each is a copy, whoever makes it.
    private func gather(
        _ start: Int, _ rows: Int, _ thread: Int, _ threads: Int, _ x: UnsafeMutableRawPointer, _ t: UnsafeMutableRawPointer
    ) {
        let first = rows * thread / threads
        let count = rows * (thread + 1) / threads - first
        guard count > 0 else { return }
        let index = UnsafePointer(indices.bytes.assumingMemoryBound(to: Int32.self) + start + first)
        samples.gather(index, count, kernels, into: x + first * plan.inputs * kernels.size)
        targets.gather(index, count, kernels, into: t + first * plan.outputs * kernels.size, columns: plan.outputs)
    }

    @inline(__always)
    private func rowPiece(_ part: Int, _ parts: Int) -> (first: Int, count: Int) {
        let first = Plan.bound(part, of: parts, rows)
        return (first, Plan.bound(part + 1, of: parts, rows) - first)
    }

    private func forward(_ number: Int, _ thread: Int, _ threads: Int) {
        let stage = stages[number], size = kernels.size
        let input = number == 0 ? x : outputs[number - 1], output = outputs[number]
        let isLast = number == stages.count - 1
        if stage.columnParts > 1, let weights = stage.weights {
            for part in Plan.share(stage.columnParts, thread, threads) {
                let first = Plan.bound(part, of: stage.columnParts, stage.units)
                let width = Plan.bound(part + 1, of: stage.columnParts, stage.units) - first
                kernels.product(
                    rows, width, stage.inputs, input, stage.inputs, transposed: false,
                    parameters + weights + first * stage.inputs * size, width, transposed: false, output + first * size, stage.units)
                kernels.activate(
                    stage.activation, rows: rows, columns: width, stride: stage.units,
                    bias: stage.bias.map { UnsafeRawPointer(parameters + $0 + first * size) }, output + first * size)
            }
            return
        }
        let parts = Plan.rowParts(rows)
        for part in Plan.share(parts, thread, threads) {
            let (first, count) = rowPiece(part, parts)
            let y = output + first * stage.units * size
            if let weights = stage.weights {
                kernels.product(
                    count, stage.units, stage.inputs, input + first * stage.inputs * size, stage.inputs,
                    transposed: false, parameters + weights, stage.units, transposed: false, y, stage.units)
            } else {
                y.copyMemory(from: input + first * stage.inputs * size, byteCount: count * stage.units * size)
            }
            let bias = stage.bias.map { UnsafeRawPointer(parameters + $0) }
            if isLast {
                if bias != nil {
                    kernels.activate(.identity, rows: count, columns: stage.units, stride: stage.units, bias: bias, y)
                }
                head.run(
                    kernels, rows: count, columns: stage.units, z: y, targets: t + first * stage.units * size, scale: scale,
                    gradient: deltas[number] + first * stage.units * size, losses: losses + first)
            } else {
                kernels.activate(stage.activation, rows: count, columns: stage.units, stride: stage.units, bias: bias, y)
            }
        }
    }

    /// Given the gradient by the stage's sums: the one by the stage before it, then that of its own parameters, on which
    /// the optimizer's step is made at once.
    private func backward(_ number: Int, _ thread: Int, _ threads: Int) {
        let stage = stages[number]
        guard number > 0 else {
            train(stage, number, thread, threads, inputParts: stage.inputParts)
            return
        }
        let before = stages[number - 1]
        // Whoever computes some columns of the gradient by the inputs reads just those rows of W that he then changes.
        let isAligned = before.columnParts > 1 && stage.columnParts == 1 && stage.weights != nil
        if isAligned {
            for part in Plan.share(before.columnParts, thread, threads) {
                let first = Plan.bound(part, of: before.columnParts, before.units)
                let width = Plan.bound(part + 1, of: before.columnParts, before.units) - first
                pull(stage, number, rows: 0, rows, columns: first, width)
            }
            train(stage, number, thread, threads, inputParts: before.columnParts)
            // The first stage's columns are trained by whoever has just computed their gradients.
            if number > 1 { meet(threads) }
        } else {
            let parts = Plan.rowParts(rows)
            for part in Plan.share(parts, thread, threads) {
                let (first, count) = rowPiece(part, parts)
                pull(stage, number, rows: first, count, columns: 0, before.units)
            }
            meet(threads)
            train(stage, number, thread, threads, inputParts: stage.inputParts)
        }
    }

    /// A piece of the gradient by the sums of the stage before: (δ Wᵀ) ⊙ f'.
    private func pull(
        _ stage: Plan.Stage, _ number: Int, rows first: Int, _ count: Int, columns column: Int, _ width: Int
    ) {
        let size = kernels.size, before = stages[number - 1]
        let offset = (first * before.units + column) * size
        let target = deltas[number - 1] + offset
        let delta = deltas[number] + first * stage.units * size
        if let weights = stage.weights {
            kernels.product(
                count, width, stage.units, delta, stage.units, transposed: false, parameters + weights + column * stage.units * size,
                stage.units, transposed: true, target, before.units)
        } else {
            target.copyMemory(from: delta, byteCount: count * stage.units * size)
        }
        kernels.slope(
            before.activation, rows: count, columns: width, stride: before.units, y: outputs[number - 1] + offset, target)
    }

    private func train(_ stage: Plan.Stage, _ number: Int, _ thread: Int, _ threads: Int, inputParts: Int) {
        guard let weights = stage.weights else { return }
        if stage.columnParts > 1 {
            let size = kernels.size
            for part in Plan.share(stage.columnParts, thread, threads) {
                let first = Plan.bound(part, of: stage.columnParts, stage.units)
                let width = Plan.bound(part + 1, of: stage.columnParts, stage.units) - first
                train(
                    stage, number, weights + first * stage.inputs * size, inputs: 0, stage.inputs, columns: first, width,
                    thread)
                trainBias(stage, number, columns: first, width, thread)
            }
            return
        }
        for part in Plan.share(inputParts, thread, threads) {
            let first = Plan.bound(part, of: inputParts, stage.inputs)
            let count = Plan.bound(part + 1, of: inputParts, stage.inputs) - first
            train(stage, number, weights, inputs: first, count, columns: 0, stage.units, thread)
            if part == 0 { trainBias(stage, number, columns: 0, stage.units, thread) }
        }
    }

    /// The gradient xᵀ δ of a piece of W and the step on it, in strips that stay in the cache. The columns of the piece
    /// are all that its rows have.
    private func train(
        _ stage: Plan.Stage, _ number: Int, _ weights: Int, inputs first: Int, _ count: Int, columns column: Int,
        _ width: Int, _ thread: Int
    ) {
        let size = kernels.size
        let input = number == 0 ? x : outputs[number - 1], delta = deltas[number] + column * size
        let most = max(16, Trainer.stripLength / max(width, 1)), gradient = gradients.bytes + thread * strip
        var row = first
        while row < first + count {
            let height = min(most, first + count - row)
            let offset = weights + row * width * size
            kernels.product(
                height, width, rows, input + row * size, stage.inputs, transposed: true, delta, stage.units,
                transposed: false, gradient, width)
            step.apply(rows: height, columns: width, stride: width, x: parameters, g: gradient, byteOffset: offset)
            row += height
        }
    }

    /// Elements of a strip: a library's product is faster on large ones, and a strip, the averages and the parameters of
    /// a piece should fit into a core's cache together.
    static let stripLength = 25600

    private func trainBias(_ stage: Plan.Stage, _ number: Int, columns column: Int, _ width: Int, _ thread: Int) {
        guard let bias = stage.bias else { return }
        let size = kernels.size, gradient = gradients.bytes + thread * strip
        kernels.table.pointee.column_sums(rows, width, stage.units, deltas[number] + column * size, gradient)
        step.apply(rows: 1, columns: width, stride: width, x: parameters, g: gradient, byteOffset: bias + column * size)
    }
}
