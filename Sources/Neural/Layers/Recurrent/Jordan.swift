import CKernels
import Diagnostics
import Tensors

/// The recurrent network of Jordan, whose hidden units see the outputs as they were a step before: input
/// [batch, steps, in] -> output [batch, outputs], or [batch, steps, outputs].
///
///     h = f(x W + y U + b)      y = g(h V + c)
///
/// W [in, units] and V [units, outputs] start as Glorot's uniform, U [outputs, units] orthogonal, b and c at 0.
///
/// - outputs: the length of y.
/// - activation: f, tanh by default.
/// - outputActivation: g, the identity by default.
///
/// Jordan 1986, "Serial order: a parallel distributed processing approach", ICS report 8604.
public struct Jordan: RecurrentLayer {
    public var recurrence: Recurrence
    public let outputs: Int
    public let function: Activation
    public let outputFunction: Activation

    public init(
        _ recurrence: Recurrence, outputs: Int, _ activation: Activation = .tanh, output: Activation = .identity
    ) throws(Failure) {
        guard outputs > 0, outputs <= 1 << 16 else {
            throw Failure(.value, "outputs of jordan must be 1 or more, and at most \(1 << 16), not \(outputs)")
        }
        self.recurrence = recurrence
        self.outputs = outputs
        function = try activation.ofSums(in: "jordan")
        outputFunction = try output.ofSums(in: "jordan")
    }

    public var title: String { "jordan \(recurrence.units)" }
    public var code: String {
        recurrence.code(
            "jordan",
            [String(outputs)] + (function.text == "tanh" ? [] : ["activation=\(function.text)"])
                + (outputFunction.isIdentity ? [] : ["output_activation=\(outputFunction.text)"]))
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = input.last ?? 0, units = recurrence.units
        return [
            ParameterDescription(name: "W", shape: [inputs, units], initializer: .glorotUniform, fanIn: inputs, fanOut: units),
            ParameterDescription(name: "U", shape: [outputs, units], initializer: .orthogonal, isPacked: true),
            ParameterDescription(name: "b", shape: [units], initializer: .zeros, isPacked: true),
            ParameterDescription(name: "V", shape: [units, outputs], initializer: .glorotUniform, fanIn: units, fanOut: outputs),
            ParameterDescription(name: "c", shape: [outputs], initializer: .zeros, isPacked: true),
        ]
    }

    public func work(for input: [Int]) -> Int {
        (input.first ?? 0) * recurrence.units * ((input.last ?? 0) + 2 * outputs + 16)
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try JordanStage(self, context) }
}

final class JordanStage: Stage {
    private let recurrence: Recurrence
    private let function: ActivationLoop
    private let outputFunction: ActivationLoop
    private let kernels: Kernels
    private let loops: nnb_layers
    private let steps: Int
    private let inputs: Int
    private let units: Int
    private let outputs: Int
    /// W, U, b and V, c, each one matrix.
    private let weights: UnsafeMutableRawPointer
    private let outputWeights: UnsafeMutableRawPointer
    /// x, y, 1 of each step, one step more for the last y; and h, 1.
    private let rows: Steps
    private let hidden: Steps
    private let states: Steps
    private let results: Steps
    /// The gradients by the sums of h and of y.
    private let deltas: Steps
    private let outputDeltas: Steps
    private let mask: StepMask
    /// The gradient by the y of the step before, and a product's place.
    private let carried: Steps
    private let product: Steps
    private let gradient: StepGradient
    private let outputGradient: StepGradient

    init(_ layer: Jordan, _ context: StageContext) throws(Failure) {
        guard context.parameters.count == 5 else { throw Failure(.internal, "the layer has no parameters") }
        recurrence = layer.recurrence
        function = layer.function.loop
        outputFunction = layer.outputFunction.loop
        kernels = context.kernels
        loops = context.loops
        steps = context.input.first ?? 0
        inputs = context.input.last ?? 0
        units = recurrence.units
        outputs = layer.outputs
        weights = context.parameters[0]
        outputWeights = context.parameters[3]
        let trained = context.isTraining ? steps : 0
        rows = try Steps(context, steps: steps + 1, length: Steps.padded(inputs + outputs + 1))
        hidden = try Steps(context, steps: steps, length: Steps.padded(units + 1))
        states = try Steps(context, steps: steps, length: units)
        results = try Steps(context, steps: steps, length: outputs)
        deltas = try Steps(context, steps: trained, length: units)
        outputDeltas = try Steps(context, steps: trained, length: outputs)
        mask = try StepMask(context, value: recurrence.mask, steps: steps)
        carried = try Steps(context, steps: 1, length: outputs)
        product = try Steps(context, steps: 1, length: outputs)
        gradient = try StepGradient(context, heights: [inputs, outputs, 1], columns: units)
        outputGradient = try StepGradient(context, heights: [units, 1], columns: outputs)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        loops.clear(count, outputs, rows.at(0, first, of: total, column: inputs), rows.length)
        for step in 0..<steps {
            let time = recurrence.time(step, of: steps), input = x + (first * steps + time) * inputs * size
            let row = rows.at(step, first, of: total), inner = hidden.at(step, first, of: total)
            let state = states.at(step, first, of: total), result = results.at(step, first, of: total)
            loops.copy(count, inputs, input, steps * inputs, row, rows.length, inputs + outputs)
            mask.mark(loops, step, part.rows, of: total, columns: inputs, stride: steps * inputs, input)
            kernels.product(
                count, units, inputs + outputs + 1, row, rows.length, transposed: false, weights, units, transposed: false,
                state, units)
            kernels.activate(function, rows: count, columns: units, stride: units, bias: nil, state)
            loops.copy(count, units, state, units, inner, hidden.length, units)
            kernels.product(
                count, outputs, units + 1, inner, hidden.length, transposed: false, outputWeights, outputs, transposed: false,
                result, outputs)
            kernels.activate(outputFunction, rows: count, columns: outputs, stride: outputs, bias: nil, result)
            let next = rows.at(step + 1, first, of: total, column: inputs)
            loops.copy(count, outputs, result, outputs, next, rows.length, -1)
            loops.keep(
                count, outputs, mask.at(step, first, of: total), rows.at(step, first, of: total, column: inputs), next,
                rows.length, recurrence.returnsSequences ? y + (first * steps + time) * outputs * size : nil, steps * outputs)
        }
        if !recurrence.returnsSequences {
            loops.copy(
                count, outputs, rows.at(steps, first, of: total, column: inputs), rows.length, y + first * outputs * size,
                outputs, -1)
        }
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let size = kernels.size, total = part.total, first = part.rows.lowerBound, count = part.rows.count
        let before = carried.at(0, first, of: total), space = product.at(0, first, of: total)
        if recurrence.returnsSequences {
            loops.clear(count, outputs, before, outputs)
        } else {
            loops.copy(count, outputs, dy + first * outputs * size, outputs, before, outputs, -1)
        }
        for step in stride(from: steps - 1, through: 0, by: -1) {
            let time = recurrence.time(step, of: steps)
            let delta = deltas.at(step, first, of: total), outer = outputDeltas.at(step, first, of: total)
            loops.pass(
                count, outputs, mask.at(step, first, of: total), before,
                recurrence.returnsSequences ? UnsafeRawPointer(dy + (first * steps + time) * outputs * size) : nil,
                steps * outputs, outer)
            kernels.slope(
                outputFunction, rows: count, columns: outputs, stride: outputs, y: results.at(step, first, of: total), outer)
            kernels.product(
                count, units, outputs, outer, outputs, transposed: false, outputWeights, outputs, transposed: true, delta, units)
            kernels.slope(function, rows: count, columns: units, stride: units, y: states.at(step, first, of: total), delta)
            if step > 0 {
                kernels.product(
                    count, outputs, units, delta, units, transposed: false, weights + inputs * units * size, units,
                    transposed: true, space, outputs)
                loops.add(count * outputs, space, before)
            }
            if let dx {
                kernels.product(
                    count, inputs, units, delta, units, transposed: false, weights, units, transposed: true,
                    dx + (first * steps + time) * inputs * size, steps * inputs)
            }
        }
    }

    var pieces: Int { gradient.pieces + outputGradient.pieces }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let total = batch.total
        if piece < gradient.pieces {
            gradient.train(
                piece, batch, count: steps * total, inputs: rows.at(0, 0, of: total), stride: rows.length,
                deltas: deltas.at(0, 0, of: total), first: 0, update)
        } else {
            outputGradient.train(
                piece - gradient.pieces, batch, count: steps * total, inputs: hidden.at(0, 0, of: total),
                stride: hidden.length, deltas: outputDeltas.at(0, 0, of: total), first: 3, update)
        }
    }
}
