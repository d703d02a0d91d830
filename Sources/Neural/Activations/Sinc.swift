import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let sinc = ActivationRecord(
        "sinc", "The sine of z over z, not normalized by π as NumPy's is.",
        code: Int(NNB_F_SINC),
        formula: "f(z) = sin(z) / z, 1 at 0",
        derivative: "cos(z) / z - sin(z) / z^2, 0 at 0",
        rangeText: "[≈ -0.217234, 1]",
        continuity: "C^∞",
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in try tape.sinc(z) })
}

extension Activation {
    public static let sinc = ActivationRecord.sinc.standard
}
