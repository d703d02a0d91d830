import Diagnostics
import Language
import Neural
import Tensors

/// What large weights cost: `fit(..., penalty=l2(0.01))`, `dense(8, relu, penalty=l1(0.001))`.
enum PenaltyFunctions {
    static let builtins: [Builtin] = [l1, l2]

    private static let strength = Builtin.Parameter("λ", "number >= 0", .number(0.01), .positional, "how much it counts")

    static let l1 = Builtin(
        "l1", "A penalty for large weights that makes many of them 0. It is added to the loss; biases are left out.", [strength],
        formula: "λ Σ |w|; derivative λ sign(w), 0 at 0", example: "l1(0.1)([1, -2])  # 0.3"
    ) { call throws(Failure) in Value(native: PenaltyObject(try Penalty(l1: call.number(0)))) }

    static let l2 = Builtin(
        "l2", "A penalty for large weights that keeps all of them small. It is added to the loss; biases are left out.", [strength],
        formula: "λ Σ w^2; derivative 2 λ w", example: "l2(0.1)([1, -2])  # 0.5"
    ) { call throws(Failure) in Value(native: PenaltyObject(try Penalty(l2: call.number(0)))) }
}

/// A penalty as a value: penalties are added to each other and to a loss, and called they measure.
final class PenaltyObject: NativeObject {
    let penalty: Penalty

    init(_ penalty: Penalty) { self.penalty = penalty }

    override var typeName: String { "penalty" }
    override var description: String { penalty.text }
    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("w", "tensor, list or number")] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        if call[0].isTraced, let tracing = Tracing.current(call.interpreter), let w = try tracing.variable(of: call[0]) {
            return tracing.value(try penalty.traced(w, on: tracing.tape))
        }
        return Value(canonical: try penalty.value(of: try call.tensorOrNumber(0)))
    }

    /// `l1(0.1) + l2(0.2)`, `mse + l2(0.1)`.
    override func combine(
        _ operation: BinaryOperation, _ other: Value, isLeft: Bool, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        guard operation == .add else { return nil }
        if let other = other.native as? PenaltyObject { return Value(native: PenaltyObject(penalty + other.penalty)) }
        if let object = other.native as? LossObject {
            return Value(native: LossObject(object.loss, object.penalty.map { $0 + penalty } ?? penalty))
        }
        guard let name = other.builtinName, let loss = Loss.named(name) else { return nil }
        return Value(native: LossObject(loss, penalty))
    }
}

extension Call {
    /// What `penalty=` takes; nil where nothing is given.
    func penalty(_ index: Int) throws(Failure) -> Penalty? {
        if isAbsent(index) { return nil }
        if let object = self[index].native as? PenaltyObject { return object.penalty }
        if let name = self[index].string ?? self[index].builtinName, name == "l1" || name == "l2" {
            return try Penalty(l1: name == "l1" ? 0.01 : 0, l2: name == "l2" ? 0.01 : 0)
        }
        throw unexpected(index, "a penalty, such as l2(0.01)")
    }

    /// A penalty of the user's own: a function of a matrix of weights; nil where there is none or one of the engine's.
    func ownPenalty(_ index: Int) -> Held? {
        let value = self[index]
        guard !isAbsent(index), value.isCallable, !(value.native is PenaltyObject) else { return nil }
        if let name = value.builtinName, name == "l1" || name == "l2" { return nil }
        return Held(sharing: value)
    }

    /// The penalty that stands beside a loss: `loss=mse + l2(0.1)`.
    func lossPenalty(_ index: Int) -> Penalty? { (self[index].native as? LossObject)?.penalty }
}
