import CKernels

extension ActivationRecord {
    public static let step = ActivationRecord(
        "step", "The step of Heaviside: 0 or 1.",
        code: Int(NNB_F_STEP),
        formula: "f(z) = 0 if z < 0, else 1",
        derivative: "0",
        rangeText: "{0, 1}",
        range: .unit,
        isTrainable: false)
}

extension Activation {
    public static let step = ActivationRecord.step.standard
}
