import Tensors

/// How the numbers of a parameter start; `in` and `out` are the numbers of inputs and outputs of the layer.
public enum Initializer: String, Sendable, CaseIterable {
    case zeros, ones
    /// Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010).
    case glorotUniform = "glorot_uniform"
    /// Normal with variance 2 / (in + out).
    case glorotNormal = "glorot_normal"
    /// Uniform in ±√(6 / in), for the family of relu (He et al. 2015, arXiv:1502.01852).
    case heUniform = "he_uniform"
    /// Normal with variance 2 / in.
    case heNormal = "he_normal"
    /// Uniform in ±√(3 / in) (LeCun et al. 1998).
    case lecunUniform = "lecun_uniform"
    /// Normal with variance 1 / in, for selu.
    case lecunNormal = "lecun_normal"

    /// One number.
    func draw(fanIn: Int, fanOut: Int, _ generator: inout Generator) -> Double {
        let inputs = Double(max(fanIn, 1)), outputs = Double(max(fanOut, 1))
        func uniform(_ bound: Double) -> Double { (2 * generator.uniform() - 1) * bound }
        switch self {
        case .zeros: return 0
        case .ones: return 1
        case .glorotUniform: return uniform((6 / (inputs + outputs)).squareRoot())
        case .glorotNormal: return generator.normal() * (2 / (inputs + outputs)).squareRoot()
        case .heUniform: return uniform((6 / inputs).squareRoot())
        case .heNormal: return generator.normal() * (2 / inputs).squareRoot()
        case .lecunUniform: return uniform((3 / inputs).squareRoot())
        case .lecunNormal: return generator.normal() * (1 / inputs).squareRoot()
        }
    }
}
