import CKernels

extension ActivationRecord {
    public static let elu = ActivationRecord(
        "elu", "The exponential linear unit (Clevert et al. 2015, arXiv:1511.07289).",
        code: Int(NNB_F_ELU),
        formula: "f(z) = z if z > 0, else a (exp(z) - 1)",
        derivative: "1 if z > 0, else f + a (so a at 0)",
        rangeText: "(-a, ∞)",
        parameter: Parameter(name: "a", summary: "the limit below 0, as -a", value: 1, aboveZero: false),
        isRectifier: true)
}

extension Activation {
    public static let elu = ActivationRecord.elu.standard
}
