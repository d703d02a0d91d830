import CKernels
import Tensors

extension OptimizerRecord {
    /// Steps in the ratio of two moving averages: that of the squared steps and that of the squared gradients (Zeiler 2012,
    /// arXiv:1212.5701). The slides only name it; the paper has no learning rate, which is 1 then, as PyTorch has it.
    public static let adadelta = OptimizerRecord(
        name: "adadelta", summary: "steps in the ratio of the average step to the average gradient, without a learning rate",
        parameters: [
            Parameter("learning_rate", "what a step is multiplied by, α", 1, keras: 0.001, allowsZero: false),
            Parameter("decay", "how much of the averages is kept, ρ", 0.95, torch: 0.9, below: 1),
            Parameter("epsilon", "keeps the division from 0 and starts the steps, ε", 1e-6, keras: 1e-7, allowsZero: false),
        ],
        moments: { _ in [0, 0] },
        formula: { settings in
            let rate = settings.text(0), kept = settings.text(1), epsilon = settings.text(2)
            return "s = \(kept) s + (1 - \(kept)) g^2; u = √(e + \(epsilon)) / √(s + \(epsilon)) g; "
                + "e = \(kept) e + (1 - \(kept)) u^2; x = x - \(rate) u"
        },
        kernel: { $1.adadelta },
        constants: { settings, _, _ in
            var step = nnb_step()
            step.rate = settings.numbers[0]
            step.decay = settings.numbers[1]
            step.inside = settings.numbers[2]
            return step
        })
}
