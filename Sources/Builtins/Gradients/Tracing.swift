import Autodiff
import Diagnostics
import Language
import Tensors

/// What is recorded while values are followed: a tape, and the values of the language that stand for its variables.
///
/// One is current at a time; a gradient within a gradient uses the one that is there, so that its steps are recorded
/// too. Where it ends, what is still held of its values becomes plain.
final class Tracing {
    /// What happened meanwhile that a repetition of the recorded steps with other numbers would not show.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// A comparison, an index or a count depended on a value.
        static let branched = Marks(rawValue: 1)
        static let printed = Marks(rawValue: 2)
        /// A value is held by an object after the end.
        static let stored = Marks(rawValue: 4)
        static let random = Marks(rawValue: 8)
    }

    let tape: Tape
    var marks: Marks = []
    /// The last of the values that are still held, chained.
    @exclusivity(unchecked) fileprivate var newest: Unmanaged<Traced>?

    init(_ tape: Tape = Tape()) { self.tape = tape }

    deinit { newest?.takeUnretainedValue().abandon() }

    /// The one that is recording now; nil where nothing is followed.
    static func current(_ interpreter: Interpreter) -> Tracing? { Recorder.of(interpreter).current }

    /// Runs the body with this as the current one. The caller settles it when the last run is over.
    func run<Result>(_ interpreter: Interpreter, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let recorder = Recorder.of(interpreter)
        let outer = recorder.current
        recorder.current = self
        interpreter.isTracing = true
        defer {
            recorder.current = outer
            interpreter.isTracing = outer != nil
        }
        return try body()
    }

    /// Runs the body with the current tracing, or with one of its own that is settled at the end. What the body gives
    /// must be plain unless `isInner`.
    static func within<Result>(
        _ interpreter: Interpreter, _ body: (_ tracing: Tracing, _ isInner: Bool) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let recorder = Recorder.of(interpreter)
        if let current = recorder.current { return try body(current, true) }
        let tracing = recorder.takeSpare()
        defer {
            tracing.settle(interpreter)
            recorder.giveBack(tracing)
        }
        return try tracing.run(interpreter) { () throws(Failure) in try body(tracing, false) }
    }

    // MARK: values

    /// The variable as a value of the language, with one count.
    func value(_ variable: Variable) -> Value { Value(traced: Traced(self, variable)) }

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
        if let tensor = value.tensor { return try tape.leaf(tensor) }
        if value.holdsTraced, let items = value.items { return try stacked(items) }
        return try Conversions.tensor(value).map { (tensor) throws(Failure) in try tape.leaf(tensor) }
    }

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

    func mark(_ mark: Marks) { marks.insert(mark) }

    // MARK: the end

    /// Makes plain what is still held of the values: what fields of objects hold is replaced, the rest keeps its number.
    func settle(_ interpreter: Interpreter) {
        guard newest != nil else { return }
        mark(.stored)
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

    fileprivate func link(_ traced: Traced) {
        traced.previous = newest
        newest?._withUnsafeGuaranteedRef { $0.next = Unmanaged.passUnretained(traced) }
        newest = Unmanaged.passUnretained(traced)
    }

    fileprivate func unlink(_ traced: Traced) {
        traced.previous?._withUnsafeGuaranteedRef { $0.next = traced.next }
        if let next = traced.next {
            next._withUnsafeGuaranteedRef { $0.previous = traced.previous }
        } else {
            newest = traced.previous
        }
    }

    /// What a session keeps: the tracing that is current, and one to be used again.
    private final class Recorder {
        var current: Tracing?
        private var spare: Tracing?
        /// Tapes that grew beyond this are given back rather than kept.
        static let mostKept = 200_000

        static func of(_ interpreter: Interpreter) -> Recorder { interpreter.attachment { Recorder() } }

        func takeSpare() -> Tracing {
            defer { spare = nil }
            return spare ?? Tracing()
        }

        func giveBack(_ tracing: Tracing) {
            guard tracing.tape.count < Recorder.mostKept else { return }
            tracing.tape.reset()
            tracing.marks = []
            spare = tracing
        }
    }
}

/// A variable of a tape as a value of the language: a number or a tensor.
final class Traced: TracedObject {
    // The session keeps the tracing for longer than any value of it is live.
    unowned(unsafe) let tracing: Tracing
    let variable: Variable
    /// What it is once its tape is gone.
    fileprivate(set) var settled: Tensor?
    @exclusivity(unchecked) fileprivate var previous: Unmanaged<Traced>?
    @exclusivity(unchecked) fileprivate var next: Unmanaged<Traced>?

    fileprivate init(_ tracing: Tracing, _ variable: Variable) {
        self.tracing = tracing
        self.variable = variable
        super.init()
        tracing.link(self)
    }

    deinit { if settled == nil { tracing.unlink(self) } }

    /// The tape goes without having been settled.
    fileprivate func abandon() {
        var traced: Traced? = self
        while let one = traced {
            let before = one.previous?.takeUnretainedValue()
            one.settled = try? Tensor(scalar: .nan)
            one.previous = nil
            one.next = nil
            traced = before
        }
    }

    var tape: Tape { tracing.tape }

    override var typeName: String { shape.isEmpty ? "number" : "tensor" }
    override var shape: [Int] { settled?.shape ?? tape.shape(variable) }

    override func plain() throws(Failure) -> Value {
        if let settled { return Value(reduced: settled) }
        tracing.mark(.branched)
        return try tracing.plain(variable)
    }

    override func printed() -> Value {
        if let settled { return Value(reduced: settled) }
        tracing.mark(.printed)
        return (try? tracing.plain(variable)) ?? .none
    }

    // A value whose tape is gone is a tensor like any other.
    override func tensor() throws(Failure) -> Tensor? { settled }

    override var description: String { "<\(typeName)>" }
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
