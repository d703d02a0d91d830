import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let crossentropy = Loss(
        "crossentropy",
        "For outputs that are probabilities of classes (softmax), targets one-hot or classes counted from 0. After a softmax it is computed from the logarithm of the sum of exponentials; of numbers alone with ŷ kept 1e-7 away from 0.",
        code: Int(NNB_LOSS_CROSSENTROPY),
        formula: "-1/m Σ_samples Σ_k y_k log ŷ_k",
        reduction: .meanOverSamples, targets: .probabilities,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.negate, tape.apply(.multiply, y, tape.apply(.log, tape.inside(output))))
        })
}
