import CKernels
import Tensors

extension OptimizerRecord {
    /// Adam with a decay of the weights that does not go through the averages (Loshchilov and Hutter 2019,
    /// arXiv:1711.05101). It decays every parameter, as Keras and PyTorch do.
    public static let adamw = OptimizerRecord(
        name: "adamw", summary: "adam, and the parameters shrink by a part of themselves in each step",
        parameters: adamParameters + [
            Parameter("weight_decay", "how much they shrink, times the learning rate, λ", 0.01, keras: 0.004)
        ],
        moments: { _ in [0, 0] },
        formula: { adamFormula($0, decayed: "x = x - \($0.text(0)) · \($0.text(4)) x; ") },
        kernel: { $1.adamw },
        constants: { settings, count, _ in
            var step = adamConstants(settings, count)
            step.extra = settings.numbers[0] * settings.numbers[4]
            return step
        })
}
