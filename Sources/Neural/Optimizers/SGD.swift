import CKernels
import Tensors

extension OptimizerRecord {
    /// Gradient descent, with momentum if it is asked for.
    ///
    /// The same in the course, Keras and PyTorch: Keras keeps -α p instead of p. With nesterov the parameters that are
    /// stored are those of the look-ahead x - α η p, at which the next gradient is taken (Sutskever et al. 2013).
    public static let sgd = OptimizerRecord(
        name: "sgd", summary: "gradient descent by batches, with momentum if it is asked for",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.01, allowsZero: false),
            Parameter("momentum", "how much of the last direction is kept, η", 0, below: 1),
        ],
        hasNesterov: true,
        moments: { $0.numbers[1] == 0 ? 0 : 1 },
        start: { _ in 0 },
        formula: { settings in
            let rate = NumberText.plain(settings.numbers[0]), kept = NumberText.plain(settings.numbers[1])
            if settings.numbers[1] == 0 { return "x = x - \(rate) g" }
            if settings.nesterov { return "p = g + \(kept) p; x = x - \(rate) (g + \(kept) p)" }
            return "p = g + \(kept) p; x = x - \(rate) p"
        },
        kernel: { $0.numbers[1] == 0 ? .sgd : .momentum },
        constants: { settings, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.momentum = settings.numbers[1]
            step.nesterov = settings.nesterov ? 1 : 0
            return step
        })
}
