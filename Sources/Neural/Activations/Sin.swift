import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let sin = ActivationRecord(
        "sin", "The sinusoid.",
        code: Int(NNB_F_SIN),
        formula: "f(z) = sin(z)",
        derivative: "cos(z)",
        rangeText: "[-1, 1]",
        range: .symmetric,
        continuity: "C^∞",
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.sin, z) })
}

extension Activation {
    public static let sin = ActivationRecord.sin.standard
}
