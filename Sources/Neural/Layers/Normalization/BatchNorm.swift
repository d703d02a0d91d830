import CKernels
import Diagnostics
import Tensors

/// Gives each place of the last axis mean 0 and variance 1 over the batch (and over the axes between), then scales and
/// moves it: input and output [batch, …, d].
///
///     y = γ (x - μ) / √(σ² + ε) + β
///     training: μ, σ² the mean and the variance (by n) of the batch; m = momentum m + (1 - momentum) μ, v likewise
///     else:     μ = m, σ² = v
///
/// gamma [d] starts at 1, beta [d] at 0, moving_mean [d] m at 0, moving_variance [d] v at 1.
///
/// - momentum: 0.99 by default, as in Keras, from 0 to 1.
/// - epsilon: ε, 0.001 by default, as in Keras.
///
/// Ioffe and Szegedy 2015, arXiv:1502.03167.
public struct BatchNorm: Layer {
    public let momentum: Double
    public let epsilon: Double

    public init(momentum: Double = 0.99, epsilon: Double = 1e-3) throws(Failure) {
        guard momentum >= 0, momentum <= 1 else {
            throw Failure(.value, "momentum of batchnorm must be from 0 to 1, not \(NumberText.plain(momentum))")
        }
        guard epsilon > 0, epsilon.isFinite else {
            throw Failure(.value, "epsilon of batchnorm must be above 0, not \(NumberText.plain(epsilon))")
        }
        self.momentum = momentum
        self.epsilon = epsilon
    }

    public var title: String { "batchnorm" }
    public var code: String {
        let options = (momentum == 0.99 ? [] : ["momentum=\(NumberText.plain(momentum))"])
            + (epsilon == 1e-3 ? [] : ["epsilon=\(NumberText.plain(epsilon))"])
        return "batchnorm(\(options.joined(separator: ", ")))"
    }
    public func outputShape(for input: [Int]) -> [Int] { input }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let shape = [input.last ?? 1]
        return [
            ParameterDescription(name: "gamma", shape: shape, initializer: .ones),
            ParameterDescription(name: "beta", shape: shape, initializer: .zeros),
            ParameterDescription(name: "moving_mean", shape: shape, initializer: .zeros, isTrained: false),
            ParameterDescription(name: "moving_variance", shape: shape, initializer: .ones, isTrained: false),
        ]
    }

    public func work(for input: [Int]) -> Int { 8 * product(of: input) }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try BatchNormStage(self, context) }
}

/// In an executor that trains it gets all rows at once and divides its columns among the threads, in another one parts
/// of the rows.
final class BatchNormStage: Stage {
    private let layer: BatchNorm
    private let isTraining: Bool
    private let kernels: Kernels
    private let loops: nnb_layers
    private let columns: Int
    /// Rows of columns in a sample.
    private let places: Int
    private let gamma: UnsafeMutableRawPointer
    private let beta: UnsafeMutableRawPointer
    private let movingMean: UnsafeMutableRawPointer
    private let movingVariance: UnsafeMutableRawPointer
    private let normal: Buffer
    /// A mean, a variance and 1 / √(variance + ε) for each column; a thread each where rows are divided.
    private let statistics: Buffer
    private let sums: Buffer

    init(_ layer: BatchNorm, _ context: StageContext) throws(Failure) {
        guard context.parameters.count == 4 else { throw Failure(.internal, "the layer has no parameters") }
        self.layer = layer
        isTraining = context.isTraining
        kernels = context.kernels
        loops = context.loops
        columns = max(1, context.input.last ?? 1)
        places = product(of: context.input) / columns
        gamma = context.parameters[0]
        beta = context.parameters[1]
        movingMean = context.parameters[2]
        movingVariance = context.parameters[3]
        normal = try context.room(isTraining ? [context.batch, places, columns] : [0])
        statistics = try Buffer(bytes: 3 * columns * 8 * context.threads, for: "the outputs of a layer")
        sums = try context.room(2 * columns, "the gradients")
    }

    var needsWholeBatch: Bool { true }
    var wholePieces: Int { isTraining ? max(1, min(columns / 16, 8)) : 1 }

    /// The columns of a piece, which begins at a cache line.
    private func columns(of piece: Int) -> Range<Int> {
        func bound(_ piece: Int) -> Int { piece == wholePieces ? columns : columns * piece / wholePieces & ~15 }
        return bound(piece)..<bound(piece + 1)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size
        let own = isTraining ? columns(of: part.number) : 0..<columns
        let base = statistics.bytes + (isTraining ? 0 : part.thread * 3 * columns * 8)
        let means = base.assumingMemoryBound(to: Double.self), variances = means + columns, roots = variances + columns
        let first = own.lowerBound, count = own.count, rows = part.rows.count * places
        let start = (part.rows.lowerBound * places * columns + first) * size
        if part.isTraining, isTraining {
            loops.moments(rows, count, columns, x + start, means + first, variances + first)
        } else {
            for column in own {
                means[column] = number(movingMean, column)
                variances[column] = number(movingVariance, column)
            }
        }
        for column in own { roots[column] = 1 / (variances[column] + layer.epsilon).squareRoot() }
        loops.normalize(
            rows, count, columns, x + start, means + first, roots + first, gamma + first * size, beta + first * size,
            isTraining ? normal.bytes + start : nil, y + start)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let size = kernels.size, own = columns(of: part.number), first = own.lowerBound, offset = first * size
        let rows = part.rows.count * places
        let roots = statistics.bytes.assumingMemoryBound(to: Double.self) + 2 * columns + first
        let products = sums.bytes + columns * size
        loops.gradient_sums(
            rows, own.count, columns, dy + offset, normal.bytes + offset, sums.bytes + offset, products + offset)
        guard let dx else { return }
        // The moving averages do not depend on x.
        loops.batchnorm_backward(
            rows, own.count, columns, part.isTraining ? 1 / Double(max(1, rows)) : 0, roots, gamma + offset, normal.bytes + offset,
            sums.bytes + offset, products + offset, dy + offset, dx + offset)
    }

    var pieces: Int { 1 }

    /// The moving averages follow here, where it is known that the loss was finite.
    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        update(0, from: 0, count: columns, sums.bytes + columns * kernels.size)
        update(1, from: 0, count: columns, sums.bytes)
        guard batch.isTraining else { return }
        let means = statistics.bytes.assumingMemoryBound(to: Double.self), variances = means + columns
        for column in 0..<columns {
            for (place, fresh) in [(movingMean, means[column]), (movingVariance, variances[column])] {
                store(layer.momentum * number(place, column) + (1 - layer.momentum) * fresh, place, column)
            }
        }
    }

    private func number(_ place: UnsafeMutableRawPointer, _ index: Int) -> Double {
        kernels.isDouble
            ? place.load(fromByteOffset: index * 8, as: Double.self) : Double(place.load(fromByteOffset: index * 4, as: Float.self))
    }

    private func store(_ value: Double, _ place: UnsafeMutableRawPointer, _ index: Int) {
        if kernels.isDouble {
            place.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
        } else {
            place.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
        }
    }
}
