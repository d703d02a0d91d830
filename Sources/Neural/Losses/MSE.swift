import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let mse = Loss(
        "mse",
        "The mean squared error, over samples and outputs, as Keras and PyTorch have it.",
        code: Int(NNB_LOSS_SQUARED),
        formula: "1/(m k) Σ (ŷ - y)^2",
        reduction: .meanOfAll,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.square, tape.apply(.subtract, output, y))
        })
}
