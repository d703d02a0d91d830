import CKernels
import Tensors

extension OptimizerRecord {
    /// Adagrad with a moving average in place of the sum (Hinton, Coursera lecture 6e, 2012).
    ///
    /// Keras puts ε inside the root; PyTorch's average is slower by default.
    public static let rmsprop = OptimizerRecord(
        name: "rmsprop", summary: "gradient descent whose steps shrink with a moving average of squared gradients",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.001, torch: 0.01, allowsZero: false),
            Parameter("decay", "how much of the average is kept, η", 0.9, torch: 0.99, below: 1),
            Parameter("epsilon", "keeps the division from 0, ε", 1e-8, keras: 1e-7),
        ],
        moments: { _ in [0] },
        formula: { settings in
            let rate = settings.text(0), kept = settings.text(1), epsilon = settings.text(2)
            let average = "s = \(kept) s + (1 - \(kept)) g^2; "
            return settings.form == .keras
                ? average + "x = x - \(rate) g / √(s + \(epsilon))" : average + "x = x - \(rate) g / (\(epsilon) + √s)"
        },
        kernel: { $1.rmsprop },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.decay = settings.numbers[1]
            if settings.form == .keras { step.inside = settings.numbers[2] } else { step.outside = settings.numbers[2] }
            return step
        })
}
