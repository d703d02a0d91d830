import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let softExponential = ActivationRecord(
        "soft_exponential", "Between logarithm (a = -1), identity (0) and exponential (1) (Godfrey and Gashler 2015, arXiv:1602.01321).",
        code: Int(NNB_F_SOFT_EXPONENTIAL),
        formula: "f(z) = -log(1 - a (z + a)) / a if a < 0, z if a = 0, (exp(a z) - 1) / a + a if a > 0",
        derivative: "1 / (1 - a (z + a)) if a < 0, else exp(a z)",
        rangeText: "(-∞, ∞) if a ≤ 0, (a - 1 / a, ∞) if a > 0",
        continuity: "C^∞",
        remark: "the slide states (-∞, ∞) for every a; for a < 0 it is defined only where 1 - a (z + a) > 0, elsewhere nan",
        parameters: [Parameter(name: "a", summary: "the form: -1 logarithm, 0 identity, 1 exponential", value: 0, bound: .finite)],
        traced: { (tape, z, f) throws(Failure) in
            let a = f.parameter
            if a == 0 { return z }
            if a > 0 {
                let grown = try tape.apply(.expm1, tape.apply(.multiply, tape.leaf(a), z))
                return try tape.apply(.add, tape.apply(.divide, grown, tape.leaf(a)), tape.leaf(a))
            }
            let inner = try tape.apply(.multiply, tape.leaf(-a), tape.apply(.add, z, tape.leaf(a)))
            return try tape.apply(.divide, tape.apply(.log1p, inner), tape.leaf(-a))
        })
}

extension Activation {
    public static let softExponential = ActivationRecord.softExponential.standard
}
