import Autodiff
import Diagnostics
import Language
import Tensors

/// What is recorded while values are followed: a tape, and the values of the language that stand for its variables.
///
/// One is current at a time; a gradient within a gradient uses the one that is there, so that its steps are recorded
/// too. Where it ends, what is still held of its values becomes plain.
final class Tracing {
    let tape: Tape
    /// The last of the values that are still held, chained.
    @exclusivity(unchecked) private var newest: Unmanaged<Traced>?

    /// Constants whose numbers lie in tensors that were there already.
    private var constants: [UnsafeMutableRawPointer: (tensor: Tensor, variable: Variable)] = [:]

    init(_ tape: Tape = Tape()) {
        self.tape = tape
        tape.watch = { () throws(Failure) in try Interruption.check() }
    }

    deinit { newest?.takeUnretainedValue().abandon() }

    /// The one that is recording now; nil where nothing is followed.
    static func current(_ interpreter: Interpreter) -> Tracing? {
        // Nobody else sets it.
        interpreter.tracer.map { unsafeDowncast($0, to: Tracing.self) }
    }

    /// Runs the body with this as the current one. The caller settles it when the last run is over.
    func run<Result>(_ interpreter: Interpreter, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let outer = interpreter.tracer
        let generator = interpreter.generator
        interpreter.tracer = self
        defer {
            if interpreter.generator != generator { tape.marks.insert(.random) }
            interpreter.tracer = outer
        }
        return try body()
    }

    /// Runs the body with the current tracing, or with one of its own that is settled at the end. What the body gives
    /// must be plain unless `isInner`.
    static func within<Result>(
        _ interpreter: Interpreter, _ body: (_ tracing: Tracing, _ isInner: Bool) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if let current = current(interpreter) { return try body(current, true) }
        let recorder = Recorder.of(interpreter)
        let tracing = recorder.takeSpare()
        defer {
            tracing.settle(interpreter)
            recorder.giveBack(tracing)
        }
        return try tracing.run(interpreter) { () throws(Failure) in try body(tracing, false) }
    }

    /// Forgets what was recorded.
    func reset() {
        tape.reset()
        constants = [:]
    }

    // MARK: values

    /// The variable as a value of the language, with one count.
    func value(_ variable: Variable, isMask: Bool = false) -> Value {
        Value(traced: Traced(self, variable, isMask: isMask))
    }

    /// The variable that stands for a value: a number, a bool, a tensor, or a list of these, becomes a constant; nil for
    /// anything else.
    func variable(of value: Value) throws(Failure) -> Variable? {
        if value.isTraced {
            let traced = unsafeDowncast(value.tracedObject, to: Traced.self)
            if let plain = traced.settled { return try tape.leaf(plain) }
            guard traced.tracing === self else {
                throw Failure(
                    .value, "a value of a gradient outside cannot enter this one",
                    help: "training inside a gradient is not differentiated")
            }
            return traced.variable
        }
        if value.isNumber { return try tape.leaf(value.number) }
        if value.isBool { return try tape.leaf(value.isTrue ? 1 : 0) }
        if value.isObject(.tensor) {
            let block = TensorBlock(value.object)
            if block.count <= Tracing.fewest, block.dtype == .float64 { return try tape.leaf(block) }
            return try constant(Tensor(sharing: block))
        }
        if value.holdsTraced, let items = value.items { return try stacked(items) }
        return try Conversions.tensor(value).map { (tensor) throws(Failure) in try tape.leaf(tensor) }
    }

    /// A tensor that nothing flows back to. A large one is not copied: the tensor is held, so nobody changes it where it
    /// lies.
    func constant(_ tensor: Tensor) throws(Failure) -> Variable {
        guard tensor.count > Tracing.fewest else { return try tape.leaf(tensor) }
        if let known = constants[tensor.block.pointer] { return known.variable }
        let wide = try tensor.float64()
        let variable = try tape.leaf(borrowing: wide.block.float64, wide.shape)
        constants[tensor.block.pointer] = (wide, variable)
        // The key is good as long as the tensor it points to is there.
        if wide.block.pointer != tensor.block.pointer { constants[wide.block.pointer] = (tensor, variable) }
        return variable
    }

    private static let fewest = 64

    /// Items along a new first axis; nil if something that is no number or tensor is among them.
    func stacked(_ items: some Collection<Value>) throws(Failure) -> Variable? {
        var parts: [Variable] = []
        parts.reserveCapacity(items.count)
        for item in items {
            guard let part = try variable(of: item) else { return nil }
            parts.append(part)
        }
        return try stacked(parts)
    }

    func stacked(_ parts: [Variable]) throws(Failure) -> Variable {
        guard let first = parts.first else { return try tape.leaf(Tensor([Double]())) }
        let shape = tape.shape(first)
        var rows: [Variable] = []
        rows.reserveCapacity(parts.count)
        for (row, part) in parts.enumerated() {
            guard tape.shape(part) == shape else {
                throw Failure(
                    .shape, "row \(row) has the shape \(Tensor.text(of: tape.shape(part))), row 0 has \(Tensor.text(of: shape))",
                    help: "rows of one tensor are of one length; a list of tensors is made by list(a, b)")
            }
            rows.append(try tape.reshape(part, [1] + shape))
        }
        return try tape.concatenate(rows, axis: 0)
    }

    /// The number or tensor that a variable is now, with one count.
    func plain(_ variable: Variable) throws(Failure) -> Value {
        if tape.shape(variable).isEmpty { return Value(canonical: tape.number(variable)) }
        return Value(tensor: try tape.value(variable))
    }

    // MARK: the end

    /// Makes plain what is still held of the values: what fields of objects hold is replaced, the rest keeps its number.
    func settle(_ interpreter: Interpreter) {
        guard newest != nil else { return }
        tape.marks.insert(.stored)
        var next = newest
        while let traced = next?.takeUnretainedValue() {
            next = traced.previous
            // Without memory for it nothing is left to be said.
            traced.settled = (try? tape.value(traced.variable)) ?? (try? Tensor(scalar: .nan))
            traced.previous = nil
            traced.next = nil
        }
        newest = nil
        Escapes.replace(interpreter)
    }

    func link(_ traced: Traced) {
        traced.previous = newest
        newest?._withUnsafeGuaranteedRef { $0.next = Unmanaged.passUnretained(traced) }
        newest = Unmanaged.passUnretained(traced)
    }

    func unlink(_ traced: Traced) {
        traced.previous?._withUnsafeGuaranteedRef { $0.next = traced.next }
        if let next = traced.next {
            next._withUnsafeGuaranteedRef { $0.previous = traced.previous }
        } else {
            newest = traced.previous
        }
    }

    /// What a session keeps: a tracing to be used again.
    private final class Recorder {
        private var spare: Tracing?
        /// Tapes that grew beyond so many bytes are given back rather than kept.
        static let mostKept = 1 << 28

        static func of(_ interpreter: Interpreter) -> Recorder { interpreter.attachment { Recorder() } }

        func takeSpare() -> Tracing {
            defer { spare = nil }
            return spare ?? Tracing()
        }

        func giveBack(_ tracing: Tracing) {
            guard tracing.tape.size < Recorder.mostKept else { return }
            tracing.reset()
            spare = tracing
        }
    }
}

/// Values that outlive their gradient.
private enum Escapes {
    /// Fields of objects get the plain value in place of one that was followed, also within lists, tuples and maps.
    static func replace(_ interpreter: Interpreter) {
        var found: [(instance: Instance, field: Int)] = []
        interpreter.forEachInstance { instance in
            for field in 0..<instance.fieldCount where instance[field].holdsTraced { found.append((instance, field)) }
        }
        for (instance, field) in found {
            guard let plain = try? instance[field].untraced() else { continue }
            instance[field] = plain
        }
    }
}
