import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let relu6 = ActivationRecord(
        "relu6", "A rectified linear unit that is cut at 6.",
        code: Int(NNB_F_RELU6),
        formula: "f(z) = min(max(0, z), 6)",
        derivative: "1 if 0 < z < 6, else 0 (so 0 at both kinks)",
        rangeText: "[0, 6]",
        continuity: "C^0",
        isRectifier: true,
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.minimum, tape.rectified(z, nil), tape.leaf(6)) })
}

extension Activation {
    public static let relu6 = ActivationRecord.relu6.standard
}
