import CKernels
import Tensors

extension OptimizerRecord {
    /// Gradient descent that keeps a part of its last direction (Polyak 1964).
    ///
    /// One slide and PyTorch keep the direction p; the slide that calls it inertia and Keras keep the step Δ. The two go the
    /// same way as long as the learning rate stays.
    public static let momentum = OptimizerRecord(
        name: "momentum", summary: "gradient descent that keeps a part of its last direction",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.01, allowsZero: false),
            Parameter("momentum", "how much of the last direction is kept, η", 0.9, below: 1),
        ],
        forms: [.slides, .keras, .torch, .delta],
        moments: { _ in [0] },
        formula: { settings in
            let rate = settings.text(0), kept = settings.text(1)
            return keepsStep(settings.form)
                ? "Δ = \(kept) Δ - \(rate) g; x = x + Δ" : "p = g + \(kept) p; x = x - \(rate) p"
        },
        kernel: { $1.momentum },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.momentum = settings.numbers[1]
            step.nesterov = keepsStep(settings.form) ? 2 : 0
            return step
        })

    /// Whether what is remembered is the last step and not the last direction.
    static func keepsStep(_ form: OptimizerForm) -> Bool { form == .keras || form == .delta }
}
