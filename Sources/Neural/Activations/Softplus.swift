import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let softplus = ActivationRecord(
        "softplus", "A smooth relu.",
        code: Int(NNB_F_SOFTPLUS),
        formula: "f(z) = log(1 + exp(z))",
        derivative: "1 / (1 + exp(-z))",
        rangeText: "(0, ∞)",
        continuity: "C^∞",
        isRectifier: true,
        traced: { (tape, z, _) throws(Failure) in try tape.softplus(z) })
}

extension Activation {
    public static let softplus = ActivationRecord.softplus.standard
}
