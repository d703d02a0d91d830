import CKernels
import Diagnostics
import Tensors

/// A network applied to many samples, batch by batch, as in training but with nothing trained.
struct Forward {
    /// Rows of a batch at most.
    static let batch = 256

    /// The outputs of all samples, `[n] + outputShape`.
    static func predict(_ network: Network, _ x: Tensor) throws(Failure) -> Tensor {
        let samples = try Samples(x, for: network)
        let result = try Tensor(uninitialized: [samples.count] + (network.outputShape ?? []), network.dtype)
        try run(network, samples) { executor, part, first in
            guard let last = executor.steps.last else { return }
            let row = last.width * executor.kernels.size
            (result.block.data + (first + part.rows.lowerBound) * row).copyMemory(
                from: last.y + part.rows.lowerBound * row, byteCount: part.rows.count * row)
        }
        return result
    }

    /// The outputs and the mean loss.
    static func evaluate(
        _ network: Network, _ samples: Samples, _ targets: Targets, head: Head
    ) throws(Failure) -> (outputs: Tensor, loss: Double) {
        let result = try Tensor(uninitialized: [samples.count] + (network.outputShape ?? []), network.dtype)
        let kernels = Kernels(network.dtype), columns = head.columns * head.positions
        let order = Targets.all(samples.count)
        let t = try Tensor(uninitialized: [max(1, min(batch, samples.count)), columns], network.dtype)
        var losses = [Double](repeating: 0, count: samples.count * head.positions)
        try losses.withUnsafeMutableBufferPointer { losses throws(Failure) in
            guard let losses = losses.baseAddress else { return }
            try order.withUnsafeBufferPointer { order throws(Failure) in
                guard let order = order.baseAddress else { return }
                try run(network, samples, withLastActivation: false) { executor, part, first in
                    guard let last = executor.steps.last else { return }
                    let row = last.width * kernels.size, start = part.rows.lowerBound, count = part.rows.count
                    let targetRows = t.block.data + start * row
                    targets.gather(order + first + start, count, kernels, into: targetRows, columns: columns)
                    head.run(
                        kernels, rows: count, z: last.y + start * row, targets: targetRows, scale: 1, gradient: nil,
                        losses: losses + (first + start) * head.positions)
                    (result.block.data + (first + start) * row).copyMemory(from: last.y + start * row, byteCount: count * row)
                }
            }
        }
        return (result, losses.reduce(0, +) * head.scale(rows: samples.count))
    }

    /// Calls the body on each part as soon as its outputs are there, on the thread that made them.
    private static func run(
        _ network: Network, _ samples: Samples, withLastActivation: Bool = true,
        _ body: (_ executor: Executor, _ part: Part, _ first: Int) -> Void
    ) throws(Failure) {
        guard samples.count > 0 else { return }
        let executor = try network.inference(rows: min(batch, samples.count))
        let kernels = executor.kernels, width = executor.plan.inputs, last = executor.steps.count - 1
        let order = Targets.all(min(batch, samples.count))
        for first in stride(from: 0, to: samples.count, by: batch) {
            executor.rows = min(batch, samples.count - first)
            let direct = samples.rows(from: first, kernels)
            executor.input = direct ?? UnsafeRawPointer(executor.x)
            executor.run { thread, threads in
                let parts = executor.parts
                for number in Plan.share(parts, thread, threads) {
                    let part = executor.part(number, of: parts, thread)
                    if direct == nil {
                        order.withUnsafeBufferPointer { order in
                            guard let order = order.baseAddress else { return }
                            samples.rows.gather(
                                order + part.rows.lowerBound, part.rows.count, kernels,
                                into: executor.x + part.rows.lowerBound * width * kernels.size, from: first)
                        }
                    }
                    for step in 0...last { executor.forward(step, part, withActivation: step != last || withLastActivation) }
                    body(executor, part, first)
                }
            }
        }
        executor.input = UnsafeRawPointer(executor.x)
    }
}
