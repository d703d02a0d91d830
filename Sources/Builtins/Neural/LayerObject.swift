import Diagnostics
import Language
import Neural
import Tensors

/// A layer before it stands in a network. It has no numbers yet, unless it is called like a function: then it keeps those
/// of its first call, and is a model's own layer from there on.
final class LayerObject: NativeObject, Parametric {
    let layer: any Layer
    private(set) var numbers: Network?
    var lifted: LiftedParameters?

    /// A function of the user's that is applied after the layer.
    let function: Held?

    init(_ layer: any Layer, then function: Held? = nil) {
        self.layer = layer
        self.function = function
    }

    override var typeName: String { "layer" }
    override var description: String { layer.code }

    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(self).composed(with: next, interpreter)
    }

    // MARK: called

    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("x", "tensor [n, ...]"), Applying.training] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        let value = try applied(call)
        guard let function else { return value }
        defer { value.release() }
        return try call.interpreter.call(function.value, [value])
    }

    func network(for x: Tensor?, _ interpreter: Interpreter) throws(Failure) -> Network {
        if let numbers { return numbers }
        guard let x else {
            throw Failure(
                .value, "the layer has no weights yet: they are made when it is called for the first time",
                help: "call the model once before, with samples; or begin with them: sequential(input(2), dense(1))")
        }
        let made = try Network([layer], generator: &interpreter.generator)
        try made.build(NetworkObject.sample(of: x))
        numbers = made
        return made
    }

    // MARK: fields

    private var parameterNames: [String] { numbers?.layers.first?.parameters.map(\.name) ?? [] }
    override var fieldNames: [String] { parameterNames + ["parameters"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        if name == "parameters" { return Value(numbers?.parameterCount ?? 0) }
        if let tensor = try numbers?.parameter(name, ofLayer: 0) {
            return parameterNames.firstIndex(of: name).flatMap(followed) ?? Value(tensor: tensor)
        }
        guard numbers == nil, ["W", "b"].contains(name) else { return nil }
        throw Failure(
            .value, "the layer has no weights yet: it does not know the shape of a sample",
            help: "they are made when it is called for the first time, or in a network")
    }

    override func setField(_ name: String, _ value: Value) throws(Failure) -> Bool {
        guard let numbers, parameterNames.contains(name) else { return false }
        guard let tensor = try Conversions.tensor(value) else {
            throw Failure(.type, "\(name) of a layer is a tensor, not \(value.inWords)")
        }
        try numbers.setParameter(name, ofLayer: 0, to: tensor)
        return true
    }
}
