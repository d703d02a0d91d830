import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let exp = ActivationRecord(
        "exp", "The exponential function.",
        code: Int(NNB_F_EXP),
        formula: "f(z) = exp(z)",
        derivative: "f",
        rangeText: "(0, ∞)",
        continuity: "C^∞",
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.exp, z) })
}

extension Activation {
    public static let exp = ActivationRecord.exp.standard
}
