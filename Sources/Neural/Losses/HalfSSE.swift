import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let halfSSE = Loss(
        "half_sse",
        "Half the sum of the squared errors, E(w) of the course; its gradient by an output is ŷ - y, so it grows with the batch.",
        code: Int(NNB_LOSS_SQUARED),
        formula: "½ Σ (ŷ - y)^2",
        reduction: .sum, factor: 0.5,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.square, tape.apply(.subtract, output, y))
        })
}
