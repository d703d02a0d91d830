import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let softsign = ActivationRecord(
        "softsign", "A slower tanh.",
        code: Int(NNB_F_SOFTSIGN),
        formula: "f(z) = z / (1 + |z|)",
        derivative: "1 / (1 + |z|)^2",
        rangeText: "(-1, 1)",
        range: .symmetric,
        continuity: "C^1",
        remark: "the slide prints 1 - f^2, which is 0.75 at z = 1; the derivative there is 0.25",
        traced: { (tape, z, _) throws(Failure) in
            try tape.apply(.divide, z, tape.apply(.add, tape.leaf(1), tape.apply(.abs, z)))
        })
}

extension Activation {
    public static let softsign = ActivationRecord.softsign.standard
}
