import CKernels
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension OptimizerRecord {
    /// Adam with the look-ahead of Nesterov (Dozat 2016; not on the slides: by default the short form of Ruder's overview,
    /// which they cite, arXiv:1609.04747). Keras and PyTorch let the part that is kept grow: μ_t = β₁ (1 - ½ 0.96^(ψ t)), with
    /// ψ = 1 in Keras.
    public static let nadam = OptimizerRecord(
        name: "nadam", summary: "adam with the look-ahead of Nesterov",
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.001, torch: 0.002, allowsZero: false),
            Parameter("beta1", "how much of the gradients' average is kept, η_v", 0.9, below: 1),
            Parameter("beta2", "how much of the squares' average is kept, η_s", 0.999, below: 1),
            Parameter("epsilon", "keeps the division from 0, ε", 1e-8, keras: 1e-7),
            Parameter("momentum_decay", "how fast the part that is kept grows, ψ; not in the form of the slides", 1, torch: 0.004),
        ],
        moments: { _ in [0, 0] },
        formula: { settings in
            let rate = settings.text(0), beta1 = settings.text(1), beta2 = settings.text(2), epsilon = settings.text(3)
            let averages = "v = \(beta1) v + (1 - \(beta1)) g; s = \(beta2) s + (1 - \(beta2)) g^2; ŝ = s / (1 - \(beta2)^t); "
            if settings.form == .slides {
                return averages
                    + "x = x - \(rate) (\(beta1) v / (1 - \(beta1)^t) + (1 - \(beta1)) g / (1 - \(beta1)^t)) / (\(epsilon) + √ŝ)"
            }
            return "μ_t = \(beta1) (1 - 0.5 0.96^(\(settings.text(4)) t)); π_t = μ_1 … μ_t; " + averages
                + "x = x - \(rate) (μ_(t+1) v / (1 - π_(t+1)) + (1 - μ_t) g / (1 - π_t)) / (√ŝ + \(epsilon))"
        },
        kernel: { $1.nadam },
        constants: { settings, count, product in
            let numbers = settings.numbers
            var step = nnb_step()
            step.momentum = numbers[1]
            step.decay = numbers[2]
            step.outside = numbers[3]
            step.scale = 1 / (1 - pow(numbers[2], Double(count))).squareRoot()
            if settings.form == .slides {
                let correction = 1 - pow(numbers[1], Double(count))
                step.rate = numbers[0] * numbers[1] / correction
                step.extra = numbers[0] * (1 - numbers[1]) / correction
            } else {
                let kept = part(numbers, count), later = part(numbers, count + 1)
                product *= kept
                step.rate = numbers[0] * later / (1 - product * later)
                step.extra = numbers[0] * (1 - kept) / (1 - product)
            }
            return step
        })

    private static func part(_ numbers: [Double], _ count: Int) -> Double {
        numbers[1] * (1 - 0.5 * pow(0.96, numbers[4] * Double(count)))
    }
}
