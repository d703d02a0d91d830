import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let hinge = Loss(
        "hinge",
        "The loss of support vector machines, for targets -1 and 1: right answers cost too until they are clear. (The slide prints the perceptron's criterion under this name.)",
        code: Int(NNB_LOSS_HINGE),
        formula: "1/(m k) Σ max(0, 1 - y ŷ)",
        derivative: "-y / (m k) where y ŷ < 1, else 0 (so 0 at y ŷ = 1)",
        reduction: .meanOfAll, targets: .signs,
        traced: { (tape, y, output, _) throws(Failure) in
            let margin = try tape.apply(.subtract, tape.leaf(1), tape.apply(.multiply, y, output))
            return try tape.apply(.maximum, margin, tape.leaf(0))
        })
}
