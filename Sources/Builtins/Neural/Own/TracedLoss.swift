import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// A loss written in the language, for a network of built-in layers: the engine computes the outputs and goes back over
/// the layers, the tape has what is between the outputs and the loss.
final class TracedLoss: ExternalLoss {
    private let function: Held
    private let name: String?
    private let targets: SampleRows
    private let shape: [Int]
    private let interpreter: Interpreter
    private let meters: Meters?
    private let optimizer: Optimizer
    private var programs: [Int: Program] = [:]
    private let spare = Tracing()
    private var takesPlain = false
    /// Whether the loss of the last batch is finite and its gradient is not.
    private var hasWildGradient = false
    /// As for `TracedTrainer`.
    private let isWatched: Bool

    /// One batch on a tape.
    private struct Program {
        let tracing: Tracing
        let outputs: Variable
        let y: Variable?
        let loss: Variable
        let gradient: Variable
        /// Nil where the code must run again.
        var recording: Recording?
    }

    /// - shape: of one sample's output.
    init(
        _ function: Held, name: String?, _ y: Tensor, shape: [Int], samples: Int, metrics: [Metric], optimizer: Optimizer,
        isWatched: Bool, _ interpreter: Interpreter
    ) throws(Failure) {
        self.function = function
        self.name = name
        self.shape = shape
        self.interpreter = interpreter
        self.optimizer = optimizer
        self.isWatched = isWatched
        try OwnLoss.check(y, samples: samples)
        targets = try SampleRows(OwnLoss.fitted(y, [samples] + shape))
        meters = try metrics.isEmpty ? nil : Meters(metrics, y, outputShape: shape, samples: samples)
    }

    func begin() {
        meters?.begin()
        if isWatched { programs = [:] }
    }

    var measures: [(name: String, value: Double)] { meters?.values ?? [] }

    func measure(
        _ order: UnsafeBufferPointer<Int32>, outputs: UnsafeRawPointer, gradient: UnsafeMutableRawPointer, width: Int,
        isDouble: Bool
    ) throws(Failure) -> Double {
        let program = try run(order, outputs, isDouble)
        let tape = program.tracing.tape
        let found = tape.numbers(of: program.gradient)
        hasWildGradient = tape.number(program.loss).isFinite && !found.areFinite
        if hasWildGradient { return .nan }
        for index in found.indices {
            if isDouble {
                gradient.storeBytes(of: found[index], toByteOffset: index * 8, as: Double.self)
            } else {
                gradient.storeBytes(of: Float(found[index]), toByteOffset: index * 4, as: Float.self)
            }
        }
        if let meters, let start = tape.numbers(of: program.outputs).baseAddress { try meters.add(order, outputs: start) }
        return tape.number(program.loss)
    }

    private func run(
        _ order: UnsafeBufferPointer<Int32>, _ outputs: UnsafeRawPointer, _ isDouble: Bool
    ) throws(Failure) -> Program {
        if let program = programs[order.count], let recording = program.recording {
            let tape = program.tracing.tape
            fill(tape.numbers(of: program.outputs), outputs, isDouble)
            if let y = program.y, let start = tape.numbers(of: y).baseAddress { targets.gather(order, into: start) }
            try recording.replay()
            return program
        }
        let isFirst = programs[order.count] == nil
        let tracing = isFirst ? Tracing() : spare
        var program: Program
        if programs.isEmpty, !takesPlain {
            let generator = interpreter.generator
            do throws(Failure) {
                program = try record(tracing, order, outputs, isDouble)
            } catch {
                guard ![.interrupt, .timeout, .memory].contains(error.kind) else { throw error }
                // Perhaps only because the targets are followed like everything else.
                takesPlain = true
                interpreter.generator = generator
                program = try record(tracing, order, outputs, isDouble)
            }
        } else {
            program = try record(tracing, order, outputs, isDouble)
        }
        if isFirst {
            if tracing.tape.isReplayable, let y = program.y {
                program.recording = tracing.tape.recording(
                    from: [program.outputs, y], to: [program.loss, program.gradient])
            }
            programs[order.count] = program
        }
        return program
    }

    private func fill(_ numbers: UnsafeMutableBufferPointer<Double>, _ outputs: UnsafeRawPointer, _ isDouble: Bool) {
        for index in numbers.indices {
            numbers[index] = isDouble
                ? outputs.load(fromByteOffset: index * 8, as: Double.self)
                : Double(outputs.load(fromByteOffset: index * 4, as: Float.self))
        }
    }

    private func record(
        _ tracing: Tracing, _ order: UnsafeBufferPointer<Int32>, _ outputs: UnsafeRawPointer, _ isDouble: Bool
    ) throws(Failure) -> Program {
        tracing.reset()
        let tape = tracing.tape
        let leaf = try tape.leaf(Tensor(uninitialized: [order.count] + shape))
        fill(tape.numbers(of: leaf), outputs, isDouble)
        let wanted = try Tensor(uninitialized: [order.count] + targets.shape)
        targets.gather(order, into: wanted.block.float64)
        var followed: Variable?
        if !takesPlain { followed = try tape.leaf(wanted) }
        let y = followed
        defer { tracing.settle(interpreter) }
        return try tracing.run(interpreter) { () throws(Failure) in
            let before = programs[order.count] == nil ? FieldSnapshot(interpreter) : nil
            let target = y.map { tracing.value($0) } ?? Value(tensor: wanted), given = tracing.value(leaf)
            defer { target.release(); given.release() }
            let loss = try OwnLoss.number(
                interpreter.call(function.value, [target, given]), tracing, OwnLoss.words(name))
            if before?.isOutdated(interpreter) == true { tape.marks.insert(.stored) }
            let gradient = try tape.gradient(of: loss, withRespectTo: [leaf])[0]
            return Program(tracing: tracing, outputs: leaf, y: y, loss: loss, gradient: gradient)
        }
    }

    func diagnosis(epoch: Int, batch: Int, outputs: Failure?) -> Failure {
        if hasWildGradient {
            return OwnLoss.wildGradient("by the outputs", epoch: epoch, batch: batch)
        }
        return outputs
            ?? Failure(
                .numerics, "the loss became NaN or infinite in epoch \(epoch), batch \(batch): \(OwnLoss.words(name)) overflowed or has no value for these outputs",
                help: "look at y for NaN; take a smaller learning rate, such as \(optimizer.name)(\(NumberText.plain(optimizer.learningRate / 10))); log and / need something above 0 in them")
    }
}
