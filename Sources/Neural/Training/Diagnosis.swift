import Diagnostics
import Tensors

/// Why a loss is not finite: looks at the numbers of the batch where it happened, before the step that was not made.
struct Diagnosis {
    let trainer: Trainer
    let epoch: Int
    let batch: Int
    let start: Int
    let rows: Int

    private var executor: Executor { trainer.executor }
    private var plan: Plan { trainer.executor.plan }

    private var place: String {
        "the loss became \(trainer.loss.isNaN ? "NaN" : "infinite") in epoch \(epoch), batch \(batch)"
    }

    var failure: Failure {
        ofOutputs
            ?? Failure(
                .numerics, "\(place): the outputs grew until their \(trainer.head.loss.name) overflowed; \(largest)", help: help)
    }

    /// What is wrong before the loss; nil where the outputs are finite.
    var ofOutputs: Failure? {
        if let (row, column) = first(executor.input, rows, plan.inputs) {
            let sample = Int(trainer.order[start + row])
            return Failure(
                .numerics,
                "\(place): X holds \(NumberText.plain(number(executor.input, row * plan.inputs + column))) in sample \(sample), feature \(column)",
                help: "take out or fill such samples first")
        }
        if trainer.external == nil, let (row, _) = first(trainer.t, rows, plan.outputs) {
            let sample = Int(trainer.order[start + row])
            return Failure(
                .numerics, "\(place): the target of sample \(sample) is not a finite number",
                help: "take out or fill such samples first")
        }
        for (node, step) in zip(plan.nodes, executor.steps) where first(step.y, rows, step.width) != nil {
            return Failure(.numerics, "\(place): the outputs of \(name(node)) are no longer finite; \(largest)", help: help)
        }
        return nil
    }

    private func name(_ node: Plan.Node) -> String {
        "layer \(node.position) (\(trainer.network.layers[node.position].layer.title))"
    }

    /// The largest finite numbers of the batch: an output of a layer, a gradient by one, and a parameter.
    private var largest: String {
        var output = (0.0, ""), gradient = (0.0, ""), parameter = (0.0, "")
        for (node, step) in zip(plan.nodes, executor.steps) {
            let name = name(node)
            let most = greatest(step.y, rows * step.width)
            if most > output.0 { output = (most, name) }
            if let dy = step.dy {
                let most = greatest(dy, rows * step.width)
                if most > gradient.0 { gradient = (most, name) }
            }
            for slot in node.slots where slot.description.isTrained {
                let most = greatest(trainer.parameters + slot.offset * executor.kernels.size, slot.description.count)
                if most > parameter.0 { parameter = (most, "\(slot.description.name) of \(name)") }
            }
        }
        let found = [("output", output), ("gradient", gradient), ("parameter", parameter)].filter { $0.1.0 > 0 }
        guard !found.isEmpty else { return "no number but 0 is finite any more" }
        return "the largest finite " + found.map { "\($0.0) is \(NumberText.rough($0.1.0)) (\($0.1.1))" }.joined(separator: ", ")
    }

    /// What to try: in the order in which it usually helps.
    private var help: String {
        let inputs = greatest(executor.input, rows * plan.inputs)
        let scaled = inputs > 20 ? "standardize X (its largest number in this batch is \(NumberText.rough(inputs))), or take" : "take"
        let optimizer = trainer.optimizer
        let rate = optimizer.learningRate
        let smaller = optimizer.schedule == nil
            ? "such as \(optimizer.name)(\(NumberText.rough(rate / 10)))" : "by its schedule it is \(NumberText.rough(rate)) here"
        let clipped = optimizer.clipNorm == nil && optimizer.clipValue == nil ? ", or clip the gradient: clip_norm=1" : ""
        return "\(scaled) a smaller learning rate, \(smaller)\(clipped)"
    }

    private func number(_ data: UnsafeRawPointer, _ index: Int) -> Double {
        executor.kernels.isDouble
            ? data.load(fromByteOffset: index * 8, as: Double.self)
            : Double(data.load(fromByteOffset: index * 4, as: Float.self))
    }

    /// The largest size among the finite numbers.
    private func greatest(_ data: UnsafeRawPointer, _ count: Int) -> Double {
        var greatest = 0.0
        for index in 0..<count {
            let size = abs(number(data, index))
            if size.isFinite, size > greatest { greatest = size }
        }
        return greatest
    }

    private func first(_ data: UnsafeRawPointer, _ rows: Int, _ columns: Int) -> (Int, Int)? {
        for row in 0..<rows {
            for column in 0..<columns where !number(data, row * columns + column).isFinite { return (row, column) }
        }
        return nil
    }
}

extension NumberText {
    /// Two digits are enough for advice: of a number above 0.
    public static func rough(_ number: Double) -> String {
        guard number > 0, number.isFinite else { return "0" }
        var scale = 1.0, value = number, exponent = 1
        while value >= 100 { value /= 10; scale *= 10; exponent += 1 }
        while value < 10 { value *= 10; scale /= 10 }
        let digits = value.rounded()
        if exponent > 6 { return "\(plain(digits / 10))e+\(exponent)" }
        // Divided where it can be, because 1/10 has no exact form and 10 has.
        return plain(scale < 1 ? digits / (1 / scale).rounded() : digits * scale)
    }
}
