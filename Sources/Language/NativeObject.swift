import Diagnostics
import Tensors

/// An object of the engine as a value of the language: a layer, a network, an optimizer, a table, a chart. These are
/// rare and are references; the machine holds them unmanaged in a block of kind `native`.
///
/// A subclass overrides what it has; the defaults say that there is no such thing, and the machine makes the error.
open class NativeObject {
    public init() {}

    /// The type's name as the user reads it: `layer`, `network`, `table`.
    open var typeName: String { "object" }
    /// Names for completion and for "did you mean".
    open var fieldNames: [String] { [] }
    /// The field of that name, with one count for the caller; nil where there is none.
    open func field(_ name: String) throws(Failure) -> Value? { nil }
    /// Stores into a field; false where it cannot be set.
    open func setField(_ name: String, _ value: Value) throws(Failure) -> Bool { false }
    /// True if `object(...)` is allowed, as for layers and networks.
    open var isCallable: Bool { false }
    /// The parameters of `object(...)`, bound and checked like a builtin's.
    open var callParameters: [Builtin.Parameter] { [] }
    open func call(_ call: borrowing Call) throws(Failure) -> Value {
        throw Failure(.type, "a \(typeName) cannot be called")
    }
    /// True if `object(...)` takes whatever arguments it is given, and is called by `call(arguments:)`.
    open var takesAnything: Bool { false }
    /// The function that it stands for, where that names the arguments; borrowed.
    open var wrapped: Value? { nil }
    /// Arguments are borrowed, those given by name last.
    open func call(
        arguments: UnsafeBufferPointer<Value>, names: [String], _ interpreter: Interpreter
    ) throws(Failure) -> Value { .none }
    /// `object[key, ...]`; nil where it cannot be indexed. Keys are borrowed: numbers, strings, tensors, lists, slices
    /// (`value.slice`), `Value.ellipsis`, `Value.newAxis`. The result carries one count.
    open func index(_ keys: [Value], _ interpreter: Interpreter) throws(Failure) -> Value? { nil }
    /// What `len` gives; nil where it has no length.
    open var length: Int? { nil }
    /// What `for x in object` runs over, one count each for the caller; nil where nothing.
    open func iterate() throws(Failure) -> [Value]? { nil }
    /// Its numbers, where a function that takes a tensor may be given the object: a table of numbers; nil where not.
    open func tensor() throws(Failure) -> Tensor? { nil }
    /// `object op other`, or `other op object` with the operator mirrored; nil where there is nothing special: then
    /// `==` asks whether both are the same object, and an order is an error.
    open func compare(_ operation: Comparison, _ other: Value, _ interpreter: Interpreter) throws(Failure) -> Value? { nil }
    /// `object |> next` where the two make something together (layers make a network); nil for a plain call. `isHeld` tells
    /// whether anybody else holds the object.
    open func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? { nil }
    /// `object op other` and, with `isLeft` false, `other op object`; nil where there is no such operator.
    open func combine(
        _ operation: BinaryOperation, _ other: Value, isLeft: Bool, _ interpreter: Interpreter
    ) throws(Failure) -> Value? { nil }
    /// An object of its own with the same content, for `copy`; nil where there is no such thing.
    open func copied() throws(Failure) -> NativeObject? { nil }
    /// What `print` writes.
    open var description: String { "<\(typeName)>" }
    /// What the prompt and a cell show; nil where `description` is all.
    open var display: Display? { nil }
}

public enum Comparison: String, Sendable {
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
}

/// Something shown: the same thing in several forms, the richest first.
public struct Display: Sendable {
    /// MIME type and content: `("image/svg+xml", "<svg …")`, `("text/plain", "…")`.
    public var forms: [(mime: String, content: String)]
    /// How it is drawn in a terminal that is so many columns wide; nil where the plain text form serves.
    public var terminal: (@Sendable (_ columns: Int, _ colour: Bool) -> String)?

    public init(forms: [(mime: String, content: String)], terminal: (@Sendable (Int, Bool) -> String)? = nil) {
        self.forms = forms
        self.terminal = terminal
    }
}
