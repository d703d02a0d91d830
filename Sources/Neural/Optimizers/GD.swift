import CKernels
import Tensors

extension OptimizerRecord {
    /// Gradient descent as the course begins with it: each step goes down the gradient over all samples, so that an epoch is
    /// one step.
    public static let gd = OptimizerRecord(
        name: "gd", summary: "gradient descent with all samples in each step",
        parameters: [Parameter("learning_rate", "the length of a step, α", 0.01, allowsZero: false)],
        takesAllSamples: true,
        moments: { _ in [] },
        formula: { "x = x - \($0.text(0)) g" },
        kernel: { $1.sgd },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            return step
        })
}
