import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let kl = Loss(
        "kl",
        "The divergence of Kullback and Leibler of outputs that are probabilities of classes (softmax) from targets that are probabilities too, 0 where they agree: crossentropy less the entropy of the targets. ŷ is kept 1e-7 away from 0; y = 0 counts 0.",
        code: Int(NNB_LOSS_KL),
        formula: "1/m Σ_samples Σ_k y_k log(y_k / ŷ_k)",
        reduction: .meanOverSamples, targets: .probabilities,
        traced: { (tape, y, output, _) throws(Failure) in
            // y log y is a constant; where y = 0 its logarithm is not asked for.
            let safe = try tape.apply(.maximum, y, tape.leaf(1e-300))
            let ratio = try tape.apply(.subtract, tape.apply(.log, safe), tape.apply(.log, tape.inside(output)))
            return try tape.apply(.multiply, y, ratio)
        })
}
