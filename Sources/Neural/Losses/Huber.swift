import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let huber = Loss(
        "huber",
        "Squared near the target and absolute far from it, so that outliers pull no harder than others (Huber 1964).",
        code: Int(NNB_LOSS_HUBER),
        formula: "1/(m k) Σ h(ŷ - y), h(e) = ½ e^2 if |e| ≤ δ, else δ (|e| - ½ δ)",
        derivative: "(ŷ - y) kept between -δ and δ, / (m k)",
        reduction: .meanOfAll,
        parameter: (name: "delta", summary: "where it turns from squared to absolute, δ, above 0", value: 1),
        traced: { (tape, y, output, loss) throws(Failure) in
            // With q = min(|e|, δ): ½ q^2 + δ (|e| - q).
            let distance = try tape.apply(.abs, tape.apply(.subtract, output, y)), delta = try tape.leaf(loss.parameter)
            let near = try tape.apply(.minimum, distance, delta)
            let square = try tape.apply(.multiply, tape.leaf(0.5), tape.apply(.square, near))
            let line = try tape.apply(.multiply, delta, tape.apply(.subtract, distance, near))
            return try tape.apply(.add, square, line)
        })
}
