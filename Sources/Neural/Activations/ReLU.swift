import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let relu = ActivationRecord(
        "relu", "The rectified linear unit.",
        code: Int(NNB_F_RELU),
        formula: "f(z) = max(0, z)",
        derivative: "1 if z > 0, else 0 (so 0 at 0)",
        rangeText: "[0, ∞)",
        continuity: "C^0",
        remark: "the slides disagree about the derivative at 0: 0 in one (z > 0), 1 in the other (x ≥ 0); at_zero=1 gives that",
        isRectifier: true,
        kink: { _ in 0 },
        traced: { (tape, z, f) throws(Failure) in try tape.rectified(z, f.atZero) })
}

extension Activation {
    public static let relu = ActivationRecord.relu.standard
}
