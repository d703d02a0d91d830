import CKernels
import Tensors

extension OptimizerRecord {
    /// Gradient descent by batches, with momentum if it is asked for.
    ///
    /// The same in the course, Keras and PyTorch while the learning rate stays: Keras keeps the step -α p instead of the
    /// direction p. With nesterov the parameters that are stored are those of the look-ahead x - α η p, at which the next
    /// gradient is taken (Sutskever et al. 2013).
    public static let sgd = OptimizerRecord(
        name: "sgd", summary: "gradient descent by batches, with momentum if it is asked for",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.01, allowsZero: false),
            Parameter("momentum", "how much of the last direction is kept, η", 0, below: 1),
        ],
        hasNesterov: true,
        moments: { $0.numbers[1] == 0 ? [] : [0] },
        formula: { settings in
            let rate = settings.text(0), kept = settings.text(1)
            if settings.numbers[1] == 0 { return "x = x - \(rate) g" }
            if settings.form == .keras {
                return "Δ = \(kept) Δ - \(rate) g; " + (settings.nesterov ? "x = x + \(kept) Δ - \(rate) g" : "x = x + Δ")
            }
            if settings.nesterov { return "p = g + \(kept) p; x = x - \(rate) (g + \(kept) p)" }
            return "p = g + \(kept) p; x = x - \(rate) p"
        },
        kernel: { $0.numbers[1] == 0 ? $1.sgd : $1.momentum },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.momentum = settings.numbers[1]
            step.nesterov = (settings.nesterov ? 1 : 0) + (settings.form == .keras ? 2 : 0)
            return step
        })
}
