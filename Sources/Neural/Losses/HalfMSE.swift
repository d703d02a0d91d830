import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let halfMSE = Loss(
        "half_mse",
        "Half the squared distance, averaged over the samples: its gradient by an output is (ŷ - y) / m.",
        code: Int(NNB_LOSS_SQUARED),
        formula: "1/m Σ_samples ½ ‖ŷ - y‖^2",
        reduction: .meanOverSamples, factor: 0.5,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.square, tape.apply(.subtract, output, y))
        })
}
