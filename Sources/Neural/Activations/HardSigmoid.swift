import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let hardSigmoid = ActivationRecord(
        "hard_sigmoid", "A sigmoid of three straight pieces, as Keras and PyTorch have it.",
        code: Int(NNB_F_HARD_SIGMOID),
        formula: "f(z) = 0 if z < -3, 1 if z > 3, else (z + 3) / 6",
        derivative: "1/6 if -3 < z < 3, else 0 (so 0 at both kinks)",
        rangeText: "[0, 1]",
        range: .unit,
        continuity: "C^0",
        traced: { (tape, z, _) throws(Failure) in try tape.hardSigmoid(z) })
}

extension Activation {
    public static let hardSigmoid = ActivationRecord.hardSigmoid.standard
}
