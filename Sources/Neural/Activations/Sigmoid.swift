import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let sigmoid = ActivationRecord(
        "sigmoid", "The logistic function, steeper with c.",
        code: Int(NNB_F_SIGMOID),
        formula: "f(z) = 1 / (1 + exp(-c z))",
        derivative: "c f (1 - f)",
        rangeText: "(0, 1)",
        range: .unit,
        continuity: "C^∞",
        parameters: [Parameter(name: "c", summary: "the slope", value: 1, bound: .aboveZero)],
        traced: { (tape, z, f) throws(Failure) in try tape.sigmoid(z, f.parameter) })
}

extension Activation {
    public static let sigmoid = ActivationRecord.sigmoid.standard
}
