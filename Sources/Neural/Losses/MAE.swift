import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let mae = Loss(
        "mae",
        "The mean absolute error, over samples and outputs.",
        code: Int(NNB_LOSS_ABSOLUTE),
        formula: "1/(m k) Σ |ŷ - y|",
        derivative: "sign(ŷ - y) / (m k), 0 where ŷ = y",
        reduction: .meanOfAll,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.abs, tape.apply(.subtract, output, y))
        })
}
