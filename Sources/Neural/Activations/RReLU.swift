import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let rrelu = ActivationRecord(
        "rrelu", "A rectified linear unit whose slope below 0 is drawn anew for each number in training and is the mean (lower + upper) / 2 in use (Xu et al. 2015, arXiv:1505.00853).",
        code: Int(NNB_F_RRELU),
        formula: "f(z) = z if z > 0, else a z, a uniform in [lower, upper]",
        derivative: "1 if z > 0, else a (so a at 0)",
        rangeText: "(-∞, ∞)",
        continuity: "C^0",
        parameters: [
            Parameter(name: "lower", summary: "the least slope below 0", value: 0.125, bound: .zeroOrMore),
            Parameter(name: "upper", summary: "the greatest slope below 0", value: 1 / 3.0, bound: .zeroOrMore),
        ],
        isRectifier: true,
        kink: { _ in .nan },
        needsSum: true,
        traced: { (tape, z, f) throws(Failure) in try tape.leaky(z, f.loop.usual, f.atZero) })
}

extension Activation {
    public static let rrelu = ActivationRecord.rrelu.standard
}
