import Diagnostics
import Tensors

/// Why a loss is not finite: looks at the numbers of the batch where it happened.
struct Diagnosis {
    let trainer: Trainer
    let epoch: Int
    let batch: Int
    let start: Int
    let rows: Int

    var failure: Failure {
        let loss = trainer.loss.isNaN ? "NaN" : "infinite"
        let place = "the loss became \(loss) in epoch \(epoch), batch \(batch)"
        let executor = trainer.executor, plan = executor.plan
        if let (row, column) = first(executor.x, rows, plan.inputs) {
            let sample = Int(trainer.order[start + row])
            return Failure(
                .numerics, "\(place): X holds \(text(executor.x, row * plan.inputs + column)) in sample \(sample), feature \(column)",
                help: "take out or fill such samples first")
        }
        if let (row, _) = first(trainer.t, rows, plan.outputs) {
            let sample = Int(trainer.order[start + row])
            return Failure(
                .numerics, "\(place): the target of sample \(sample) is not a finite number",
                help: "take out or fill such samples first")
        }
        let largest = largestInput
        let scaled = largest > 20 ? "standardize X (its largest number in this batch is \(short(largest))), or take" : "take"
        let optimizer = trainer.optimizer
        let smaller = "\(optimizer.name)(\(short(optimizer.learningRate / 10)))"
        let help = "\(scaled) a smaller learning rate, such as \(smaller)"
        for (node, step) in zip(plan.nodes, executor.steps) {
            let name = "layer \(node.position) (\(trainer.network.layers[node.position].layer.title))"
            if first(step.y, rows, step.width) != nil {
                return Failure(.numerics, "\(place): the outputs of \(name) are no longer finite", help: help)
            }
        }
        return Failure(.numerics, "\(place): the outputs grew until their \(trainer.head.loss.name) overflowed", help: help)
    }

    private var largestInput: Double {
        var largest = 0.0
        for index in 0..<rows * trainer.executor.plan.inputs { largest = max(largest, abs(number(trainer.executor.x, index))) }
        return largest
    }

    private func number(_ data: UnsafeMutableRawPointer, _ index: Int) -> Double {
        trainer.executor.kernels.isDouble
            ? data.load(fromByteOffset: index * 8, as: Double.self)
            : Double(data.load(fromByteOffset: index * 4, as: Float.self))
    }

    private func text(_ data: UnsafeMutableRawPointer, _ index: Int) -> String { NumberText.plain(number(data, index)) }

    /// Two digits are enough for advice.
    private func short(_ number: Double) -> String {
        guard number > 0, number.isFinite else { return "0" }
        var scale = 1.0, value = number
        while value >= 100 { value /= 10; scale *= 10 }
        while value < 10 { value *= 10; scale /= 10 }
        let digits = value.rounded()
        // Divided where it can be, because 1/10 has no exact form and 10 has.
        return NumberText.plain(scale < 1 ? digits / (1 / scale).rounded() : digits * scale)
    }

    private func first(_ data: UnsafeMutableRawPointer, _ rows: Int, _ columns: Int) -> (Int, Int)? {
        for row in 0..<rows {
            for column in 0..<columns where !number(data, row * columns + column).isFinite { return (row, column) }
        }
        return nil
    }
}
