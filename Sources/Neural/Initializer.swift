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
    package func fill(
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

    /// More vectors than these are as good as orthogonal as they are drawn, and take too long to be made so.
    private static let mostOrthogonal = 4096

    /// Gram and Schmidt on normal numbers, block by block so that most of the work is products of matrices, each block
    /// twice, which is enough (Giraud et al. 2005).
    private static func fillOrthogonal(
        _ numbers: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, _ generator: inout Generator
    ) {
        let count = min(rows, columns), length = max(rows, columns), block = 32
        guard count > 0 else { return }
        guard count <= mostOrthogonal else {
            let scale = 1 / Double(length).squareRoot()
            for index in 0..<rows * columns { numbers[index] = scale * generator.normal() }
            return
        }
        let kernels = Kernels(.float64)
        let basis = rows <= columns ? numbers : UnsafeMutablePointer<Double>.allocate(capacity: count * length)
        let shares = UnsafeMutablePointer<Double>.allocate(capacity: block * (count + length))
        let shadow = shares + block * count
        /// Takes from vectors what they share with the first `known` of the basis.
        func project(_ vectors: UnsafeMutablePointer<Double>, _ many: Int, from first: Int, _ known: Int) {
            guard known > 0 else { return }
            let others = basis + first * length
            kernels.product(
                many, known, length, vectors, length, transposed: false, others, length, transposed: true, shares, known)
            kernels.product(
                many, length, known, shares, known, transposed: false, others, length, transposed: false, shadow, length)
            for index in 0..<many * length { vectors[index] -= shadow[index] }
        }
        for start in stride(from: 0, to: count, by: block) {
            let many = min(block, count - start), vectors = basis + start * length
            for index in 0..<many * length { vectors[index] = generator.normal() }
            for _ in 0..<2 {
                project(vectors, many, from: 0, start)
                for row in 0..<many {
                    let vector = vectors + row * length
                    project(vector, 1, from: start, row)
                    var square = 0.0
                    for index in 0..<length { square += vector[index] * vector[index] }
                    let scale = square > 0 ? 1 / square.squareRoot() : 0
                    for index in 0..<length { vector[index] *= scale }
                }
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
