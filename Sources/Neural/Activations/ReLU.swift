import CKernels

extension ActivationRecord {
    public static let relu = ActivationRecord(
        "relu", "The rectified linear unit.",
        code: Int(NNB_F_RELU),
        formula: "f(z) = max(0, z)",
        derivative: "1 if z > 0, else 0 (so 0 at 0)",
        rangeText: "[0, ∞)",
        isRectifier: true)
}

extension Activation {
    public static let relu = ActivationRecord.relu.standard
}
