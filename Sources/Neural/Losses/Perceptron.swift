import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let perceptron = Loss(
        "perceptron_loss",
        "The perceptron's criterion, for targets -1 and 1: only wrong answers cost, by how far they are on the wrong side. (The slide prints a sign inside, with which nothing could be learned.)",
        code: Int(NNB_LOSS_PERCEPTRON),
        formula: "1/(m k) Σ max(0, -y ŷ)",
        derivative: "-y / (m k) where y ŷ ≤ 0, else 0 (so that it begins to learn from weights of 0, as the perceptron's rule does)",
        reduction: .meanOfAll, targets: .signs,
        traced: { (tape, y, output, _) throws(Failure) in
            // z + max(-z, 0) is max(z, 0) with the derivative 1 at 0.
            let wrong = try tape.apply(.negate, tape.apply(.multiply, y, output))
            return try tape.rectified(wrong, 1)
        })
}
