import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// The activations as functions of the prelude, one for each record of the engine. Those that mathematics has anyway
/// (`tanh`, `sign`) stand there; a layer knows every one of them by its name.
enum ActivationFunctions {
    static let builtins: [Builtin] = {
        // tanh takes a slope beside the number, which the function of mathematics does not.
        // `step` of one argument is Heaviside's, with a gradient and an optimizer it is a step of training.
        let taken = Set(ElementFunctions.builtins.map(\.name) + StepFunction.builtins.map(\.name))
        return Activation.catalogue.filter { !taken.contains($0.name) }.map(builtin) + [derivative, table]
    }()

    private static func builtin(_ record: ActivationRecord) -> Builtin {
        let isPlain = record.parameters.isEmpty && !record.hasKink
        var parameters = [
            Builtin.Parameter(
                "z", "tensor, list or number", isPlain ? .required : .absent, .positional,
                isPlain ? "the neuron's sum" : "the neuron's sum; left out, the activation itself is given")
        ]
        for own in record.parameters {
            parameters.append(.init(own.name, "number", .number(own.value), .positional, own.summary))
        }
        if record.hasKink {
            parameters.append(
                .init("at_zero", "number", .none, .keyword, "the derivative to be taken at the kink, such as 0, 0.5 or 1"))
        }
        let remark = record.remark.isEmpty ? "" : "\n\(record.remark)"
        return Builtin(
            record.name, record.summary, parameters,
            formula: "\(record.formula); derivative \(record.derivative); in \(record.rangeText); \(record.continuity)\(remark)",
            shapes: record.range == .distribution ? "any -> the same, each row of the last axis by itself" : "any -> the same",
            example: "\(record.name)([-1, 0, 2])",
            tracing: .onTape { (tracing, call) throws(Failure) in
                try traced(call.activation(record, from: 1), call, tracing)
            }
        ) { call throws(Failure) in
            if let plain = try ActivationFunctions.plain(record, call) { return plain }
            let activation = try call.activation(record, from: 1)
            if call.isAbsent(0) { return Value(native: ActivationObject(activation)) }
            return Value(reduced: try activation.value(of: try call.tensorOrNumber(0)))
        }
    }

    /// The activation of what is followed, on the tape.
    static func traced(
        _ activation: Activation, _ call: borrowing Call, _ tracing: Tracing
    ) throws(Failure) -> Variable {
        let z = try call.variable(0, tracing)
        // What is drawn in training is drawn by the engine, as in a layer.
        if activation.isRandom, let mode = ModelPass.current(call.interpreter)?.mode, mode.isTraining, !tracing.tape.shape(z).isEmpty {
            var unused = Generator(seed: 0)
            let layer = try Network([ActivationLayer(activation)], dtype: .float64, generator: &unused)
            return try layer.record(z, [], on: tracing.tape, mode)
        }
        if let result = try activation.traced(z, on: tracing.tape) { return result }
        throw Failure(.type, "`\(activation.name)` has no derivative by itself", help: "as the activation of a layer it is trained")
    }

    /// tanh as mathematics has it, which is more exact than the engine's; nil for other activations.
    private static func plain(_ record: ActivationRecord, _ call: borrowing Call) throws(Failure) -> Value? {
        guard record.name == "tanh", !call.isAbsent(0), call[1].isNumber else { return nil }
        if call[1].number == 1 { return try ElementFunctions.apply(.tanh, call) }
        return call[0].isNumber ? Value(UnaryFunction.tanh(call[1].number * call[0].number)) : nil
    }

    private static let derivative = Builtin(
        "derivative", "The derivative of an activation at each number, as its record states it; of softmax the diagonal.",
        [
            .init("f", "activation", .required, .positional, "an activation, or its name"),
            .init("z", "tensor, list or number", .required, .positional, "where"),
        ],
        formula: "f'(z)", shapes: "any -> the same", example: "derivative(tanh, 0)  # 1"
    ) { call throws(Failure) in
        Value(reduced: try call.activation(0).derivative(at: try call.tensorOrNumber(1)))
    }

    private static let table = Builtin(
        "activation_table", "The activations as a table: their formulas, derivatives, ranges and smoothness.", [],
        example: "for f in activation_table() { print(f.name, f.f, f.derivative, f.range, sep=\"  |  \") }"
    ) { _ in
        let records = Activation.catalogue
        let columns: [(String, (ActivationRecord) -> String)] = [
            ("name", { $0.name }), ("f", { $0.formula }), ("derivative", { $0.derivative }), ("range", { $0.rangeText }),
            ("continuity", { $0.continuity }),
            ("parameters", { $0.parameters.map { "\($0.name)=\(NumberText.plain($0.value))" }.joined(separator: ", ") }),
            ("remark", { $0.remark }),
        ]
        return Value(
            native: Table(names: columns.map(\.0), columns: columns.map { column in .text(records.map(column.1)) }))
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
        if call[0].holdsTraced {
            let tracing = try call.tracing
            return tracing.value(try ActivationFunctions.traced(activation, call, tracing))
        }
        return Value(reduced: try activation.value(of: try call.tensorOrNumber(0)))
    }

    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(activation).composed(with: next, interpreter)
    }

    override var fieldNames: [String] { ["name"] + activation.record.parameters.map(\.name) }
    override func field(_ name: String) throws(Failure) -> Value? {
        if name == "name" { return Value(string: activation.name) }
        let index = activation.record.parameters.firstIndex { $0.name == name }
        return index.map { Value(activation.values[$0]) }
    }
}

extension Call {
    /// An activation by the arguments of its builtin, its own parameters from `start` on.
    fileprivate func activation(_ record: ActivationRecord, from start: Int) throws(Failure) -> Activation {
        let count = record.parameters.count
        let first = count > 0 ? try number(start) : nil, second = count > 1 ? try number(start + 1) : nil
        return try record.activation(first, second, atZero: record.hasKink ? try optionalNumber(start + count) : nil)
    }

    /// A function of the user's own, where an activation may be one.
    func ownFunction(_ index: Int) -> Held? {
        let value = self[index]
        let isOwn = value.isCallable && value.native == nil && value.builtinName == nil
        return isOwn ? Held(sharing: value) : nil
    }

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
                .argument, "`\(self.name)` takes no activation of your own",
                help: "leave it out and put the function after the layer: sequential(\(self.name)(...), z -> ...)", argument: index)
        }
        let failure = unexpected(index, "an activation")
        guard value.isNumber else { throw failure }
        // A number of neurons, or what an activation of one number gave.
        let isCount = value.number >= 2 && value.number == value.number.rounded()
        if isCount, self.name != "dense" || !self[0].isNumber { throw failure }
        throw Failure(
            failure.kind, failure.message,
            help: isCount
                ? "how many come in is not given: sequential(input(\(NumberText.plain(self[0].number))), dense(\(NumberText.plain(value.number))))"
                : "an activation's parameter is given by name: `leaky_relu(a=0.2)`",
            argument: index)
    }
}
