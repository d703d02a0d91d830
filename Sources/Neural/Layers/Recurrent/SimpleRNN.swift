import CKernels
import Diagnostics
import Tensors

/// The simple recurrent network of Elman, whose hidden units see themselves as they were a step before: input
/// [batch, steps, in] -> output [batch, units], or [batch, steps, units].
///
///     h = f(x W + h U + b)
///
/// W [in, units] starts as Glorot's uniform, U [units, units] orthogonal, b [units] at 0.
///
/// - activation: f, tanh by default.
///
/// Elman 1990, doi:10.1207/s15516709cog1402_1.
public struct SimpleRNN: RecurrentLayer {
    public var recurrence: Recurrence
    public let function: Activation

    public init(_ recurrence: Recurrence, _ activation: Activation = .tanh) throws(Failure) {
        self.recurrence = recurrence
        function = try activation.ofSums(in: "simple_rnn")
    }

    public var title: String { "simple_rnn \(recurrence.units)" }
    public var code: String { recurrence.code("simple_rnn", function.text == "tanh" ? [] : [function.text]) }
    public var shownActivation: Activation? { function }
    public var outputs: Int { recurrence.units }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = input.last ?? 0, units = recurrence.units
        return [
            ParameterDescription(name: "W", shape: [inputs, units], initializer: .glorotUniform, fanIn: inputs, fanOut: units),
            ParameterDescription(name: "U", shape: [units, units], initializer: .orthogonal, isPacked: true),
            ParameterDescription(name: "b", shape: [units], initializer: .zeros, isPacked: true),
        ]
    }

    public func work(for input: [Int]) -> Int {
        (input.first ?? 0) * recurrence.units * ((input.last ?? 0) + recurrence.units + 16)
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try SimpleRNNStage(self, context) }
}

extension Activation {
    /// The activation, if its slope follows from its outputs, which is what a recurrent layer keeps.
    func ofSums(in layer: String) throws(Failure) -> Activation {
        guard !keepsSlope, record.isTrainable, !record.isTrained else {
            throw Failure(.value, "\(layer) cannot be trained with \(name)", help: "take tanh, sigmoid or relu")
        }
        return self
    }
}

final class SimpleRNNStage: Stage {
    private let recurrence: Recurrence
    private let function: ActivationLoop
    private let kernels: Kernels
    private let loops: nnb_layers
    private let steps: Int
    private let inputs: Int
    private let units: Int
    private let weights: UnsafeMutableRawPointer
    /// x, h, 1 of each step; one step more for the last h.
    private let rows: Steps
    private let states: Steps
    /// The gradients by the sums.
    private let deltas: Steps
    private let mask: StepMask
    private let dh: Steps
    private let product: Steps
    private let gradient: StepGradient

    init(_ layer: SimpleRNN, _ context: StageContext) throws(Failure) {
        guard let weights = context.parameters.first else { throw Failure(.internal, "the layer has no parameters") }
        recurrence = layer.recurrence
        function = layer.function.loop
        kernels = context.kernels
        loops = context.loops
        steps = context.input.first ?? 0
        inputs = context.input.last ?? 0
        units = recurrence.units
        self.weights = weights
        rows = try Steps(context, steps: steps + 1, length: Steps.padded(inputs + units + 1))
        states = try Steps(context, steps: steps, length: units)
        deltas = try Steps(context, steps: context.isTraining ? steps : 0, length: units)
        mask = try StepMask(context, value: recurrence.mask, steps: steps)
        dh = try Steps(context, steps: 1, length: units)
        product = try Steps(context, steps: 1, length: units)
        gradient = try StepGradient(context, heights: [inputs, units, 1], columns: units)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        loops.clear(count, units, rows.at(0, first, of: total, column: inputs), rows.length)
        for step in 0..<steps {
            let time = recurrence.time(step, of: steps), input = x + (first * steps + time) * inputs * size
            let row = rows.at(step, first, of: total), state = states.at(step, first, of: total)
            loops.copy(count, inputs, input, steps * inputs, row, rows.length, inputs + units)
            mask.mark(loops, step, part.rows, of: total, columns: inputs, stride: steps * inputs, input)
            kernels.product(
                count, units, inputs + units + 1, row, rows.length, transposed: false, weights, units, transposed: false, state,
                units)
            kernels.activate(function, rows: count, columns: units, stride: units, bias: nil, state)
            let next = rows.at(step + 1, first, of: total, column: inputs)
            loops.copy(count, units, state, units, next, rows.length, -1)
            loops.keep(
                count, units, mask.at(step, first, of: total), rows.at(step, first, of: total, column: inputs), next, rows.length,
                recurrence.returnsSequences ? y + (first * steps + time) * units * size : nil, steps * units)
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
        let state = dh.at(0, first, of: total), space = product.at(0, first, of: total)
        if recurrence.returnsSequences {
            loops.clear(count, units, state, units)
        } else {
            loops.copy(count, units, dy + first * units * size, units, state, units, -1)
        }
        for step in stride(from: steps - 1, through: 0, by: -1) {
            let time = recurrence.time(step, of: steps), delta = deltas.at(step, first, of: total)
            loops.pass(
                count, units, mask.at(step, first, of: total), state,
                recurrence.returnsSequences ? UnsafeRawPointer(dy + (first * steps + time) * units * size) : nil, steps * units,
                delta)
            kernels.slope(
                function, rows: count, columns: units, stride: units, y: states.at(step, first, of: total), delta)
            if step > 0 {
                kernels.product(
                    count, units, units, delta, units, transposed: false, weights + inputs * units * size, units,
                    transposed: true, space, units)
                loops.add(count * units, space, state)
            }
            if let dx {
                kernels.product(
                    count, inputs, units, delta, units, transposed: false, weights, units, transposed: true,
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
            deltas: deltas.at(0, 0, of: batch.total), first: 0, update)
    }
}
