import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// Trains a model that the engine cannot train by itself, because its layers, its loss or its penalty are written in the
/// language: each batch is traced on a tape, gone back over, and the optimizer makes its step.
///
/// What was traced once is replayed for all batches of that size, if nothing in it depended on the numbers in another way
/// than by arithmetic (see `Tape.Marks`). Else the code runs again for each batch. Either way the same steps are made.
final class TracedTrainer: Stepping {
    private let model: OwnModel
    private let loss: OwnLoss
    private let penalty: Held?
    private let optimizer: Optimizer
    /// (w, g) -> the new w, in its place.
    private let rule: Held?
    private let interpreter: Interpreter
    private let parameters: ModelParameters
    private let mode: RecordingMode
    private let x: SampleRows
    private let y: Tensor
    /// Once the shape of an output is known.
    private var targets: TargetSource?
    /// What each sample's loss counts; nil where all count the same.
    private var weights: [Double]?
    private let options: Training.Options
    private var meters: Meters?
    private let measured: (() throws(Failure) -> [(name: String, value: Double)])?
    private var programs: [Int: Program] = [:]
    /// That of the last batch.
    private var last: Program?
    /// Of the batches that are interpreted.
    private let spare = Tracing()
    private var keys: RandomKeys
    /// Begun.
    private var epochs = 0
    /// Set where the code does with samples or targets what cannot be followed: they go in as plain tensors then.
    private var takesPlain = false
    /// Whether code of the user's runs between epochs, which may change what the model goes by: then nothing is replayed
    /// from one epoch to the next.
    private let isWatched: Bool

    let order: UnsafeMutableBufferPointer<Int32>

    /// How targets come to the loss.
    private enum TargetSource {
        case engine(TargetRows)
        case plain(SampleRows)
    }

    /// One batch on a tape.
    private struct Program {
        let tracing: Tracing
        /// Nil where the samples and targets did not go in as variables.
        let x: Variable?
        let y: Variable?
        let weights: Variable?
        let output: Variable
        let loss: Variable
        let entries: [ModelParameters.Entry]
        let gradients: [Variable]
        let hasMadeLayers: Bool
        /// What layers and the user's functions gave, in order.
        let steps: [ModelPass.Step]
        /// Nil where the code must run again.
        var recording: Recording?

        /// The first parameter whose gradient is not finite.
        var wild: ModelParameters.Entry? {
            for (entry, gradient) in zip(entries, gradients) where entry.isTrained {
                if !tracing.tape.numbers(of: gradient).areFinite { return entry }
            }
            return nil
        }
    }

    init(
        _ model: OwnModel, _ x: Tensor, _ y: Tensor, _ options: Training.Options, loss: OwnLoss, penalty: Held?,
        optimizer: Optimizer, rule: Held?, key: UInt64, isWatched: Bool, _ interpreter: Interpreter,
        validate: (() throws(Failure) -> [(name: String, value: Double)])?
    ) throws(Failure) {
        self.model = model
        self.loss = loss
        self.penalty = penalty
        self.optimizer = optimizer
        self.rule = rule
        self.interpreter = interpreter
        self.options = options
        measured = validate
        self.isWatched = isWatched
        keys = RandomKeys(last: key)
        self.x = try SampleRows(x)
        self.y = y
        guard self.x.count > 0 else { throw Failure(.value, "there are no samples to train on: X is \(Tensor.text(of: x.shape))") }
        try OwnLoss.check(y, samples: self.x.count)
        if let wanted = model.inputShape, self.x.shape != wanted {
            throw Failure(
                .shape, "the network takes samples of shape \(Tensor.text(of: wanted)), these have \(Tensor.text(of: self.x.shape))")
        }
        mode = RecordingMode(isTraining: true)
        parameters = try model.parameters(interpreter)
        order = .allocate(capacity: self.x.count)
        for row in 0..<self.x.count { order[row] = Int32(truncatingIfNeeded: row) }
    }

    deinit { order.deallocate() }

    // MARK: the loop

    func begin() {
        epochs += 1
        optimizer.beginEpoch()
        parameters.store.lookAhead(true, optimizer)
        if isWatched { programs = [:] }
        meters?.begin()
    }

    var measures: [(name: String, value: Double)] { meters?.values ?? [] }

    func validate() throws(Failure) -> [(name: String, value: Double)]? {
        guard let measured else { return nil }
        try finish()
        return try measured()
    }

    /// Gives the model its numbers as they are now.
    func finish() throws(Failure) {
        parameters.store.lookAhead(false, optimizer)
        try parameters.writeBack()
    }

    func step(_ batch: Range<Int>) throws(Failure) -> Double {
        let rows = UnsafeBufferPointer(rebasing: order[batch])
        mode.key = keys.next()
        let program = try run(rows)
        last = program
        let tape = program.tracing.tape
        let value = tape.number(program.loss)
        guard value.isFinite else { return value }
        if program.wild != nil { return .nan }
        try meters?.add(rows, outputs: UnsafePointer(tape.numbers(of: program.output).baseAddress.unsafelyUnwrapped))
        var gradients: [(index: Int, gradient: UnsafeMutablePointer<Double>)] = []
        gradients.reserveCapacity(program.entries.count)
        for (entry, gradient) in zip(program.entries, program.gradients) where entry.isTrained {
            if let start = tape.numbers(of: gradient).baseAddress { gradients.append((entry.index, start)) }
        }
        guard !gradients.isEmpty else {
            throw Failure(
                .value, "the model has nothing to train",
                help: "layers it calls and float tensors in the fields of an object with `forward` are trained")
        }
        if let rule {
            for (entry, gradient) in zip(program.entries, program.gradients) where entry.isTrained {
                try step(entry, try tape.value(gradient), by: rule)
            }
        } else {
            try parameters.store.step(optimizer, for: model, epochs: epochs, gradients)
        }
        return value
    }

    /// What the user's function makes of one parameter.
    private func step(_ entry: ModelParameters.Entry, _ gradient: Tensor, by rule: Held) throws(Failure) {
        let w = Value(tensor: try parameters.tensor(entry)), g = Value(tensor: gradient)
        defer { w.release(); g.release() }
        let value = try interpreter.call(rule.value, [w, g])
        defer { value.release() }
        guard let tensor = value.tensor, tensor.shape == entry.shape else {
            throw Failure(
                .shape, "the optimizer gives \(value.inWords) for \(entry.name) of shape \(Tensor.text(of: entry.shape))",
                help: "it is (w, g) -> the new w, such as (w, g) -> w - 0.1 * g")
        }
        for index in 0..<tensor.count where !tensor.block.number(at: index).isFinite {
            throw Failure(.numerics, "the optimizer makes \(entry.name) \(NumberText.plain(tensor.block.number(at: index)))")
        }
        try parameters.store.set(entry.index, to: tensor)
    }

    /// The batch forward and backward.
    private func run(_ rows: UnsafeBufferPointer<Int32>) throws(Failure) -> Program {
        if let program = programs[rows.count], let recording = program.recording {
            fill(program, rows)
            try recording.replay()
            return program
        }
        // One that will not be replayed shares its tape with the next.
        let isFirst = programs[rows.count] == nil
        let tracing = isFirst ? Tracing() : spare
        var program: Program
        if programs.isEmpty, !takesPlain {
            let generator = interpreter.generator
            do throws(Failure) {
                program = try record(tracing, rows)
            } catch {
                guard ![.interrupt, .timeout, .memory].contains(error.kind) else { throw error }
                // Perhaps only because samples and targets are followed like everything else.
                takesPlain = true
                interpreter.generator = generator
                program = try record(tracing, rows)
            }
        } else {
            program = try record(tracing, rows)
        }
        if isFirst, tracing.tape.isReplayable, let x = program.x, let y = program.y {
            program.recording = tracing.tape.recording(
                from: [x, y] + (program.weights.map { [$0] } ?? []) + program.entries.compactMap(\.variable), to: [program.loss, program.output] + program.gradients)
        }
        // What layers draw when they are made they do not draw again: the next batch is another first.
        if isFirst, !(program.hasMadeLayers && tracing.tape.marks == .random) { programs[rows.count] = program }
        return program
    }

    private func fill(_ program: Program, _ rows: UnsafeBufferPointer<Int32>) {
        let tape = program.tracing.tape
        if let x = program.x, let start = tape.numbers(of: x).baseAddress { self.x.gather(rows, into: start) }
        if let y = program.y, let start = tape.numbers(of: y).baseAddress { gatherTargets(rows, into: start) }
        if let place = program.weights, let weights {
            let numbers = tape.numbers(of: place)
            for (index, row) in rows.enumerated() { numbers[index] = weights[Int(row)] }
        }
    }

    private func gatherTargets(_ rows: UnsafeBufferPointer<Int32>, into start: UnsafeMutablePointer<Double>) {
        switch targets {
        case .engine(let source): source.gather(rows, into: start)
        case .plain(let source): source.gather(rows, into: start)
        case nil: break
        }
    }

    // MARK: tracing

    private func record(_ tracing: Tracing, _ rows: UnsafeBufferPointer<Int32>) throws(Failure) -> Program {
        tracing.reset()
        mode.begin()
        let tape = tracing.tape
        let samples = try Tensor(uninitialized: [rows.count] + self.x.shape)
        self.x.gather(rows, into: samples.block.float64)
        let x = try takesPlain ? nil : tape.leaf(samples)
        let pass = ModelPass(mode, parameters)
        defer { tracing.settle(interpreter) }
        return try tracing.run(interpreter) { () throws(Failure) in
            try parameters.lifted(tracing) { () throws(Failure) in
                let before = programs[rows.count] == nil ? FieldSnapshot(interpreter) : nil
                let given = x.map { tracing.value($0) } ?? Value(tensor: samples)
                defer { given.release() }
                let value = try model.forward(given, interpreter, pass)
                defer { value.release() }
                try model.refuseFleeting(pass.made, interpreter)
                guard let output = try tracing.variable(of: value) else {
                    throw Failure(.type, "the model gives \(value.inWords), not a tensor of outputs")
                }
                let shape = tape.shape(output)
                guard shape.first == rows.count else {
                    throw Failure(
                        .shape, "the model gives \(Tensor.text(of: shape)) for \(rows.count) samples",
                        help: "its first axis are the samples, as in X")
                }
                let wanted = try target(shape, rows)
                let target = try takesPlain ? nil : tape.leaf(wanted)
                let weights = try weights.map { (weights) throws(Failure) in
                    try tape.leaf(Tensor(rows.map { weights[Int($0)] }))
                }
                var total = try measure(tracing, wanted, target, output, weights)
                if let cost = try weight(tracing) { total = try tape.apply(.add, total, cost) }
                if before?.isOutdated(interpreter) == true { tape.marks.insert(.stored) }
                if programs.isEmpty { parameters.dropUnused(tape) }
                let entries = parameters.entries.filter { $0.variable != nil }
                let gradients = try tape.gradient(of: total, withRespectTo: entries.compactMap(\.variable))
                return Program(
                    tracing: tracing, x: x, y: target, weights: weights, output: output, loss: total, entries: entries,
                    gradients: gradients, hasMadeLayers: !pass.made.isEmpty, steps: pass.steps)
            }
        }
    }

    /// The targets of a batch in the form in which the loss takes them.
    private func target(_ output: [Int], _ rows: UnsafeBufferPointer<Int32>) throws(Failure) -> Tensor {
        let shape = Array(output.dropFirst())
        if targets == nil {
            switch loss {
            case .engine(let loss):
                let rows = try TargetRows(y, outputShape: shape, samples: x.count, loss: loss)
                weights = try rows.weights(options.classWeight, options.sampleWeight)
                targets = .engine(rows)
            case .function:
                targets = .plain(try SampleRows(OwnLoss.fitted(y, [x.count] + shape)))
            }
            if !options.metrics.isEmpty { meters = try Meters(options.metrics, y, outputShape: shape, samples: x.count) }
        }
        let inner: [Int]
        switch targets {
        case .engine(let source): inner = source.shape
        case .plain(let source): inner = source.shape
        case nil: inner = []
        }
        let result = try Tensor(uninitialized: [rows.count] + inner)
        gatherTargets(rows, into: result.block.float64)
        return result
    }

    private func measure(
        _ tracing: Tracing, _ plain: Tensor, _ followed: Variable?, _ output: Variable,
        _ weights: Variable?
    ) throws(Failure) -> Variable {
        let tape = tracing.tape
        switch loss {
        case .engine(let loss):
            let target: Variable
            if let followed { target = followed } else { target = try tape.leaf(plain) }
            // From the sums before a softmax nothing is lost by rounding.
            if loss.takesDistribution, let sums = tape.sums(ofSoftmax: output),
                let found = try loss.traced(target: target, sums: sums, .softmax, weights: weights, on: tape)
            {
                return found
            }
            return try loss.traced(target: target, output: output, weights: weights, on: tape)
        case .function(let function, let name):
            let y = followed.map { tracing.value($0) } ?? Value(tensor: plain), given = tracing.value(output)
            defer { y.release(); given.release() }
            return try OwnLoss.number(interpreter.call(function.value, [y, given]), tracing, OwnLoss.words(name))
        }
    }

    /// The penalty of each matrix that is trained, and what layers ask for their parameters, added up; nil for nothing.
    private func weight(_ tracing: Tracing) throws(Failure) -> Variable? {
        let tape = tracing.tape
        var total: Variable?
        func add(_ cost: Variable) throws(Failure) {
            if let known = total { total = try tape.apply(.add, known, cost) } else { total = cost }
        }
        for entry in parameters.entries where entry.isTrained {
            guard let variable = entry.variable else { continue }
            if let own = entry.penalty { try add(own.traced(variable, on: tape)) }
            guard let penalty, entry.shape.count > 1 else { continue }
            let w = tracing.value(variable)
            defer { w.release() }
            try add(OwnLoss.number(interpreter.call(penalty.value, [w]), tracing, "the penalty"))
        }
        return total
    }

    // MARK: the end of what is finite

    func diagnosis(epoch: Int, batch: Int, samples: Range<Int>) -> Failure {
        let value = last.map { $0.tracing.tape.number($0.loss) } ?? .nan
        let place = "the loss became \(value.isInfinite ? "infinite" : "NaN") in epoch \(epoch), batch \(batch)"
        let rows = Array(order[samples])
        for (what, tensor) in [("X", x.tensor), ("y", y)] {
            let width = max(1, tensor.count / max(1, tensor.shape.first ?? 1))
            for row in rows {
                for column in 0..<width where !tensor.block.number(at: Int(row) * width + column).isFinite {
                    return Failure(
                        .numerics, "\(place): \(what) holds \(NumberText.plain(tensor.block.number(at: Int(row) * width + column))) in sample \(row)",
                        help: "take out or fill such samples first")
                }
            }
        }
        guard let program = last else { return Failure(.numerics, place) }
        let names = ModelNames(model, parameters, interpreter), tape = program.tracing.tape
        if value.isFinite {
            return OwnLoss.wildGradient("by \(program.wild.map(names.name) ?? "a parameter")", epoch: epoch, batch: batch)
        }
        let step = program.steps.first { !tape.numbers(of: $0.output).areFinite }
        let what = step.map { "the outputs of \(names.name(of: $0)) are no longer finite" }
            ?? "\(loss.words) overflowed or has no value for these outputs"
        return Failure(
            .numerics, "\(place): \(what); \(largest(program, names))",
            help: "take a smaller learning rate, such as \(optimizer.name)(\(NumberText.rough(optimizer.learningRate / 10))); log and / need something above 0 in them")
    }

    /// The largest finite numbers of a batch.
    private func largest(_ program: Program, _ names: ModelNames) -> String {
        let tape = program.tracing.tape
        let kinds: [(String, [(Variable, String)])] = [
            ("output", program.steps.map { ($0.output, names.name(of: $0)) }),
            ("gradient", zip(program.entries, program.gradients).map { ($1, names.name(of: $0)) }),
            ("parameter", program.entries.compactMap { entry in entry.variable.map { ($0, names.name(of: entry)) } }),
        ]
        var found: [String] = []
        for (kind, variables) in kinds {
            var most = (0.0, "")
            for (variable, name) in variables {
                for number in tape.numbers(of: variable) where number.isFinite && abs(number) > most.0 { most = (abs(number), name) }
            }
            if most.0 > 0 { found.append("\(kind) is \(NumberText.rough(most.0)) (\(most.1))") }
        }
        return found.isEmpty ? "no number but 0 is finite any more" : "the largest finite " + found.joined(separator: ", ")
    }
}

/// Another key for each step, for layers that draw random numbers.
private struct RandomKeys {
    var last: UInt64
    mutating func next() -> UInt64 {
        last &+= 0x9e37_79b9_7f4a_7c15
        return last
    }
}
