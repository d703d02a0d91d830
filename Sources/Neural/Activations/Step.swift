import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let step = ActivationRecord(
        "step", "The step of Heaviside: 0 or 1.",
        code: Int(NNB_F_STEP),
        formula: "f(z) = 0 if z < 0, else 1",
        derivative: "0",
        rangeText: "{0, 1}",
        range: .unit,
        continuity: "C^-1",
        isTrainable: false,
        traced: { (tape, z, _) throws(Failure) in
            try tape.apply(.multiply, tape.leaf(0.5), tape.apply(.add, tape.leaf(1), tape.apply(.sign, z)))
        })
}

extension Activation {
    public static let step = ActivationRecord.step.standard
}
