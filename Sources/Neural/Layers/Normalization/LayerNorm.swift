import CKernels
import Diagnostics
import Tensors

/// Gives the last axis of each sample mean 0 and variance 1, then scales and moves it: input and output [batch, …, d].
///
///     y = γ (x - μ) / √(σ² + ε) + β      μ, σ² the mean and the variance (by d) of the last axis
///
/// gamma [d] starts at 1, beta [d] at 0.
///
/// - epsilon: ε, 0.001 by default, as in Keras.
/// - hasScale, hasCentre: whether there is a γ, a β; true by default.
///
/// Ba, Kiros and Hinton 2016, arXiv:1607.06450.
public struct LayerNorm: Layer {
    public let epsilon: Double
    public let hasScale: Bool
    public let hasCentre: Bool

    public init(epsilon: Double = 1e-3, hasScale: Bool = true, hasCentre: Bool = true) throws(Failure) {
        guard epsilon > 0, epsilon.isFinite else {
            throw Failure(.value, "epsilon of layernorm must be above 0, not \(NumberText.plain(epsilon))")
        }
        self.epsilon = epsilon
        self.hasScale = hasScale
        self.hasCentre = hasCentre
    }

    public var title: String { "layernorm" }
    public var code: String {
        let options = (epsilon == 1e-3 ? [] : ["epsilon=\(NumberText.plain(epsilon))"]) + (hasScale ? [] : ["scale=false"])
            + (hasCentre ? [] : ["center=false"])
        return "layernorm(\(options.joined(separator: ", ")))"
    }
    public func outputShape(for input: [Int]) -> [Int] { input }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let length = input.last ?? 1
        return (hasScale ? [ParameterDescription(name: "gamma", shape: [length], initializer: .ones)] : [])
            + (hasCentre ? [ParameterDescription(name: "beta", shape: [length], initializer: .zeros)] : [])
    }

    public func work(for input: [Int]) -> Int { 8 * product(of: input) }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try LayerNormStage(self, context) }
}

final class LayerNormStage: Stage {
    private let epsilon: Double
    private let size: Int
    private let loops: nnb_layers
    /// Of the last axis, and how many of it a sample has.
    private let length: Int
    private let places: Int
    private let gamma: UnsafeMutableRawPointer?
    private let beta: UnsafeMutableRawPointer?
    private let normal: Buffer
    private let roots: Buffer
    private let sums: Buffer
    let pieces: Int

    init(_ layer: LayerNorm, _ context: StageContext) throws(Failure) {
        epsilon = layer.epsilon
        size = context.dtype.size
        loops = context.loops
        length = max(1, context.input.last ?? 1)
        places = product(of: context.input) / length
        gamma = layer.hasScale ? context.parameters.first : nil
        beta = layer.hasCentre ? context.parameters.last : nil
        normal = try context.room([context.batch, places, length])
        roots = try context.room([context.batch, places])
        sums = try context.room(2 * length, "the gradients")
        pieces = context.parameters.isEmpty ? 0 : 1
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let first = part.rows.lowerBound * places, start = first * length * size
        loops.layernorm_forward(
            part.rows.count * places, length, epsilon, gamma, beta, x + start, normal.bytes + start, roots.bytes + first * size,
            y + start)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        guard let dx else { return }
        let first = part.rows.lowerBound * places, start = first * length * size
        loops.layernorm_backward(
            part.rows.count * places, length, gamma, normal.bytes + start, roots.bytes + first * size, dy + start, dx + start)
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let products = sums.bytes + length * size
        loops.gradient_sums(batch.rows.count * places, length, length, dy, normal.bytes, sums.bytes, products)
        if gamma != nil { update(0, from: 0, count: length, products) }
        if beta != nil { update(gamma == nil ? 0 : 1, from: 0, count: length, sums.bytes) }
    }
}
