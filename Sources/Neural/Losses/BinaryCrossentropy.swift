import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let binaryCrossentropy = Loss(
        "binary_crossentropy",
        "For outputs that are probabilities of their own (sigmoid), targets from 0 to 1. After a sigmoid it is computed without rounding a probability to 0 or 1; of numbers alone with ŷ kept 1e-7 away from both. One slide has a factor ½ before it: scale=0.5.",
        code: Int(NNB_LOSS_BINARY_CROSSENTROPY),
        formula: "-1/(m k) Σ (y log ŷ + (1 - y) log(1 - ŷ))",
        reduction: .meanOfAll, targets: .probabilities,
        traced: { (tape, y, output, _) throws(Failure) in
            let one = try tape.leaf(1), inner = try tape.inside(output)
            let hit = try tape.apply(.multiply, y, tape.apply(.log, inner))
            let miss = try tape.apply(
                .multiply, tape.apply(.subtract, one, y), tape.apply(.log, tape.apply(.subtract, one, inner)))
            return try tape.apply(.negate, tape.apply(.add, hit, miss))
        })
}
