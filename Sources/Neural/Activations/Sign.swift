import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let sign = ActivationRecord(
        "sign", "-1 or 1 by the sign.",
        code: Int(NNB_F_SIGN),
        formula: "f(z) = -1 if z < 0, else 1",
        derivative: "0",
        rangeText: "{-1, 1}",
        range: .symmetric,
        continuity: "C^-1",
        remark: "sign(0) is 1, as on the slide; NumPy gives 0",
        isTrainable: false,
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.sign, z) })
}

extension Activation {
    public static let sign = ActivationRecord.sign.standard
}
