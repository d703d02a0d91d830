import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let elu = ActivationRecord(
        "elu", "The exponential linear unit (Clevert et al. 2015, arXiv:1511.07289).",
        code: Int(NNB_F_ELU),
        formula: "f(z) = z if z > 0, else a (exp(z) - 1)",
        derivative: "1 if z > 0, else f + a (so a at 0)",
        rangeText: "(-a, ∞)",
        continuity: "C^1 for a = 1, else C^0",
        parameters: [Parameter(name: "a", summary: "the limit below 0, as -a", value: 1, bound: .zeroOrMore)],
        isRectifier: true,
        kink: { $0[0] },
        traced: { (tape, z, f) throws(Failure) in
            let above = try tape.rectified(z, f.atZero)
            // min(z, 0), whose derivative at 0 is 1, or 0 where another is chosen.
            let below = f.atZero == nil ? try tape.apply(.subtract, z, above) : try tape.apply(.minimum, z, tape.leaf(0))
            return try tape.apply(.add, above, tape.apply(.multiply, tape.leaf(f.parameter), tape.apply(.expm1, below)))
        })
}

extension Activation {
    public static let elu = ActivationRecord.elu.standard
}
