import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let prelu = ActivationRecord(
        "prelu", "A rectified linear unit whose slope below 0 is trained, one for each unit (He et al. 2015, arXiv:1502.01852). In a network it is a layer of its own with the parameter `a`.",
        code: Int(NNB_F_LEAKY_RELU),
        formula: "f(z) = z if z > 0, else a z",
        derivative: "1 if z > 0, else a (so a at 0); ∂f/∂a = 0 if z > 0, else z",
        rangeText: "(-∞, ∞)",
        continuity: "C^0",
        parameters: [Parameter(name: "a", summary: "the slope below 0, or where it starts", value: 0.25, bound: .zeroOrMore)],
        isRectifier: true,
        kink: { $0[0] },
        traced: { (tape, z, f) throws(Failure) in try tape.leaky(z, f.parameter, f.atZero) })
}

extension Activation {
    public static let prelu = ActivationRecord.prelu.standard
}
