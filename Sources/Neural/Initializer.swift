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

    /// Rows, or where there are fewer of them columns, at right angles and of length 1 (Saxe et al. 2014, arXiv:1312.6120).
    case orthogonal
    /// Uniform in ±0.05, for embeddings.
    case uniform
    /// Of the b of an lstm [4 units]: 1 for the forget gate, which is the second, else 0.
    case unitForget = "unit_forget"

    /// Those that the weights of any layer may start with.
    public static let forWeights = allCases.filter { $0 != .unitForget }

    /// All numbers of a parameter.
    func fill(
        _ numbers: UnsafeMutablePointer<Double>, _ shape: [Int], fanIn: Int, fanOut: Int, _ generator: inout Generator
    ) {
        let count = shape.reduce(1, *)
        switch self {
        case .orthogonal:
            let columns = max(1, shape.last ?? 1)
            Initializer.fillOrthogonal(numbers, count / columns, columns, &generator)
        case .unitForget:
            for index in 0..<count { numbers[index] = index >= count / 4 && index < count / 2 ? 1 : 0 }
        default:
            for index in 0..<count { numbers[index] = draw(fanIn: fanIn, fanOut: fanOut, &generator) }
        }
    }

    /// Gram and Schmidt on normal numbers, each row twice, which is enough (Giraud et al. 2005).
    private static func fillOrthogonal(
        _ numbers: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, _ generator: inout Generator
    ) {
        let count = min(rows, columns), length = max(rows, columns)
        guard count > 0 else { return }
        let loops = Kernels(.float64).table.pointee
        let basis = rows <= columns ? numbers : UnsafeMutablePointer<Double>.allocate(capacity: count * length)
        let shares = UnsafeMutablePointer<Double>.allocate(capacity: count + length)
        let shadow = shares + count
        for row in 0..<count {
            let vector = basis + row * length
            for index in 0..<length { vector[index] = generator.normal() }
            for _ in 0..<2 {
                if row > 0 {
                    loops.product(0, 1, 1, row, length, vector, length, basis, length, shares, row, 0)
                    loops.product(0, 0, 1, length, row, shares, row, basis, length, shadow, length, 0)
                    for index in 0..<length { vector[index] -= shadow[index] }
                }
                var square = 0.0
                for index in 0..<length { square += vector[index] * vector[index] }
                let scale = square > 0 ? 1 / square.squareRoot() : 0
                for index in 0..<length { vector[index] *= scale }
            }
        }
        shares.deallocate()
        guard rows > columns else { return }
        for row in 0..<rows { for column in 0..<columns { numbers[row * columns + column] = basis[column * length + row] } }
        basis.deallocate()
    }

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
        case .uniform: return uniform(0.05)
        case .orthogonal, .unitForget: return 0
        }
    }
}
