import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let gelu = ActivationRecord(
        "gelu", "The Gaussian error linear unit: z times the probability that a normal number is below z (Hendrycks and Gimpel 2016, arXiv:1606.08415).",
        code: Int(NNB_F_GELU),
        formula: "f(z) = z Φ(z), Φ(z) = ½ (1 + erf(z / √2))",
        derivative: "Φ(z) + z φ(z), φ(z) = exp(-z^2 / 2) / √(2 π)",
        rangeText: "[≈ -0.1700, ∞)",
        continuity: "C^∞",
        isRectifier: true,
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in
            let error = try tape.apply(.erf, tape.apply(.multiply, tape.leaf(0.7071067811865476), z))
            let half = try tape.apply(.multiply, tape.leaf(0.5), z)
            return try tape.apply(.multiply, half, tape.apply(.add, tape.leaf(1), error))
        })
}

extension Activation {
    public static let gelu = ActivationRecord.gelu.standard
}
