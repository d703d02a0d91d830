import CKernels
import Diagnostics
import Tensors

/// A network applied to many samples: chunks of rows, each computed by one thread from the first stage to the last.
final class Forward {
    private let plan: Plan
    private let kernels: Kernels
    private let samples: Samples
    private let parameters: UnsafeMutableRawPointer
    private let storage: Buffer
    private let head: Head?
    private let targets: Targets?
    private let order: [Int32]
    private let spaces: Buffer
    /// A thread's space: the gathered samples, and the outputs of two neighbouring stages.
    private let spaceSize: Int
    private let third: Int
    private let result: Tensor
    /// One a sample, where there is a head.
    private(set) var losses: [Double]

    /// Rows of a chunk.
    static let chunk = 256

    private init(
        _ network: Network, _ samples: Samples, result: Tensor, head: Head?, targets: Targets?
    ) throws(Failure) {
        guard let storage = network.storage else { throw Failure(.internal, "the network is not built") }
        plan = try network.plan()
        kernels = Kernels(network.dtype)
        self.samples = samples
        self.storage = storage
        parameters = storage.bytes
        self.head = head
        self.targets = targets
        self.result = result
        order = Targets.all(samples.count)
        losses = head == nil ? [] : Array(repeating: 0, count: samples.count)
        let widest = max(plan.inputs, plan.stages.map(\.units).max() ?? 0)
        let rows = min(Forward.chunk, max(samples.count, 1))
        third = (rows * widest * kernels.size + 63) & ~63
        spaceSize = 3 * third
        let chunks = (samples.count + Forward.chunk - 1) / Forward.chunk
        let threads = max(1, min(Int(nnb_pool_threads()), chunks))
        spaces = try Buffer(bytes: spaceSize * threads, for: "the outputs of the layers")
        let work = Double(plan.work) * Double(samples.count)
        let asked = work < Double(Trainer.tiny) * 8 ? 1 : threads
        if asked == 1 {
            run(0, 1)
        } else {
            nnb_pool_run(
                Int32(truncatingIfNeeded: asked),
                { context, thread, threads in
                    Unmanaged<Forward>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.run(Int(thread), Int(threads)) }
                }, Unmanaged.passUnretained(self).toOpaque())
        }
    }

    /// The outputs of all samples, `[n] + outputShape`.
    static func predict(_ network: Network, _ x: Tensor) throws(Failure) -> Tensor {
        let samples = try Samples(x, for: network)
        let result = try Tensor(uninitialized: [samples.count] + (network.outputShape ?? []), network.dtype)
        _ = try Forward(network, samples, result: result, head: nil, targets: nil)
        return result
    }

    /// The outputs and the mean loss.
    static func evaluate(
        _ network: Network, _ samples: Samples, _ targets: Targets, head: Head
    ) throws(Failure) -> (outputs: Tensor, loss: Double) {
        let result = try Tensor(uninitialized: [samples.count] + (network.outputShape ?? []), network.dtype)
        let forward = try Forward(network, samples, result: result, head: head, targets: targets)
        let outputs = max(1, result.count / max(samples.count, 1))
        return (result, forward.losses.reduce(0, +) * head.loss.scale(rows: samples.count, columns: outputs))
    }

    private func run(_ thread: Int, _ threads: Int) {
        let size = kernels.size
        let chunks = (samples.count + Forward.chunk - 1) / Forward.chunk
        let space = spaces.bytes + thread * spaceSize
        let x = space
        losses.withUnsafeMutableBufferPointer { losses in
            order.withUnsafeBufferPointer { order in
                guard let order = order.baseAddress else { return }
                for chunk in Plan.share(chunks, thread, threads) {
                    let first = chunk * Forward.chunk
                    let rows = min(Forward.chunk, samples.count - first)
                    var input: UnsafeRawPointer
                    if let rows = samples.rows(from: first, kernels) {
                        input = rows
                    } else {
                        samples.gather(order + first, rows, kernels, into: x)
                        input = UnsafeRawPointer(x)
                    }
                    for number in plan.stages.indices {
                        let stage = plan.stages[number]
                        let isLast = number == plan.stages.count - 1
                        let y = isLast
                            ? result.block.data + first * plan.outputs * size : space + (1 + number & 1) * third
                        if let weights = stage.weights {
                            for part in 0..<stage.columnParts {
                                let first = Plan.bound(part, of: stage.columnParts, stage.units)
                                let width = Plan.bound(part + 1, of: stage.columnParts, stage.units) - first
                                kernels.product(
                                    rows, width, stage.inputs, input, stage.inputs, transposed: false,
                                    parameters + weights + first * stage.inputs * size, width, transposed: false,
                                    y + first * size, stage.units)
                            }
                        } else {
                            y.copyMemory(from: input, byteCount: rows * stage.units * size)
                        }
                        let bias = stage.bias.map { UnsafeRawPointer(parameters + $0) }
                        if isLast, let head, let targets, let losses = losses.baseAddress {
                            kernels.activate(
                                .identity, rows: rows, columns: stage.units, stride: stage.units, bias: bias, y)
                            // The targets go to the third that this stage does not read.
                            let t = number == 0 ? space + third : (number & 1 == 1 ? space + 2 * third : space + third)
                            targets.gather(order + first, rows, kernels, into: t, columns: plan.outputs)
                            head.run(
                                kernels, rows: rows, columns: stage.units, z: y, targets: t, scale: 1, gradient: nil,
                                losses: losses + first)
                        } else {
                            kernels.activate(
                                stage.activation, rows: rows, columns: stage.units, stride: stage.units, bias: bias, y)
                        }
                        input = UnsafeRawPointer(y)
                    }
                }
            }
        }
    }
}
