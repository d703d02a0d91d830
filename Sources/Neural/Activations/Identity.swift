import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let identity = ActivationRecord(
        "identity", "The number as it is.",
        code: Int(NNB_F_IDENTITY),
        formula: "f(z) = z",
        derivative: "1",
        rangeText: "(-∞, ∞)",
        continuity: "C^∞",
        traced: { (_, z, _) throws(Failure) in z })
}

extension Activation {
    public static let identity = ActivationRecord.identity.standard
}
