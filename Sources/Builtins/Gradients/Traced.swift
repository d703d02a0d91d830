import Autodiff
import Diagnostics
import Language
import Tensors

/// A variable of a tape as a value of the language: a number or a tensor.
final class Traced: TracedObject {
    // The session keeps the tracing for longer than any value of it is live.
    unowned(unsafe) let tracing: Tracing
    let variable: Variable
    /// A comparison's result: a bool tensor, 1 where it holds.
    let isMask: Bool
    /// What it is once its tape is gone.
    var settled: Tensor?
    @exclusivity(unchecked) var previous: Unmanaged<Traced>?
    @exclusivity(unchecked) var next: Unmanaged<Traced>?

    init(_ tracing: Tracing, _ variable: Variable, isMask: Bool) {
        self.isMask = isMask
        self.tracing = tracing
        self.variable = variable
        super.init()
        tracing.link(self)
    }

    deinit { if settled == nil { tracing.unlink(self) } }

    /// The tape goes without having been settled.
    func abandon() {
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
        tape.marks.insert(.branched)
        return try now()
    }

    private func now() throws(Failure) -> Value {
        guard isMask else { return try tracing.plain(variable) }
        return Value(tensor: try tape.value(variable).stored(as: .bool))
    }

    /// The tracing that its operations are recorded by: its own, or the current one once that is over.
    func live(_ interpreter: Interpreter) throws(Failure) -> Tracing {
        if settled == nil { return tracing }
        if let current = Tracing.current(interpreter) { return current }
        throw Failure(.value, "this value belongs to a gradient that is over", help: "return what is needed of it")
    }

    override func printed() -> Value {
        if let settled { return Value(reduced: settled) }
        tape.marks.insert(.printed)
        return (try? now()) ?? .none
    }

    // A value whose tape is gone is a tensor like any other.
    override func tensor() throws(Failure) -> Tensor? { settled }

    override var description: String { "<\(typeName)>" }

    // MARK: what the machine asks, in the files of their subjects

    override func combine(
        _ operation: BinaryOperation, _ other: Value, isLeft: Bool, _ interpreter: Interpreter
    ) throws(Failure) -> Value? { try combined(operation, other, isLeft: isLeft, interpreter) }

    override func product(_ other: Value, isLeft: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try multiplied(other, isLeft: isLeft, interpreter)
    }

    override func negated() throws(Failure) -> Value { try negative() }

    override func compare(
        _ operation: Comparison, _ other: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value? { try compared(operation, other, interpreter) }

    override var length: Int? { firstLength }
    override func iterate() throws(Failure) -> [Value]? { try rows() }

    override func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? {
        try element(keys, interpreter)
    }

    override func changed(
        _ whole: Value, _ keys: [Value], _ operation: BinaryOperation?, _ part: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value { try changedElements(whole, keys, operation, part, interpreter) }

    override func joined(_ items: [Value], rows: Int?, _ interpreter: Interpreter) throws(Failure) -> Value {
        try bracket(items, rows: rows, interpreter)
    }

    override func method(
        _ name: String, _ whole: Value, _ arguments: [Value], _ interpreter: Interpreter
    ) throws(Failure) -> (whole: Value, result: Value)? { try changingMethod(name, whole, arguments, interpreter) }

    override func moved(_ call: borrowing Call, _ body: Builtin.Body) throws(Failure) -> Value {
        try Arrangement.result(call, body)
    }

    override var fieldNames: [String] { ["shape", "T", "dtype", "size", "rank"] }
    override func field(_ name: String) throws(Failure) -> Value? { try fieldValue(name) }
}
