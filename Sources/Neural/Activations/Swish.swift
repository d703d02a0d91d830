import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let swish = ActivationRecord(
        "swish", "z sigmoid(c z) (Ramachandran et al. 2017, arXiv:1710.05941); with c = 1 also called silu.",
        code: Int(NNB_F_SWISH),
        formula: "f(z) = z / (1 + exp(-c z))",
        derivative: "s + c z s (1 - s), s = 1 / (1 + exp(-c z))",
        rangeText: "[≈ -0.2785 / c, ∞)",
        continuity: "C^∞",
        parameters: [Parameter(name: "c", summary: "the slope inside", value: 1, bound: .aboveZero)],
        isRectifier: true,
        needsSum: true,
        traced: { (tape, z, f) throws(Failure) in try tape.apply(.multiply, z, tape.sigmoid(z, f.parameter)) })
}

extension Activation {
    public static let swish = ActivationRecord.swish.standard
}
