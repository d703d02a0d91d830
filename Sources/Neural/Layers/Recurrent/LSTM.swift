import CKernels
import Diagnostics
import Tensors

/// Long short-term memory: input [batch, steps, in] -> output [batch, units], or [batch, steps, units].
///
///     i = σ(x Wi + h Ui + bi)      f = σ(x Wf + h Uf + bf)
///     g = tanh(x Wg + h Ug + bg)   o = σ(x Wo + h Uo + bo)
///     c = f c + i g                h = o tanh(c)
///
/// W [in, 4 units], U [units, 4 units], b [4 units] hold i, f, g, o side by side, as Keras has them. W starts as Glorot's
/// uniform, U orthogonal (Saxe et al. 2014), b at 0 but for f, where it is 1 (Jozefowicz et al. 2015).
///
/// - unitForgetBias: whether b of f starts at 1; true by default.
///
/// Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; the forget gate is from Gers et al. 2000.
public struct LSTM: RecurrentLayer {
    public var recurrence: Recurrence
    public let unitForgetBias: Bool

    public init(_ recurrence: Recurrence, unitForgetBias: Bool = true) {
        self.recurrence = recurrence
        self.unitForgetBias = unitForgetBias
    }

    public var title: String { "lstm \(recurrence.units)" }
    public var code: String { recurrence.code("lstm", unitForgetBias ? [] : ["unit_forget_bias=false"]) }
    public var outputs: Int { recurrence.units }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = input.last ?? 0, units = recurrence.units
        return [
            ParameterDescription(
                name: "W", shape: [inputs, 4 * units], initializer: .glorotUniform, fanIn: inputs, fanOut: 4 * units),
            ParameterDescription(name: "U", shape: [units, 4 * units], initializer: .orthogonal, isPacked: true),
            ParameterDescription(
                name: "b", shape: [4 * units], initializer: unitForgetBias ? .unitForget : .zeros, isPacked: true),
        ]
    }

    public func work(for input: [Int]) -> Int {
        (input.first ?? 0) * 4 * recurrence.units * ((input.last ?? 0) + recurrence.units + 16)
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try LSTMStage(self, context) }
}

/// [x, h, 1] lies in one row a step, so that a step is one product with W, U and b, which lie one under the other, and
/// their gradient one product over all steps.
final class LSTMStage: Stage {
    private let recurrence: Recurrence
    private let kernels: Kernels
    private let loops: nnb_layers
    private let steps: Int
    private let inputs: Int
    private let units: Int
    private let weights: UnsafeMutableRawPointer
    /// x, h, 1 of each step; one step more for the last h.
    private let rows: Steps
    /// i, f, g, o and then the gradients by their sums.
    private let gates: Steps
    private let cells: Steps
    private let mask: StepMask
    /// The gradients by the state and by the cell, and a product's place.
    private let dh: Steps
    private let dc: Steps
    private let product: Steps
    private let turned: TurnedMatrix
    private let gradient: StepGradient

    init(_ layer: LSTM, _ context: StageContext) throws(Failure) {
        guard let weights = context.parameters.first else { throw Failure(.internal, "the lstm has no parameters") }
        recurrence = layer.recurrence
        kernels = context.kernels
        loops = context.loops
        steps = context.input.first ?? 0
        inputs = context.input.last ?? 0
        units = recurrence.units
        self.weights = weights
        rows = try Steps(context, steps: steps + 1, length: Steps.padded(inputs + units + 1))
        gates = try Steps(context, steps: steps, length: 4 * units)
        cells = try Steps(context, steps: steps + 1, length: units)
        mask = try StepMask(context, value: recurrence.mask, steps: steps)
        dh = try Steps(context, steps: 1, length: units)
        dc = try Steps(context, steps: 1, length: units)
        product = try Steps(context, steps: 1, length: units)
        turned = try TurnedMatrix(context, rows: units, columns: 4 * units)
        gradient = try StepGradient(context, heights: [inputs, units, 1], columns: 4 * units)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        for step in 0..<steps {
            let input = x + (first * steps + recurrence.time(step, of: steps)) * inputs * size
            loops.copy(
                count, inputs, input, steps * inputs, rows.at(step, first, of: total), rows.length, inputs + units)
            mask.mark(loops, step, part.rows, of: total, columns: inputs, stride: steps * inputs, input)
        }
        loops.clear(count, units, rows.at(0, first, of: total, column: inputs), rows.length)
        loops.clear(count, units, cells.at(0, first, of: total), units)
        for step in 0..<steps {
            let z = gates.at(step, first, of: total)
            kernels.product(
                count, 4 * units, inputs + units + 1, rows.at(step, first, of: total), rows.length, transposed: false, weights,
                4 * units, transposed: false, z, 4 * units)
            let output = recurrence.returnsSequences
                ? y + (first * steps + recurrence.time(step, of: steps)) * units * size : nil
            loops.lstm_forward(
                count, units, mask.at(step, first, of: total), z, cells.at(step, first, of: total),
                cells.at(step + 1, first, of: total), rows.at(step, first, of: total, column: inputs),
                rows.at(step + 1, first, of: total, column: inputs), rows.length, output, steps * units)
        }
        if !recurrence.returnsSequences {
            loops.copy(
                count, units, rows.at(steps, first, of: total, column: inputs), rows.length, y + first * units * size, units, -1)
        }
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        let state = dh.at(0, first, of: total), cell = dc.at(0, first, of: total), space = product.at(0, first, of: total)
        let stateWeights = turned.turn(weights + inputs * 4 * units * size, loops, thread: part.thread)
        loops.clear(count, units, cell, units)
        if recurrence.returnsSequences {
            loops.clear(count, units, state, units)
        } else {
            loops.copy(count, units, dy + first * units * size, units, state, units, -1)
        }
        for step in stride(from: steps - 1, through: 0, by: -1) {
            let time = recurrence.time(step, of: steps), delta = gates.at(step, first, of: total)
            let given = recurrence.returnsSequences ? UnsafeRawPointer(dy + (first * steps + time) * units * size) : nil
            loops.lstm_backward(
                count, units, mask.at(step, first, of: total), delta, cells.at(step, first, of: total),
                cells.at(step + 1, first, of: total), state, cell, given, steps * units)
            if step > 0 {
                // Nothing else reaches the state before, unless a step is left out.
                kernels.product(
                    count, units, 4 * units, delta, 4 * units, transposed: false, stateWeights, units, transposed: false,
                    mask.isUsed ? space : state, units)
                if mask.isUsed { loops.add(count * units, space, state) }
            }
            if let dx {
                kernels.product(
                    count, inputs, 4 * units, delta, 4 * units, transposed: false, weights, 4 * units, transposed: true,
                    dx + (first * steps + time) * inputs * size, steps * inputs)
            }
        }
    }

    var pieces: Int { gradient.pieces }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        gradient.train(
            piece, batch, count: steps * batch.total, inputs: rows.at(0, 0, of: batch.total), stride: rows.length,
            deltas: gates.at(0, 0, of: batch.total), first: 0, update)
    }
}
