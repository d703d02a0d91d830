import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let leakyReLU = ActivationRecord(
        "leaky_relu", "A rectified linear unit that lets a part of negative numbers through. Keras has a = 0.2, PyTorch 0.01.",
        code: Int(NNB_F_LEAKY_RELU),
        formula: "f(z) = z if z > 0, else a z",
        derivative: "1 if z > 0, else a (so a at 0)",
        rangeText: "(-∞, ∞)",
        continuity: "C^0",
        parameters: [Parameter(name: "a", summary: "the slope below 0", value: 0.1, bound: .zeroOrMore)],
        isRectifier: true,
        kink: { $0[0] },
        traced: { (tape, z, f) throws(Failure) in try tape.leaky(z, f.parameter, f.atZero) })
}

extension Activation {
    public static let leakyReLU = ActivationRecord.leakyReLU.standard
}
