import CKernels

extension ActivationRecord {
    public static let sigmoid = ActivationRecord(
        "sigmoid", "The logistic function, steeper with c.",
        code: Int(NNB_F_SIGMOID),
        formula: "f(z) = 1 / (1 + exp(-c z))",
        derivative: "c f (1 - f)",
        rangeText: "(0, 1)",
        range: .unit,
        parameter: Parameter(name: "c", summary: "the slope", value: 1, aboveZero: true))
}

extension Activation {
    public static let sigmoid = ActivationRecord.sigmoid.standard
}
