import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let hardTanh = ActivationRecord(
        "hard_tanh", "z, cut at -1 and 1.",
        code: Int(NNB_F_HARD_TANH),
        formula: "f(z) = -1 if z < -1, 1 if z > 1, else z",
        derivative: "1 if -1 < z < 1, else 0 (so 0 at both kinks)",
        rangeText: "[-1, 1]",
        range: .symmetric,
        continuity: "C^0",
        traced: { (tape, z, _) throws(Failure) in
            try tape.apply(.minimum, tape.apply(.maximum, z, tape.leaf(-1)), tape.leaf(1))
        })
}

extension Activation {
    public static let hardTanh = ActivationRecord.hardTanh.standard
}
