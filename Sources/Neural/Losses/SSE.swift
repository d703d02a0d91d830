import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let sse = Loss(
        "sse",
        "The sum of the squared errors, over samples and outputs. The gradient grows with the batch: take a learning rate m times smaller than with a mean.",
        code: Int(NNB_LOSS_SQUARED),
        formula: "Σ (ŷ - y)^2",
        reduction: .sum,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.square, tape.apply(.subtract, output, y))
        })
}
