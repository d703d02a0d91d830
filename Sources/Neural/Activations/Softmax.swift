import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let softmax = ActivationRecord(
        "softmax", "Turns a row of numbers into probabilities that sum to 1; the greatest is taken off first, so that nothing overflows.",
        code: Int(NNB_F_SOFTMAX),
        formula: "f(z)_j = exp(z_j) / Σ_k exp(z_k)",
        derivative: "∂f_j/∂z_k = f_j (1 if j = k, else 0) - f_j f_k",
        rangeText: "(0, 1), each row sums to 1",
        range: .distribution,
        continuity: "C^∞",
        traced: { (tape, z, _) throws(Failure) in try tape.softmax(z) })
}

extension Activation {
    public static let softmax = ActivationRecord.softmax.standard
}
