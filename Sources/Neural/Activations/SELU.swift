import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let selu = ActivationRecord(
        "selu", "The scaled exponential linear unit, which keeps mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515).",
        code: Int(NNB_F_SELU),
        formula: "f(z) = λ z if z > 0, else λ α (exp(z) - 1), λ = 1.0507, α = 1.67326",
        derivative: "λ if z > 0, else f + λ α (so λ α at 0)",
        rangeText: "(-λ α, ∞)",
        continuity: "C^0",
        remark: "the slide prints λ (f + α) for z < 0, with f not multiplied by λ",
        isRectifier: true,
        kink: { _ in 1.0507009873554805 * 1.6732632423543772 },
        traced: { (tape, z, f) throws(Failure) in
            let scale = 1.0507009873554805, alpha = 1.6732632423543772
            let above = try tape.rectified(z, f.atZero.map { $0 / scale })
            let below = f.atZero == nil ? try tape.apply(.subtract, z, above) : try tape.apply(.minimum, z, tape.leaf(0))
            let low = try tape.apply(.multiply, tape.leaf(alpha), tape.apply(.expm1, below))
            return try tape.apply(.multiply, tape.leaf(scale), tape.apply(.add, above, low))
        })
}

extension Activation {
    public static let selu = ActivationRecord.selu.standard
}
