import CKernels
import Diagnostics
import Tensors

/// Self-attention with several heads: input and output [batch, steps, features].
///
///     head h: Q = x Wq + bq, K = x Wk + bk, V = x Wv + bv     (its own `width` columns of each)
///             O = softmax(Q Kᵀ / √width) V                    each row of the softmax by itself
///     y = [O of each head] Wo + bo
///
/// Wq, Wk, Wv [features, heads width] and Wo [heads width, features] start as Glorot's uniform, the biases at 0.
///
/// - heads: how many, 1 or more.
/// - width: the length of a query, by default features / heads.
/// - isCausal: a step sees itself and those before it, not those after; false by default.
/// - mask: steps whose features all have this value are seen by none.
///
/// Vaswani et al. 2017, arXiv:1706.03762.
public struct Attention: Layer {
    public let heads: Int
    public let width: Int?
    public let isCausal: Bool
    public let mask: Double?

    public init(_ heads: Int, width: Int? = nil, isCausal: Bool = false, mask: Double? = nil) throws(Failure) {
        guard heads > 0, heads <= 1 << 12 else {
            throw Failure(.value, "heads of attention must be from 1 to \(1 << 12), not \(heads)")
        }
        if let width, width < 1 || width > 1 << 16 {
            throw Failure(.value, "width of attention must be from 1 to \(1 << 16), not \(width)")
        }
        self.heads = heads
        self.width = width
        self.isCausal = isCausal
        self.mask = mask
    }

    public var title: String { "attention \(heads)" + (isCausal ? ", causal" : "") }

    public var code: String {
        let options = (width.map { ["width=\($0)"] } ?? []) + (isCausal ? ["causal=true"] : [])
            + (mask.map { ["mask=\(NumberText.plain($0))"] } ?? [])
        return "attention(\(([String(heads)] + options).joined(separator: ", ")))"
    }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard input.count == 2, input[0] > 0, input[1] > 0 else {
            throw Failure(
                .shape, "takes sequences [steps, features]; a sample here is \(Tensor.text(of: input))",
                help: input.count == 1 ? "put embedding(…) or reshape(…) before it" : nil)
        }
        guard width != nil || input[1] % heads == 0 else {
            throw Failure(
                .shape, "divides \(input[1]) features among \(heads) heads, and \(input[1]) is no multiple of \(heads)",
                help: "give the width of a head: attention(\(heads), width=\(max(1, input[1] / heads)))")
        }
        return input
    }

    func width(for input: [Int]) -> Int { width ?? max(1, (input.last ?? 0) / heads) }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let features = input.last ?? 0, inner = heads * width(for: input)
        func pair(_ name: String, _ from: Int, _ to: Int) -> [ParameterDescription] {
            [
                ParameterDescription(name: "W\(name)", shape: [from, to], initializer: .glorotUniform, fanIn: from, fanOut: to),
                ParameterDescription(name: "b\(name)", shape: [to], initializer: .zeros),
            ]
        }
        return pair("q", features, inner) + pair("k", features, inner) + pair("v", features, inner) + pair("o", inner, features)
    }

    public func work(for input: [Int]) -> Int {
        let steps = input.first ?? 0, features = input.last ?? 0, inner = heads * width(for: input)
        return 4 * steps * features * inner + 4 * steps * steps * inner
    }

    public var leastRows: Int { 4 }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try AttentionStage(self, context) }
}

final class AttentionStage: Stage {
    private let layer: Attention
    private let kernels: Kernels
    private let loops: nnb_layers
    private let steps: Int
    private let features: Int
    private let width: Int
    /// Of all heads together.
    private let inner: Int
    private let parameters: [UnsafeMutableRawPointer]
    /// Q, K, V and O of each sample, [steps, inner], and the gradients by them.
    private let values: [Buffer]
    private let deltas: [Buffer]
    /// The softmax of each head.
    private let shares: Buffer
    private let mask: StepMask
    private let scratch: Buffer
    private let space: Buffer
    private let gradient: StepGradient
    private let outputGradient: StepGradient
    private let biasSums: Buffer

    init(_ layer: Attention, _ context: StageContext) throws(Failure) {
        guard context.parameters.count == 8 else { throw Failure(.internal, "the layer has no parameters") }
        self.layer = layer
        kernels = context.kernels
        loops = context.loops
        steps = context.input.first ?? 0
        features = context.input.last ?? 0
        width = layer.width(for: context.input)
        inner = layer.heads * width
        parameters = context.parameters
        var values: [Buffer] = [], deltas: [Buffer] = []
        for _ in 0..<4 {
            values.append(try context.room([context.batch, steps, inner]))
            deltas.append(try context.room(context.isTraining ? [context.batch, steps, inner] : [0]))
        }
        self.values = values
        self.deltas = deltas
        shares = try context.room([context.batch, layer.heads, steps, steps])
        mask = try StepMask(context, value: layer.mask, steps: steps)
        scratch = try context.room([context.threads, steps, steps + width])
        space = try context.room(context.isTraining ? [context.batch, steps, features] : [0])
        gradient = try StepGradient(context, heights: [features], columns: inner)
        outputGradient = try StepGradient(context, heights: [inner], columns: features)
        biasSums = try context.room([context.threads, max(inner, features)], "the gradients")
    }

    var bias: UnsafeRawPointer? { UnsafeRawPointer(parameters[7]) }

    /// Calls the body with each head of each sample of a part: where it begins in Q and its like, and in the softmax.
    @inline(__always)
    private func forEachHead(_ part: Part, _ body: (_ row: Int, _ offset: Int, _ share: Int) -> Void) {
        for row in part.rows {
            for head in 0..<layer.heads {
                body(row, (row * steps * inner + head * width) * kernels.size, (row * layer.heads + head) * steps * steps * kernels.size)
            }
        }
    }

    private var scale: Double { 1 / Double(width).squareRoot() }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size, first = part.rows.lowerBound * steps, rows = part.rows.count * steps
        for number in 0..<3 {
            let value = values[number].bytes + first * inner * size
            kernels.product(
                rows, inner, features, x + first * features * size, features, transposed: false, parameters[2 * number], inner,
                transposed: false, value, inner)
            kernels.activate(
                .identity, rows: rows, columns: inner, stride: inner, bias: UnsafeRawPointer(parameters[2 * number + 1]), value)
        }
        mask.mark(loops, 0, first..<first + rows, of: 0, columns: features, stride: features, x + first * features * size)
        let own = scratch.bytes + part.thread * steps * (steps + width) * size
        forEachHead(part) { row, offset, share in
            loops.attention_forward(
                steps, width, layer.isCausal ? 1 : 0, scale, mask.at(0, row * steps, of: 0), values[0].bytes + offset,
                values[1].bytes + offset, values[2].bytes + offset, inner, shares.bytes + share, values[3].bytes + offset, own)
        }
        kernels.product(
            rows, features, inner, values[3].bytes + first * inner * size, inner, transposed: false, parameters[6], features,
            transposed: false, y + first * features * size, features)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let size = kernels.size, first = part.rows.lowerBound * steps, rows = part.rows.count * steps
        kernels.product(
            rows, inner, features, dy + first * features * size, features, transposed: false, parameters[6], features,
            transposed: true, deltas[3].bytes + first * inner * size, inner)
        let own = scratch.bytes + part.thread * steps * (steps + width) * size
        forEachHead(part) { _, offset, share in
            loops.attention_backward(
                steps, width, scale, values[0].bytes + offset, values[1].bytes + offset, values[2].bytes + offset,
                shares.bytes + share, deltas[3].bytes + offset, deltas[0].bytes + offset, deltas[1].bytes + offset,
                deltas[2].bytes + offset, inner, own)
        }
        guard let dx else { return }
        for number in 0..<3 {
            let target = (number == 0 ? dx : space.bytes) + first * features * size
            kernels.product(
                rows, features, inner, deltas[number].bytes + first * inner * size, inner, transposed: false,
                parameters[2 * number], inner, transposed: true, target, features)
            if number > 0 { loops.add(rows * features, target, dx + first * features * size) }
        }
    }

    var pieces: Int { 3 * gradient.pieces + outputGradient.pieces }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let matrix = min(piece / gradient.pieces, 3), own = piece - matrix * gradient.pieces
        let rows = batch.rows.count * steps
        let inputs = matrix == 3 ? UnsafeRawPointer(values[3].bytes) : x
        let delta = matrix == 3 ? dy : UnsafeRawPointer(deltas[matrix].bytes)
        let columns = matrix == 3 ? features : inner
        (matrix == 3 ? outputGradient : gradient).train(
            own, batch, count: rows, inputs: inputs, stride: matrix == 3 ? inner : features, deltas: delta, first: 2 * matrix, update)
        guard own == 0 else { return }
        let sums = biasSums.bytes + batch.thread * max(inner, features) * kernels.size
        kernels.table.pointee.column_sums(rows, columns, columns, delta, sums)
        update(2 * matrix + 1, from: 0, count: columns, sums)
    }
}
