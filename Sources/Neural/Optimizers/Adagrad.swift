import CKernels
import Tensors

extension OptimizerRecord {
    /// Steps that shrink with the sum of all squared gradients so far (Duchi et al. 2011).
    ///
    /// Keras puts ε inside the root and lets the sum start at 0.1.
    public static let adagrad = OptimizerRecord(
        name: "adagrad", summary: "gradient descent whose steps shrink with the squares of all gradients so far",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.01, keras: 0.001, allowsZero: false),
            Parameter("epsilon", "keeps the division from 0, ε", 1e-8, keras: 1e-7, torch: 1e-10),
            Parameter("initial", "where the sum starts", 0, keras: 0.1),
        ],
        moments: { [$0.numbers[2]] },
        formula: { settings in
            let rate = settings.text(0), epsilon = settings.text(1)
            return settings.form == .keras
                ? "s = s + g^2; x = x - \(rate) g / √(s + \(epsilon))"
                : "s = s + g^2; x = x - \(rate) g / (\(epsilon) + √s)"
        },
        kernel: { $1.adagrad },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            if settings.form == .keras { step.inside = settings.numbers[1] } else { step.outside = settings.numbers[1] }
            return step
        })
}
