import CKernels
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension OptimizerRecord {
    /// Momentum and moving averages of squares, both corrected for their start at 0 (Kingma and Ba 2015,
    /// arXiv:1412.6980, algorithm 1).
    ///
    /// Keras has the paper's faster form, where ε is not divided by the correction of s ("epsilon hat").
    public static let adam = OptimizerRecord(
        name: "adam", summary: "moving averages of gradients and of their squares, corrected for their start at 0",
        parameters: adamParameters,
        moments: { _ in [0, 0] },
        formula: { adamFormula($0, decayed: "") },
        kernel: { $1.adam },
        constants: { settings, count, _ in adamConstants(settings, count) })

    static let adamParameters = [
        Parameter("learning_rate", "the length of a step, α", 0.001, allowsZero: false),
        Parameter("beta1", "how much of the gradients' average is kept, η_v", 0.9, below: 1),
        Parameter("beta2", "how much of the squares' average is kept, η_s", 0.999, below: 1),
        Parameter("epsilon", "keeps the division from 0, ε", 1e-8, keras: 1e-7),
    ]

    /// The rule of adam; `decayed` comes before the step.
    static func adamFormula(_ settings: Settings, decayed: String) -> String {
        let rate = settings.text(0), beta1 = settings.text(1), beta2 = settings.text(2), epsilon = settings.text(3)
        let averages = "v = \(beta1) v + (1 - \(beta1)) g; s = \(beta2) s + (1 - \(beta2)) g^2; "
        return settings.form == .keras
            ? averages + decayed + "x = x - \(rate) √(1 - \(beta2)^t) / (1 - \(beta1)^t) v / (√s + \(epsilon))"
            : averages + "v̂ = v / (1 - \(beta1)^t); ŝ = s / (1 - \(beta2)^t); " + decayed
                + "x = x - \(rate) v̂ / (\(epsilon) + √ŝ)"
    }

    static func adamConstants(_ settings: Settings, _ count: Int) -> nnb_step {
        let numbers = settings.numbers
        let first = 1 - pow(numbers[1], Double(count)), second = 1 - pow(numbers[2], Double(count))
        var step = nnb_step()
        step.momentum = numbers[1]
        step.decay = numbers[2]
        step.outside = numbers[3]
        if settings.form == .keras {
            step.rate = numbers[0] * second.squareRoot() / first
            step.scale = 1
        } else {
            step.rate = numbers[0] / first
            step.scale = 1 / second.squareRoot()
        }
        return step
    }
}
