import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let tanh = ActivationRecord(
        "tanh", "The hyperbolic tangent, steeper with c.",
        code: Int(NNB_F_TANH),
        formula: "f(z) = tanh(c z)",
        derivative: "c (1 - f^2)",
        rangeText: "(-1, 1)",
        range: .symmetric,
        continuity: "C^∞",
        remark: "the slide prints 2 / (1 + e^2x) - 1, which is tanh(-x); the exponent is -2 x",
        parameters: [Parameter(name: "c", summary: "the slope", value: 1, bound: .aboveZero)],
        traced: { (tape, z, f) throws(Failure) in
            f.parameter == 1 ? try tape.apply(.tanh, z) : try tape.apply(.tanh, tape.apply(.multiply, tape.leaf(f.parameter), z))
        })
}

extension Activation {
    public static let tanh = ActivationRecord.tanh.standard
}
