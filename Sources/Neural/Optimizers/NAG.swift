import CKernels
import Tensors

extension OptimizerRecord {
    /// The accelerated gradient of Nesterov (1983): the gradient is taken at a point ahead in the last direction.
    ///
    /// The slide looks ahead by α p, as it is by default here; the usual look-ahead is α η p (Sutskever et al. 2013), as Keras
    /// and PyTorch have it, who keep the point looked ahead to as the parameters.
    public static let nag = OptimizerRecord(
        name: "nag", summary: "momentum with the gradient taken at the point it leads to; in the slides' form `step(x, g, nag(...))` takes and gives that point x̃",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.01, allowsZero: false),
            Parameter("momentum", "how much of the last direction is kept, η", 0.9, allowsZero: false, below: 1),
        ],
        looksAhead: { $0.form == .slides },
        moments: { _ in [0] },
        formula: { settings in
            let rate = settings.text(0), kept = settings.text(1)
            switch settings.form {
            case .keras: return "Δ = \(kept) Δ - \(rate) g; x = x + \(kept) Δ - \(rate) g"
            case .torch: return "p = g + \(kept) p; x = x - \(rate) (g + \(kept) p)"
            default: return "x̃ = x - \(rate) p; g = ∇J(x̃); p = g + \(kept) p; x = x - \(rate) p"
            }
        },
        kernel: { $0.form == .slides ? $1.nag : $1.momentum },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.momentum = settings.numbers[1]
            // The parameters stand at x̃: they go back to x, make the step, and go ahead again.
            step.inside = settings.ahead
            step.outside = settings.numbers[0]
            step.nesterov = settings.form == .keras ? 3 : 1
            return step
        })
}
