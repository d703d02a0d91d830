import Diagnostics
import Language
import Neural
import Tensors

/// The activations as functions of the prelude, one for each record of the engine. Those that mathematics has anyway
/// (`tanh`, `sign`) stand there; a layer knows every one of them by its name.
enum ActivationFunctions {
    static let builtins: [Builtin] = {
        let taken = Set(ElementFunctions.builtins.map(\.name))
        return Activation.catalogue.filter { !taken.contains($0.name) }.map(builtin)
    }()

    private static func builtin(_ record: ActivationRecord) -> Builtin {
        var parameters = [
            Builtin.Parameter(
                "z", "tensor, list or number", record.parameter == nil ? .required : .absent, .positional,
                record.parameter == nil ? "the neuron's sum" : "the neuron's sum; left out, the activation itself is given")
        ]
        if let own = record.parameter {
            parameters.append(.init(own.name, "number", .number(own.value), .positional, own.summary))
        }
        return Builtin(
            record.name, record.summary, parameters,
            formula: "\(record.formula); derivative \(record.derivative); in \(record.rangeText)",
            shapes: record.range == .distribution ? "any -> the same, each row of the last axis by itself" : "any -> the same",
            example: "\(record.name)([-1, 0, 2])"
        ) { call throws(Failure) in
            let activation = try record.activation(record.parameter == nil ? nil : call.number(1))
            if call.isAbsent(0) { return Value(native: ActivationObject(activation)) }
            return Value(reduced: try activation.value(of: try call.tensorOrNumber(0)))
        }
    }
}

/// An activation with its parameter as a value: `leaky_relu(a=0.2)`.
final class ActivationObject: NativeObject {
    let activation: Activation

    init(_ activation: Activation) { self.activation = activation }

    override var typeName: String { "activation" }
    override var description: String { activation.text }
    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("z", "tensor, list or number")] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        Value(reduced: try activation.value(of: try call.tensorOrNumber(0)))
    }

    override func composed(with next: Value, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(activation).composed(with: next, interpreter)
    }

    override var fieldNames: [String] { ["name"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        name == "name" ? Value(string: activation.name) : nil
    }
}

extension Call {
    /// What `activation=` takes: a name of the prelude, the same as text, or an activation with its parameter.
    func activation(_ index: Int) throws(Failure) -> Activation {
        if isAbsent(index) { return .identity }
        let value = self[index]
        if let object = value.native as? ActivationObject { return object.activation }
        let name = value.string ?? value.builtinName
        if let name, let record = Activation.named(name) { return try record.activation() }
        let names = Activation.catalogue.map(\.name)
        if let name {
            throw Failure(
                .value, "there is no activation `\(name)`",
                help: Nearest.match(name, in: names).map { "did you mean `\($0)`?" } ?? "there are " + names.joined(separator: ", "),
                argument: index)
        }
        if value.isCallable {
            throw Failure(
                .argument, "an activation of your own cannot be trained yet: its derivative is not known",
                help: "take one of " + names.joined(separator: ", "), argument: index)
        }
        throw unexpected(index, "an activation")
    }
}
