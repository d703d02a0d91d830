import CKernels
import Tensors

extension OptimizerRecord {
    /// Resilient propagation (Riedmiller and Braun 1993; without going back, as in Igel and Hüsken 2000 and PyTorch): a step of
    /// its own for each parameter, which grows while the gradient keeps its sign; where it changes, the step is left out
    /// once. Only the sign counts, so it is meant for all samples at once. Keras has none.
    public static let rprop = OptimizerRecord(
        name: "rprop", summary: "steps by the sign of the gradient, which grow while it stays and shrink when it changes",
        parameters: [
            Parameter("learning_rate", "the length of the first step, α", 0.01, allowsZero: false),
            Parameter("shrink", "what a step is multiplied by when the sign changes, η⁻", 0.5, allowsZero: false, below: 1),
            Parameter("grow", "what it is multiplied by while the sign stays, η⁺", 1.2, allowsZero: false),
            Parameter("least", "the shortest step", 1e-6),
            Parameter("most", "the longest step", 50, allowsZero: false),
        ],
        forms: [.slides, .torch],
        takesAllSamples: true,
        moments: { [0, $0.numbers[0]] },
        formula: { settings in
            "h = \(settings.text(2)) h if g g' > 0, \(settings.text(1)) h if g g' < 0 (and then g = 0), kept in [\(settings.text(3)), \(settings.text(4))], at first \(settings.text(0)); "
                + "x = x - h sign(g); g' = g"
        },
        kernel: { $1.rprop },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.momentum = settings.numbers[1]
            step.decay = settings.numbers[2]
            step.inside = settings.numbers[3]
            step.outside = settings.numbers[4]
            return step
        })
}
