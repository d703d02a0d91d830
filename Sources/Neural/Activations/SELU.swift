import CKernels

extension ActivationRecord {
    public static let selu = ActivationRecord(
        "selu", "The scaled exponential linear unit, which keeps mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515).",
        code: Int(NNB_F_SELU),
        formula: "f(z) = λ z if z > 0, else λ α (exp(z) - 1), λ = 1.0507, α = 1.6733",
        derivative: "λ if z > 0, else f + λ α (so λ α at 0)",
        rangeText: "(-λ α, ∞)",
        isRectifier: true)
}

extension Activation {
    public static let selu = ActivationRecord.selu.standard
}
