import Diagnostics
import Tensors

/// The rectified linear unit whose slope below 0 is trained (He et al. 2015, arXiv:1502.01852): y = x where x ≥ 0, else a x,
/// input and output [batch, …, d], a [d], one for each place of the last axis. It is what `prelu` becomes behind a layer:
/// that layer has the parameter a then.
struct PReLU: Layer {
    let function: Activation

    var title: String { "prelu" }
    var code: String { function.text }
    func outputShape(for input: [Int]) -> [Int] { input }
    func parameters(for input: [Int]) -> [ParameterDescription] { function.parameters(input.last ?? 1) }
    func work(for input: [Int]) -> Int { 2 * product(of: input) }
    func stage(_ context: StageContext) throws(Failure) -> any Stage { try PReLUStage(function, context) }
}

extension Activation {
    /// What it trains behind a layer with so many units, or channels.
    func parameters(_ units: Int) -> [ParameterDescription] {
        record.isTrained
            ? [ParameterDescription(name: "a", shape: [units], initializer: .zeros, start: parameter)] : []
    }
}

final class PReLUStage: Stage {
    private let kernels: Kernels
    private let columns: Int
    private let places: Int
    private let slope: UnsafeMutableRawPointer
    private let atZero: Double
    private let gradient: Buffer
    let pieces = 1

    init(_ function: Activation, _ context: StageContext) throws(Failure) {
        guard let slope = context.parameters.first else { throw Failure(.internal, "prelu has no a") }
        kernels = context.kernels
        columns = max(1, context.input.last ?? 1)
        places = product(of: context.input) / columns
        self.slope = slope
        atZero = function.loop.slopeAtZero
        gradient = try context.room(columns, "the gradients")
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let start = part.rows.lowerBound * places * columns * kernels.size
        kernels.table.pointee.prelu(part.rows.count * places, columns, slope, x + start, y + start)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        guard let dx else { return }
        let start = part.rows.lowerBound * places * columns * kernels.size
        kernels.table.pointee.prelu_back(
            part.rows.count * places, columns, atZero, slope, x + start, dy + start, dx + start)
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        gradient.clear()
        kernels.table.pointee.prelu_train(batch.rows.count * places, columns, x, dy, gradient.bytes)
        update(0, from: 0, count: columns, gradient.bytes)
    }
}
