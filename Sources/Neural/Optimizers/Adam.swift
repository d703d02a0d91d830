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
        parameters: [
            Parameter("learning_rate", "the length of a step, α", 0.001, allowsZero: false),
            Parameter("beta1", "how much of the gradients' average is kept, η_v", 0.9, below: 1),
            Parameter("beta2", "how much of the squares' average is kept, η_s", 0.999, below: 1),
            Parameter("epsilon", "keeps the division from 0, ε", 1e-8, keras: 1e-7),
        ],
        hasNesterov: false,
        moments: { _ in 2 },
        start: { _ in 0 },
        formula: { settings in
            let numbers = settings.numbers.map(NumberText.plain)
            let averages = "v = \(numbers[1]) v + (1 - \(numbers[1])) g; s = \(numbers[2]) s + (1 - \(numbers[2])) g^2; "
            return settings.form == .keras
                ? averages + "x = x - \(numbers[0]) √(1 - \(numbers[2])^t) / (1 - \(numbers[1])^t) v / (√s + \(numbers[3]))"
                : averages
                    + "v̂ = v / (1 - \(numbers[1])^t); ŝ = s / (1 - \(numbers[2])^t); x = x - \(numbers[0]) v̂ / (\(numbers[3]) + √ŝ)"
        },
        kernel: { _ in .adam },
        constants: { settings, count in
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
        })
}
