import CKernels
import Diagnostics
import Tensors

/// Gated recurrent unit: input [batch, steps, in] -> output [batch, units], or [batch, steps, units].
///
///     z = σ(x Wz + h Uz + bz)      r = σ(x Wr + h Ur + br)
///     n = tanh(x Wn + bn + r (h Un + cn))        with `resetAfter`, as Keras and cuDNN have it
///     n = tanh(x Wn + (r h) Un + bn)             without, as first published
///     h = z h + (1 - z) n
///
/// W [in, 3 units], b [3 units], U [units, 3 units] hold z, r, n side by side; with `resetAfter` there is a c [3 units]
/// beside U, added to its product for all three. W starts as Glorot's uniform, U orthogonal, b and c at 0.
///
/// Cho et al. 2014, arXiv:1406.1078.
public struct GRU: RecurrentLayer {
    public var recurrence: Recurrence
    public let resetAfter: Bool

    public init(_ recurrence: Recurrence, resetAfter: Bool = true) {
        self.recurrence = recurrence
        self.resetAfter = resetAfter
    }

    public var title: String { "gru \(recurrence.units)" }
    public var code: String { recurrence.code("gru", resetAfter ? [] : ["reset_after=false"]) }
    public var outputs: Int { recurrence.units }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = input.last ?? 0, units = recurrence.units
        let own = [
            ParameterDescription(
                name: "W", shape: [inputs, 3 * units], initializer: .glorotUniform, fanIn: inputs, fanOut: 3 * units),
            ParameterDescription(name: "b", shape: [3 * units], initializer: .zeros, isPacked: true),
            ParameterDescription(name: "U", shape: [units, 3 * units], initializer: .orthogonal),
        ]
        return resetAfter ? own + [ParameterDescription(name: "c", shape: [3 * units], initializer: .zeros, isPacked: true)] : own
    }

    public func work(for input: [Int]) -> Int {
        (input.first ?? 0) * 3 * recurrence.units * ((input.last ?? 0) + recurrence.units + 16)
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try GRUStage(self, context) }
}

final class GRUStage: Stage {
    private let recurrence: Recurrence
    private let resetAfter: Bool
    private let kernels: Kernels
    private let loops: nnb_layers
    private let steps: Int
    private let inputs: Int
    private let units: Int
    /// W and b, U and c: each pair one matrix.
    private let inputWeights: UnsafeMutableRawPointer
    private let stateWeights: UnsafeMutableRawPointer
    /// [x, 1] of each step, and [h, 1], one step more for the last h.
    private let samples: Steps
    private let states: Steps
    /// The sums by the input, which become the gates and then the gradients by their sums; those by the state.
    private let a: Steps
    private let b: Steps
    /// r h, where it is taken before the product.
    private let reset: Steps
    private let mask: StepMask
    private let dh: Steps
    private let product: Steps
    private let turned: TurnedMatrix
    private let inputGradient: StepGradient
    private let stateGradient: StepGradient

    init(_ layer: GRU, _ context: StageContext) throws(Failure) {
        guard context.parameters.count >= 3 else { throw Failure(.internal, "the gru has no parameters") }
        recurrence = layer.recurrence
        resetAfter = layer.resetAfter
        kernels = context.kernels
        loops = context.loops
        steps = context.input.first ?? 0
        inputs = context.input.last ?? 0
        units = recurrence.units
        inputWeights = context.parameters[0]
        stateWeights = context.parameters[2]
        samples = try Steps(context, steps: steps, length: Steps.padded(inputs + 1))
        states = try Steps(context, steps: steps + 1, length: Steps.padded(units + 1))
        a = try Steps(context, steps: steps, length: 3 * units)
        b = try Steps(context, steps: steps, length: 3 * units)
        reset = try Steps(context, steps: resetAfter ? 0 : steps, length: units)
        mask = try StepMask(context, value: recurrence.mask, steps: steps)
        dh = try Steps(context, steps: 1, length: units)
        product = try Steps(context, steps: 1, length: units)
        turned = try TurnedMatrix(context, rows: units, columns: 3 * units)
        inputGradient = try StepGradient(context, heights: [inputs, 1], columns: 3 * units)
        stateGradient = try StepGradient(context, heights: resetAfter ? [units, 1] : [units], columns: 3 * units)
    }

    /// The place of the third gate's columns.
    private var third: Int { 2 * units * kernels.size }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        loops.clear(count, units, states.at(0, first, of: total), states.length)
        for step in 0..<steps {
            let time = recurrence.time(step, of: steps), input = x + (first * steps + time) * inputs * size
            let sample = samples.at(step, first, of: total), before = states.at(step, first, of: total)
            let after = states.at(step + 1, first, of: total)
            let output = recurrence.returnsSequences ? y + (first * steps + time) * units * size : nil
            let sums = a.at(step, first, of: total), others = b.at(step, first, of: total)
            loops.copy(count, inputs, input, steps * inputs, sample, samples.length, inputs)
            // The 1 beside the state.
            loops.copy(count, 0, before, states.length, before, states.length, units)
            mask.mark(loops, step, part.rows, of: total, columns: inputs, stride: steps * inputs, input)
            let skipped = mask.at(step, first, of: total)
            kernels.product(
                count, 3 * units, inputs + 1, sample, samples.length, transposed: false, inputWeights, 3 * units,
                transposed: false, sums, 3 * units)
            if resetAfter {
                kernels.product(
                    count, 3 * units, units + 1, before, states.length, transposed: false, stateWeights, 3 * units,
                    transposed: false, others, 3 * units)
                loops.gru_forward(count, units, skipped, sums, others, before, after, states.length, output, steps * units)
            } else {
                let product = reset.at(step, first, of: total)
                kernels.product(
                    count, 2 * units, units, before, states.length, transposed: false, stateWeights, 3 * units, transposed: false,
                    others, 3 * units)
                loops.gru_gates(count, units, sums, others, before, states.length, product)
                kernels.product(
                    count, units, units, product, units, transposed: false, stateWeights + third, 3 * units, transposed: false,
                    others + third, 3 * units)
                loops.gru_state(count, units, skipped, sums, others, before, after, states.length, output, steps * units)
            }
        }
        if !recurrence.returnsSequences {
            loops.copy(
                count, units, states.at(steps, first, of: total), states.length, y + first * units * size, units, -1)
        }
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        let state = dh.at(0, first, of: total), space = product.at(0, first, of: total)
        // The third gate's rows come last.
        let turnedWeights = turned.turn(stateWeights, loops, thread: part.thread)
        if recurrence.returnsSequences {
            loops.clear(count, units, state, units)
        } else {
            loops.copy(count, units, dy + first * units * size, units, state, units, -1)
        }
        for step in stride(from: steps - 1, through: 0, by: -1) {
            let time = recurrence.time(step, of: steps), before = states.at(step, first, of: total)
            let given = recurrence.returnsSequences ? UnsafeRawPointer(dy + (first * steps + time) * units * size) : nil
            let gates = a.at(step, first, of: total), others = b.at(step, first, of: total)
            let skipped = mask.at(step, first, of: total)
            if resetAfter {
                loops.gru_backward(count, units, skipped, gates, others, before, states.length, state, given, steps * units)
            } else {
                loops.gru_state_backward(
                    count, units, skipped, gates, others, before, states.length, state, given, steps * units)
                kernels.product(
                    count, units, units, others + third, 3 * units, transposed: false, turnedWeights + third * units, units,
                    transposed: false, space, units)
                loops.gru_gates_backward(count, units, gates, others, before, states.length, space, state)
            }
            if step > 0 {
                kernels.product(
                    count, units, resetAfter ? 3 * units : 2 * units, others, 3 * units, transposed: false, turnedWeights,
                    units, transposed: false, space, units)
                loops.add(count * units, space, state)
            }
            if let dx {
                kernels.product(
                    count, inputs, 3 * units, inputDeltas.at(step, first, of: total), 3 * units, transposed: false, inputWeights,
                    3 * units, transposed: true, dx + (first * steps + time) * inputs * size, steps * inputs)
            }
        }
    }

    /// Where `backward` left the gradients by the sums that W goes into.
    private var inputDeltas: Steps { resetAfter ? a : b }

    var pieces: Int { inputGradient.pieces + stateGradient.pieces }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let total = batch.total
        guard piece >= inputGradient.pieces else {
            inputGradient.train(
                piece, batch, count: steps * total, inputs: samples.at(0, 0, of: total), stride: samples.length,
                deltas: inputDeltas.at(0, 0, of: total), first: 0, update)
            return
        }
        let own = piece - inputGradient.pieces
        guard !resetAfter else {
            stateGradient.train(
                own, batch, count: steps * total, inputs: states.at(0, 0, of: total), stride: states.length,
                deltas: b.at(0, 0, of: total), first: 2, update)
            return
        }
        let rows = stateGradient.rows(of: own), gradient = stateGradient.space(batch.thread)
        let deltas = b.at(0, 0, of: total), offset = rows.lowerBound * kernels.size
        kernels.product(
            rows.count, 2 * units, steps * total, states.at(0, 0, of: total) + offset, states.length, transposed: true, deltas,
            3 * units, transposed: false, gradient, 3 * units)
        kernels.product(
            rows.count, units, steps * total, reset.at(0, 0, of: total) + offset, units, transposed: true, deltas + third,
            3 * units, transposed: false, gradient + third, 3 * units)
        stateGradient.hand(rows, gradient, first: 2, update)
    }
}
