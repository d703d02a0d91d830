import Autodiff
import CKernels
import Diagnostics

extension Loss {
    public static let zeroOne = Loss(
        "zero_one",
        "What is wrong costs 2 and what is right nothing, for targets -1 and 1, sign(0) = 1: the loss that the others stand in for, to be looked at and not to be trained. scale=0.5 makes the rate of errors of it.",
        code: Int(NNB_LOSS_ZERO_ONE),
        formula: "1/(m k) Σ ½ (y - sign ŷ)^2",
        derivative: "0 wherever there is one",
        reduction: .meanOfAll, factor: 0.5, targets: .signs, isTrainable: false,
        traced: { (tape, y, output, _) throws(Failure) in
            try tape.apply(.square, tape.apply(.subtract, tape.apply(.sign, output), y))
        })
}
