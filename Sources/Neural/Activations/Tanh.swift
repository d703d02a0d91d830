import CKernels

extension ActivationRecord {
    public static let tanh = ActivationRecord(
        "tanh", "The hyperbolic tangent, steeper with c.",
        code: Int(NNB_F_TANH),
        formula: "f(z) = tanh(c z)",
        derivative: "c (1 - f^2)",
        rangeText: "(-1, 1)",
        range: .symmetric,
        parameter: Parameter(name: "c", summary: "the slope", value: 1, aboveZero: true))
}

extension Activation {
    public static let tanh = ActivationRecord.tanh.standard
}
