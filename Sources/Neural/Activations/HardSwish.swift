import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let hardSwish = ActivationRecord(
        "hard_swish", "z hard_sigmoid(z), a cheap swish (Howard et al. 2019, arXiv:1905.02244); Keras calls it hard_silu.",
        code: Int(NNB_F_HARD_SWISH),
        formula: "f(z) = 0 if z < -3, z if z > 3, else z (z + 3) / 6",
        derivative: "0 if z ≤ -3, 1 if z ≥ 3, else (2 z + 3) / 6",
        rangeText: "[-0.375, ∞)",
        continuity: "C^0",
        isRectifier: true,
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.multiply, z, tape.hardSigmoid(z)) })
}

extension Activation {
    public static let hardSwish = ActivationRecord.hardSwish.standard
}
