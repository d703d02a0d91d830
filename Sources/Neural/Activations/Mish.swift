import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let mish = ActivationRecord(
        "mish", "z tanh(softplus(z)) (Misra 2019, arXiv:1908.08681).",
        code: Int(NNB_F_MISH),
        formula: "f(z) = z tanh(log(1 + exp(z)))",
        derivative: "t + z (1 - t^2) / (1 + exp(-z)), t = tanh(log(1 + exp(z)))",
        rangeText: "[≈ -0.3088, ∞)",
        continuity: "C^∞",
        isRectifier: true,
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in try tape.apply(.multiply, z, tape.apply(.tanh, tape.softplus(z))) })
}

extension Activation {
    public static let mish = ActivationRecord.mish.standard
}
