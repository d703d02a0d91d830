import CKernels
import Diagnostics
import Tensors

/// A plan at work for batches of at most so many rows: the stages, and the memory for what they give. Everything is
/// allocated when it is made; a step allocates nothing.
///
/// Unsafe inside: pointers into the buffers below, whose extents are `batch` rows of each node's width. Threads write
/// disjoint rows in a pass, and disjoint pieces in training, with a barrier between the two.
final class Executor {
    let plan: Plan
    let kernels: Kernels
    let batch: Int
    let threads: Int
    let isTraining: Bool
    let steps: [Step]
    private let stepTable: Buffer
    let segments: [Segment]
    /// Room for samples; `input` is what the first steps read, this or another place.
    let x: UnsafeMutableRawPointer
    var input: UnsafeRawPointer
    /// The gradient by the samples, where it was asked for.
    let inputGradient: UnsafeMutableRawPointer?
    private let work: Buffer
    private let places: Buffer
    private let storage: Buffer
    /// Which pieces each thread trains, for each number of threads.
    private let shares: [[[Share]]]
    /// All pieces of the parameters.
    let pieceCount: Int

    // Of the pass that is being made.
    var rows = 0
    var isTrainingPass = false
    var key: UInt64 = 0

    /// Fewer multiplications than this in a step are not worth waking a thread for.
    static let tiny = 1 << 17

    init(
        _ plan: Plan, storage: Buffer, _ dtype: DType, batch: Int, threads: Int, isTraining: Bool,
        wantsInputGradient: Bool = false, penalty: Penalty? = nil
    ) throws(Failure) {
        self.plan = plan
        self.batch = batch
        self.storage = storage
        self.isTraining = isTraining
        kernels = Kernels(dtype)
        let isTiny = Double(plan.work) * Double(batch) < Double(Executor.tiny)
        let parts = plan.parts(batch)
        self.threads = isTiny ? 1 : max(1, min(threads, Plan.mostParts, parts))
        let size = kernels.size
        // Rows of one buffer never share a cache line with those of the next.
        func room(_ columns: Int) throws(Failure) -> Int {
            let (count, overflow) = batch.multipliedReportingOverflow(by: columns)
            guard !overflow, count < 1 << 40 else {
                throw Failure(.memory, "the outputs of a batch of \(batch) are too large", help: "take a smaller batch_size")
            }
            return (count * size + 127) & ~63
        }
        // How many steps take a node's outputs, the input's last.
        var takers = [Int](repeating: 0, count: plan.nodes.count + 1)
        var total = try room(plan.inputs) * 2
        for node in plan.nodes {
            total += try room(node.width) * (isTraining ? node.activation.keepsSlope ? 3 : 2 : 1)
            for source in node.sources { takers[source < 0 ? plan.nodes.count : source] += 1 }
        }
        for count in takers where count > 1 && isTraining {
            total += (count - 1) * (try room(max(plan.inputs, plan.nodes.map(\.width).max() ?? 0)))
        }
        work = try Buffer(bytes: total, for: "the outputs of a batch of \(batch)")
        var next = work.bytes
        func take(_ bytes: Int) -> UnsafeMutableRawPointer {
            defer { next += bytes }
            return next
        }
        x = take(try room(plan.inputs))
        input = UnsafeRawPointer(x)
        let inputGradient = wantsInputGradient ? take(try room(plan.inputs)) : nil
        self.inputGradient = inputGradient
        var outputs: [Outputs] = []
        for node in plan.nodes {
            let bytes = try room(node.width)
            outputs.append(
                Outputs(
                    y: take(bytes), dy: isTraining ? take(bytes) : nil,
                    slopes: isTraining && node.activation.keepsSlope ? take(bytes) : nil))
        }
        // Backward the last taker of a node's outputs comes first: it writes the gradient, the others add to it.
        var isWritten = [Bool](repeating: false, count: takers.count)
        var sources = [[Source]](repeating: [], count: plan.nodes.count)
        for number in plan.nodes.indices.reversed() {
            for source in plan.nodes[number].sources {
                let width = source < 0 ? plan.inputs : plan.nodes[source].width
                let target = source < 0 ? inputGradient : outputs[source].dy
                let index = source < 0 ? plan.nodes.count : source
                let isFirst = !isWritten[index]
                isWritten[index] = true
                let space = isFirst || target == nil ? target : take(try room(width))
                sources[number].append(Source(node: source, width: width, dx: space, addedTo: isFirst ? nil : target))
            }
        }
        let slots = plan.nodes.reduce(0) { $0 + $1.slots.count }
        places = try Buffer(bytes: max(1, slots) * MemoryLayout<Update.Place>.stride, for: "the parameters")
        var place = places.bytes.bindMemory(to: Update.Place.self, capacity: max(1, slots))
        var steps: [Step] = []
        for (number, node) in plan.nodes.enumerated() {
            var stage: (any Stage)?, joined: [Int] = []
            switch node.work {
            case .stage(let layer):
                let context = StageContext(
                    dtype: dtype, input: node.inputShape, output: node.shape, batch: batch, parts: parts,
                    threads: self.threads, parameters: node.slots.map { storage.bytes + $0.offset * size }, number: number,
                    isTraining: isTraining)
                stage = try layer.stage(context)
            case .sum: break
            case .join(let widths): joined = widths
            }
            steps.append(
                Step(
                    node, outputs[number], sources: sources[number], stage: stage, joined: joined,
                    places: UnsafeBufferPointer(start: place, count: node.slots.count)))
            for slot in node.slots {
                place.initialize(to: Update.Place(offset: slot.offset, count: slot.description.count, cost: slot.description.cost(penalty)))
                place += 1
            }
        }
        self.steps = steps
        stepTable = try Buffer(bytes: max(1, steps.count) * MemoryLayout<Unmanaged<Step>>.stride, for: "the steps")
        let table = stepTable.bytes.bindMemory(to: Unmanaged<Step>.self, capacity: steps.count)
        for (number, step) in steps.enumerated() { (table + number).initialize(to: .passUnretained(step)) }
        segments = Executor.segments(steps, isTraining: isTraining)
        let all = isTraining ? (1...max(1, self.threads)).map { Share.shares(plan, steps, threads: $0) } : []
        shares = all
        pieceCount = all.isEmpty ? 0 : all[0][0].count
    }

    private static func segments(_ steps: [Step], isTraining: Bool) -> [Segment] {
        var segments: [Segment] = [], first = 0
        for number in steps.indices where isTraining && steps[number].stage?.needsWholeBatch == true {
            if first < number { segments.append(.rows(first..<number)) }
            segments.append(.whole(number))
            first = number + 1
        }
        if first < steps.count { segments.append(.rows(first..<steps.count)) }
        return segments
    }

    /// Pieces of the inputs with which the first stage can begin, if that is possible and worth while.
    var inputPieces: Int {
        guard let step = steps.first, let stage = step.stage, step.sources.first?.node == -1, case .rows = segments[0],
            steps.dropFirst().allSatisfy({ step in step.sources.allSatisfy { $0.node >= 0 } })
        else { return 1 }
        return stage.inputPieces
    }

    /// Whether each thread trains just those rows of the first stage's W by which it begins: of both there are equal
    /// pieces, and the threads' shares end at the same rows.
    var trainsWhatItBegins: Bool {
        guard let stage = steps.first?.stage, stage.pieces % max(stage.inputPieces, 1) == 0 else { return false }
        return (0..<threads).allSatisfy { thread in
            let begun = Plan.share(stage.inputPieces, thread, threads), trained = Plan.share(stage.pieces, thread, threads)
            return begun.lowerBound * stage.pieces == trained.lowerBound * stage.inputPieces
                && begun.upperBound * stage.pieces == trained.upperBound * stage.inputPieces
        }
    }

    /// The first stage's outputs from its pieces, of which there are several.
    func forwardBegun(_ part: Part, withActivation: Bool) {
        with(0) { step in
            step.stage?.forwardBegun(part, y: step.y)
            finish(step, 0, part, step.y + part.rows.lowerBound * step.width * kernels.size, withActivation, bias: nil)
        }
    }

    /// A step, to which no references are counted: threads that did so would take the count from each other at each use.
    @inline(__always)
    func with<R>(_ number: Int, _ body: (Step) -> R) -> R {
        // Within bounds: numbers come from the steps' indices.
        stepTable.bytes.assumingMemoryBound(to: Unmanaged<Step>.self)[number]._withUnsafeGuaranteedRef(body)
    }

    // MARK: a pass

    var parts: Int { plan.parts(rows) }

    @inline(__always)
    func part(_ number: Int, of parts: Int, _ thread: Int) -> Part {
        Part(
            rows: Plan.rows(of: number, parts, rows), number: number, count: parts, thread: thread,
            isTraining: isTrainingPass, total: rows, key: key)
    }

    @inline(__always)
    func whole(_ thread: Int, _ number: Int = 0) -> Part {
        Part(
            rows: 0..<rows, number: number, count: 1, thread: thread, isTraining: isTrainingPass, total: rows, key: key)
    }

    @inline(__always)
    private func x(of source: Source) -> UnsafeRawPointer {
        source.node < 0 ? input : UnsafeRawPointer(steps[source.node].y)
    }

    /// The outputs of a step for some rows; `withActivation` is false where the head does the rest itself.
    func forward(_ number: Int, _ part: Part, withActivation: Bool = true) {
        with(number) { forward($0, number, part, withActivation) }
    }

    private func forward(_ step: Step, _ number: Int, _ part: Part, _ withActivation: Bool) {
        let size = kernels.size, row = step.width * size
        let y = step.y + part.rows.lowerBound * row
        if step.hasStage {
            step.stage?.forward(part, x: x(of: step.sources[0]), y: step.y)
        } else if step.joined.isEmpty {
            for (index, source) in step.sources.enumerated() {
                let x = x(of: source) + part.rows.lowerBound * row
                if index == 0 {
                    y.copyMemory(from: x, byteCount: part.rows.count * row)
                } else {
                    kernels.add(part.rows.count * step.width, x, to: y)
                }
            }
        } else {
            eachRun(step, part) { source, run, bytes, place in
                (step.y + place).copyMemory(from: x(of: step.sources[source]) + run, byteCount: bytes)
            }
        }
        finish(step, number, part, y, withActivation, bias: step.stage?.bias)
    }

    /// A step's key for what it draws itself.
    func key(of number: Int) -> UInt64 { key &+ UInt64(truncatingIfNeeded: number) &* 0xd1b5_4a32_d192_ed03 }

    @inline(__always)
    private func finish(
        _ step: Step, _ number: Int, _ part: Part, _ y: UnsafeMutableRawPointer, _ withActivation: Bool, bias: UnsafeRawPointer?
    ) {
        let activation = withActivation ? step.activation : .identity
        guard bias != nil || !activation.isIdentity else { return }
        kernels.activate(
            activation, rows: part.rows.count * step.width / step.columns, columns: step.columns, stride: step.columns,
            bias: bias, y, slopes: step.slopes.map { $0 + part.rows.lowerBound * step.width * kernels.size },
            isTraining: isTrainingPass, key: key(of: number), first: part.rows.lowerBound * step.width)
    }

    /// The gradients by the sources from that by the outputs, which becomes the one before the activation.
    func backward(_ number: Int, _ part: Part, withActivation: Bool = true) {
        with(number) { backward($0, part, withActivation) }
    }

    private func backward(_ step: Step, _ part: Part, _ withActivation: Bool) {
        let size = kernels.size, row = step.width * size
        guard let dy = step.dy else { return }
        let start = part.rows.lowerBound * row
        if withActivation, !step.activation.isIdentity {
            kernels.slope(
                step.activation, rows: part.rows.count * step.width / step.columns, columns: step.columns,
                stride: step.columns, y: step.y + start, dy + start, slopes: step.slopes.map { $0 + start })
        }
        if step.hasStage {
            let source = step.sources[0]
            step.stage?.backward(part, x: x(of: source), y: step.y, dy: dy, dx: source.dx)
        } else if step.joined.isEmpty {
            for source in step.sources {
                source.dx.map { ($0 + start).copyMemory(from: dy + start, byteCount: part.rows.count * row) }
            }
        } else {
            eachRun(step, part) { source, run, bytes, place in
                step.sources[source].dx.map { ($0 + run).copyMemory(from: dy + place, byteCount: bytes) }
            }
        }
        for source in step.sources {
            guard let target = source.addedTo, let dx = source.dx else { continue }
            let start = part.rows.lowerBound * source.width * size
            kernels.add(part.rows.count * source.width, dx + start, to: target + start)
        }
    }

    /// The runs of bytes that a join puts side by side.
    private func eachRun(_ step: Step, _ part: Part, _ body: (_ source: Int, _ run: Int, _ bytes: Int, _ place: Int) -> Void) {
        let size = kernels.size, groups = step.width / step.columns
        for group in part.rows.lowerBound * groups..<part.rows.upperBound * groups {
            var column = 0
            for (source, width) in step.joined.enumerated() {
                body(source, group * width * size, width * size, (group * step.columns + column) * size)
                column += width
            }
        }
    }

    /// The gradient of the pieces that fall to a thread.
    func train(_ thread: Int, _ threads: Int, _ way: Update.Way) {
        let batch = Part(
            rows: 0..<rows, number: 0, count: parts, thread: thread, isTraining: isTrainingPass, total: rows, key: key)
        guard shares.indices.contains(threads - 1) else { return }
        // By their places: a loop over them would count a reference to the list.
        for place in 0..<shares[threads - 1][thread].count {
            let share = shares[threads - 1][thread][place]
            with(share.step) { step in
                guard let dy = step.dy else { return }
                step.stage?.train(
                    share.piece, batch, x: x(of: step.sources[0]), y: step.y, dy: dy,
                    update: Update(places: step.places, way: way, kernels: kernels, piece: share.number))
            }
        }
    }

    /// A step with stored gradients times `factor`, on a thread's share of each parameter.
    func apply(_ step: OptimizerStep, _ thread: Int, _ threads: Int, gradients: UnsafeMutableRawPointer, factor: Double) {
        for node in plan.nodes {
            for slot in node.slots where slot.description.isTrained {
                let all = slot.description.count
                let first = all * thread / threads & ~15, end = thread + 1 == threads ? all : all * (thread + 1) / threads & ~15
                let offset = (slot.offset + first) * kernels.size
                if factor != 1 { kernels.table.pointee.scale(end - first, factor, gradients + offset) }
                step.apply(
                    rows: 1, columns: end - first, stride: end - first, x: storage.bytes, g: gradients + offset,
                    byteOffset: offset)
            }
        }
    }

    // MARK: threads

    /// Runs a body on the executor's threads, or on one.
    @inline(__always)
    func run(alone: Bool = false, _ body: (_ thread: Int, _ threads: Int) -> Void) {
        if threads == 1 || alone {
            let before = nnb_flush_subnormals()
            body(0, 1)
            nnb_restore_subnormals(before)
            return
        }
        withoutActuallyEscaping(body) { body in
            // The closure outlives the call, which returns when all threads are done.
            var call = body
            withUnsafeMutablePointer(to: &call) { pointer in
                nnb_pool_run(
                    Int32(truncatingIfNeeded: threads),
                    { context, thread, threads in
                        let before = nnb_flush_subnormals()
                        context.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(Int(thread), Int(threads))
                        nnb_restore_subnormals(before)
                    }, pointer)
            }
        }
    }

    @inline(__always)
    func meet(_ threads: Int) {
        if threads > 1 { nnb_pool_barrier(Int32(truncatingIfNeeded: threads)) }
    }

    /// All steps for all rows: what each thread does.
    func forward(_ thread: Int, _ threads: Int, withLastActivation: Bool = true, from start: (Part) -> Void = { _ in }) {
        let parts = parts, last = steps.count - 1
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .rows(let range):
                for number in Plan.share(parts, thread, threads) {
                    let part = part(number, of: parts, thread)
                    if index == 0 { start(part) }
                    for step in range { forward(step, part, withActivation: step != last || withLastActivation) }
                }
            case .whole(let step):
                if index == 0 {
                    for number in Plan.share(parts, thread, threads) { start(part(number, of: parts, thread)) }
                }
                wholeForward(step, thread, threads, withActivation: step != last || withLastActivation)
            }
        }
    }

    func wholeForward(_ number: Int, _ thread: Int, _ threads: Int, withActivation: Bool) {
        meet(threads)
        let step = steps[number]
        guard let stage = step.stage else { return }
        let pieces = stage.wholePieces
        for piece in Plan.share(pieces, thread, threads) {
            stage.forward(whole(thread, piece), x: x(of: step.sources[0]), y: step.y)
        }
        meet(threads)
        let parts = parts
        for index in Plan.share(parts, thread, threads) {
            let part = part(index, of: parts, thread)
            finish(
                step, number, part, step.y + part.rows.lowerBound * step.width * kernels.size, withActivation,
                bias: step.stage?.bias)
        }
    }

    func wholeBackward(_ number: Int, _ thread: Int, _ threads: Int, withActivation: Bool) {
        let step = steps[number], size = kernels.size
        guard let stage = step.stage, let dy = step.dy else { return }
        let parts = parts
        if withActivation, !step.activation.isIdentity {
            for index in Plan.share(parts, thread, threads) {
                let part = part(index, of: parts, thread), start = part.rows.lowerBound * step.width * size
                kernels.slope(
                    step.activation, rows: part.rows.count * step.width / step.columns, columns: step.columns,
                    stride: step.columns, y: step.y + start, dy + start, slopes: step.slopes.map { $0 + start })
            }
        }
        meet(threads)
        let source = step.sources[0]
        for piece in Plan.share(stage.wholePieces, thread, threads) {
            stage.backward(whole(thread, piece), x: x(of: source), y: step.y, dy: dy, dx: source.dx)
        }
        meet(threads)
        guard let target = source.addedTo, let dx = source.dx else { return }
        for index in Plan.share(parts, thread, threads) {
            let part = part(index, of: parts, thread), start = part.rows.lowerBound * source.width * size
            kernels.add(part.rows.count * source.width, dx + start, to: target + start)
        }
    }

    /// The steps backward for all rows, given the gradient by the last one's outputs.
    func backward(_ thread: Int, _ threads: Int, withLastActivation: Bool = true) {
        let parts = parts, last = steps.count - 1
        for segment in segments.reversed() {
            switch segment {
            case .rows(let range):
                for number in Plan.share(parts, thread, threads) {
                    let part = part(number, of: parts, thread)
                    for step in range.reversed() { backward(step, part, withActivation: step != last || withLastActivation) }
                }
            case .whole(let step):
                wholeBackward(step, thread, threads, withActivation: step != last || withLastActivation)
            }
        }
    }
}
