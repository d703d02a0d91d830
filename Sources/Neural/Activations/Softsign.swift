import CKernels

extension ActivationRecord {
    public static let softsign = ActivationRecord(
        "softsign", "A slower tanh.",
        code: Int(NNB_F_SOFTSIGN),
        formula: "f(z) = z / (1 + |z|)",
        derivative: "1 / (1 + |z|)^2",
        rangeText: "(-1, 1)",
        range: .symmetric)
}

extension Activation {
    public static let softsign = ActivationRecord.softsign.standard
}
