import Diagnostics
import Tensors

/// A fully connected layer: y = f(x W + b), input [batch, in] -> output [batch, units], W [in, units], b [units].
///
/// - units: the number of neurons, 1 or more.
/// - activation: f, identity by default.
/// - useBias: whether there is a b, which starts at 0; true by default.
/// - initializer: how W starts; by default Glorot's uniform, or He's for the family of relu.
/// - penalty: what a large W costs; nothing by default.
public struct Dense: Layer {
    public let units: Int
    public let activation: Activation
    public let useBias: Bool
    public let initializer: Initializer
    public let penalty: Penalty?

    public static let mostUnits = 1 << 24

    public init(
        _ units: Int, _ activation: Activation = .identity, useBias: Bool = true, initializer: Initializer? = nil,
        penalty: Penalty? = nil
    ) throws(Failure) {
        guard units > 0 else { throw Failure(.value, "units of dense must be 1 or more, not \(units)") }
        guard units <= Dense.mostUnits else { throw Failure(.value, "units of dense must be at most \(Dense.mostUnits), not \(units)") }
        self.units = units
        self.activation = activation
        self.useBias = useBias
        self.penalty = penalty
        self.initializer = initializer ?? (activation.record.isRectifier ? .heUniform : .glorotUniform)
    }

    public var title: String { "dense \(units)" }
    public var shownActivation: Activation? { activation }
    public var code: String {
        let options = (useBias ? "" : ", bias=false") + (penalty.map { ", penalty=\($0.text)" } ?? "")
        return "dense(\(units), \(activation.text)\(options))"
    }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard input.count == 1 || input.count == 2 else {
            throw Failure(
                .shape, "takes rows of numbers; a sample here is \(Tensor.text(of: input))",
                help: "put flatten() before it")
        }
        return input.dropLast() + [units]
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = input.last ?? 1
        let weights = ParameterDescription(
            name: "W", shape: [inputs, units], initializer: initializer, fanIn: inputs, fanOut: units,
            penalty: penalty)
        let bias = ParameterDescription(name: "b", shape: [units], initializer: .zeros, fanIn: inputs, fanOut: units)
        return (useBias ? [weights, bias] : [weights]) + activation.parameters(units)
    }

    public func work(for input: [Int]) -> Int { product(of: input) * units }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try DenseStage(context, units: units) }
}

/// y = x W, dx = dy Wᵀ, dW = xᵀ dy, db the sums of dy's columns. Columns of x that are 0 in all rows are left out of the
/// products with x.
final class DenseStage: Stage {
    private let kernels: Kernels
    private let inputs: Int
    private let units: Int
    /// Rows of numbers in a sample: the places of a sequence.
    private let positions: Int
    private let weights: UnsafeMutableRawPointer
    let bias: UnsafeRawPointer?
    let pieces: Int
    /// Rows of W whose gradient is formed at a time, and the room for it, a thread each.
    private let strip: Int
    private let gradients: Buffer
    private let stripBytes: Int
    let inputPieces: Int
    /// The sums over each piece of the inputs, [batch, units] a piece.
    private let partial: Buffer
    private let batch: Int

    init(_ context: StageContext, units: Int) throws(Failure) {
        guard let weights = context.parameters.first else { throw Failure(.internal, "dense has no W") }
        kernels = context.kernels
        inputs = context.input.last ?? 1
        self.units = units
        positions = product(of: context.input) / max(1, inputs)
        self.weights = weights
        bias = context.parameters.count > 1 ? UnsafeRawPointer(context.parameters[1]) : nil
        pieces = DenseStage.pieces(inputs, units)
        let most = max(16, DenseStage.stripLength / units)
        strip = min(inputs, most)
        stripBytes = (max(strip, 1) * units * kernels.size + 127) & ~63
        inputPieces = positions == 1 ? DenseStage.inputPieces(inputs, units) : 1
        let parts = inputPieces > 1 ? inputPieces : 0
        partial = try context.room(parts * context.batch * units)
        batch = context.batch
        gradients = try context.room(context.isTraining ? stripBytes / kernels.size * context.threads : 0, "the gradients")
    }

    /// Elements of a strip: a library's product is faster on large ones, and a strip, the averages and the parameters of
    /// a piece should fit into a core's cache together.
    static let stripLength = 12800

    /// Pieces of W's rows, a power of two: large enough to be worth a call, small enough to be shared evenly.
    private static func pieces(_ inputs: Int, _ units: Int) -> Int {
        let numbers = Double(inputs) * Double(units)
        var pieces = numbers >= 1024 && inputs >= 2 ? 2 : 1
        while pieces < 64, 2 * pieces <= inputs, numbers >= Double(2 * pieces) * 16384 { pieces *= 2 }
        return pieces
    }

    /// Few enough that adding them up costs nothing to speak of.
    private static func inputPieces(_ inputs: Int, _ units: Int) -> Int {
        guard Double(inputs) * Double(units) >= 32768 else { return 1 }
        return inputs >= 2048 ? 8 : inputs >= 1024 ? 4 : inputs >= 512 ? 2 : 1
    }

    func columns(ofInputPiece piece: Int) -> Range<Int> {
        inputs * piece / inputPieces..<inputs * (piece + 1) / inputPieces
    }

    /// Where the sums over a piece of the inputs lie.
    private func partial(_ piece: Int, _ row: Int) -> UnsafeMutableRawPointer {
        partial.bytes + (piece * batch + row) * units * kernels.size
    }

    func begin(_ piece: Int, _ batch: Part, x: UnsafeRawPointer) { begin(piece, batch.rows, x) }

    private func begin(_ piece: Int, _ rows: Range<Int>, _ x: UnsafeRawPointer) {
        let columns = columns(ofInputPiece: piece), size = kernels.size
        kernels.productOfUsed(
            rows.count, units, columns.count, x + (rows.lowerBound * inputs + columns.lowerBound) * size, inputs,
            transposed: false, weights + columns.lowerBound * units * size, units, partial(piece, rows.lowerBound), units)
    }

    func forwardBegun(_ part: Part, y: UnsafeMutableRawPointer) { addUp(part, bias, y) }

    private func addUp(_ part: Part, _ bias: UnsafeRawPointer?, _ y: UnsafeMutableRawPointer) {
        let first = part.rows.lowerBound
        kernels.table.pointee.add_pieces(
            part.rows.count, units, inputPieces, batch * units, partial(0, first), bias, y + first * units * kernels.size)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        if inputPieces > 1 {
            for piece in 0..<inputPieces { begin(piece, part.rows, x) }
            return addUp(part, nil, y)
        }
        let first = part.rows.lowerBound * positions, rows = part.rows.count * positions, size = kernels.size
        kernels.productOfUsed(
            rows, units, inputs, x + first * inputs * size, inputs, transposed: false, weights, units,
            y + first * units * size, units)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        guard let dx else { return }
        let first = part.rows.lowerBound * positions, rows = part.rows.count * positions, size = kernels.size
        kernels.product(
            rows, inputs, units, dy + first * units * size, units, transposed: false, weights, units, transposed: true,
            dx + first * inputs * size, inputs)
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let rows = batch.rows.count * positions, size = kernels.size
        let gradient = gradients.bytes + batch.thread * stripBytes
        var row = inputs * piece / pieces
        let end = inputs * (piece + 1) / pieces
        let count = (end - row + strip - 1) / strip
        for number in 0..<count {
            let height = (end - row) / (count - number)
            kernels.productOfUsed(
                height, units, rows, x + row * size, inputs, transposed: true, dy, units, gradient, units)
            update(0, from: row * units, count: height * units, gradient)
            row += height
        }
        if piece == 0, bias != nil {
            kernels.table.pointee.column_sums(rows, units, units, dy, gradient)
            update(1, from: 0, count: units, gradient)
        }
    }
}
