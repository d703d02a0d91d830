import Autodiff
import CKernels
import Diagnostics

extension ActivationRecord {
    public static let geluTanh = ActivationRecord(
        "gelu_tanh", "The usual approximation of gelu by tanh, as in GPT-2 (PyTorch's approximate=\"tanh\", the default of JAX).",
        code: Int(NNB_F_GELU_TANH),
        formula: "f(z) = ½ z (1 + tanh(u)), u = √(2 / π) (z + 0.044715 z^3)",
        derivative: "½ (1 + tanh u) + ½ z (1 - tanh(u)^2) √(2 / π) (1 + 0.134145 z^2)",
        rangeText: "[≈ -0.1700, ∞)",
        continuity: "C^∞",
        isRectifier: true,
        needsSum: true,
        traced: { (tape, z, _) throws(Failure) in
            func times(_ a: Double, _ x: Variable) throws(Failure) -> Variable { try tape.apply(.multiply, tape.leaf(a), x) }
            let cube = try tape.apply(.multiply, tape.apply(.square, z), z)
            let inner = try times(0.7978845608028654, tape.apply(.add, z, times(0.044715, cube)))
            return try times(0.5, tape.apply(.multiply, z, tape.apply(.add, tape.leaf(1), tape.apply(.tanh, inner))))
        })
}

extension Activation {
    public static let geluTanh = ActivationRecord.geluTanh.standard
}
