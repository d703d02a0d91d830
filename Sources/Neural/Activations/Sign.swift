import CKernels

extension ActivationRecord {
    public static let sign = ActivationRecord(
        "sign", "-1 or 1 by the sign.",
        code: Int(NNB_F_SIGN),
        formula: "f(z) = -1 if z < 0, else 1",
        derivative: "0",
        rangeText: "{-1, 1}",
        range: .symmetric,
        isTrainable: false)
}

extension Activation {
    public static let sign = ActivationRecord.sign.standard
}
