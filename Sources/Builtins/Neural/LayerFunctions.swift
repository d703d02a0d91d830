import Diagnostics
import Language
import Neural
import Tensors

/// The layers, and `sequential`, which stacks them.
enum LayerFunctions {
    static let builtins: [Builtin] = [dense, flatten, input, sequential]

    private static let initializers = Initializer.forWeights.map(\.rawValue)

    static let dense = Builtin(
        "dense", "A fully connected layer.",
        [
            .init("units", "whole number", .required, .positional, "how many neurons, 1 or more"),
            .init("activation", "activation", .none, .positional, "f, by default the identity: a name, `leaky_relu(a=0.2)`, or a function of yours"),
            .init("bias", "bool", .bool(true), .keyword, "whether there is a b, which starts at 0"),
            .init(
                "initializer", "string", .none, .keyword,
                "how W starts, by default \"he_uniform\" for relu and its kin and else \"glorot_uniform\"; one of "
                    + initializers.joined(separator: ", ")),
            .init("penalty", "penalty", .none, .keyword, "what a large W costs, such as l2(0.01)"),
        ],
        formula: "y = f(x W + b)", shapes: "[n, in] -> [n, units]; W [in, units], b [units]",
        example: "net = sequential(input(2), dense(4, tanh), dense(1, sigmoid))",
        source: "Glorot and Bengio 2010; He et al. 2015, arXiv:1502.01852"
    ) { call throws(Failure) in
        // What the user wrote is applied after the layer, and differentiated where that is needed.
        let own = call.ownFunction(1)
        let activation = try own == nil ? call.activation(1) : .identity
        let layer = try Dense(
            call.int(0), activation, useBias: call.bool(2), initializer: call.initializer(3), penalty: call.penalty(4))
        return Value(native: LayerObject(layer, then: own))
    }

    static let flatten = Builtin(
        "flatten", "A layer that makes one row of numbers of each sample.", [],
        shapes: "[n, a, b, …] -> [n, a b …]", example: "sequential(input(28, 28), flatten(), dense(10, softmax))"
    ) { _ in Value(native: LayerObject(Flatten())) }

    static let input = Builtin(
        "input", "The shape of one sample, at the head of a network; it is no layer of its own.",
        [.init("shape", "numbers, or one list or tuple", .required, .variadic, "the lengths of a sample's axes")],
        shapes: "samples are [n, shape…]", example: "sequential(input(784), dense(10, softmax))"
    ) { call throws(Failure) in Value(native: InputObject(try Input(call.shape()))) }

    static let sequential = Builtin(
        "sequential", "A network: layers one after another.",
        [
            .init(
                "layers", "input and layers", .required, .variadic,
                "`input(...)` first, where the shapes are to be known at once; layers, activations, functions x -> y, objects with `forward(x)`; code of yours is then called once, with zeros"),
            .init(
                "dtype", "string", .none, .keyword,
                "what it computes in, `float32` or `float64`; by default as the first network in it, else `float32`"),
        ],
        formula: "y = f_L(… f_2(f_1(x)))",
        example: "net = sequential(input(784), dense(128, tanh), dense(10, sigmoid))"
    ) { call throws(Failure) in
        var parts: [Value] = []
        for value in call.rest {
            if let items = value.items { parts += items } else { parts.append(value) }
        }
        return try Stack(parts).network(call.isAbsent(1) ? nil : call.dtype(1), call.interpreter)
    }
}

extension Call {
    /// What `initializer=` takes; none where it is left out.
    func initializer(_ index: Int) throws(Failure) -> Initializer? {
        guard let name = try optionalString(index) else { return nil }
        let names = Initializer.forWeights.map(\.rawValue)
        guard names.contains(name), let known = Initializer(rawValue: name) else {
            throw refused(
                index, "must be one of " + names.joined(separator: ", "),
                help: Nearest.match(name, in: names).map { "did you mean \"\($0)\"?" })
        }
        return known
    }
}

/// Layers on their way into a network, as `sequential` is given them and `|>` gathers them.
struct Stack {
    var input: Input?
    var layers: [any Layer] = []
    private var dtype: DType?
    /// What the user wrote, each with the number of layers before it.
    private var own: [(place: Int, part: OwnModel.Part)] = []

    init(_ parts: [Value]) throws(Failure) {
        for (position, part) in parts.enumerated() {
            guard try append(part, position) else {
                throw Failure(
                    .type, "part \(position + 1) of the network is \(part.inWords), not a layer",
                    help: "layers are made by dense(...), flatten(), input(...)")
            }
        }
    }

    /// Layers inside a layer, which takes what its input is.
    init(inner parts: [Value]) throws(Failure) {
        for (position, part) in parts.enumerated() {
            guard try append(part, position + 1) else {
                throw Failure(
                    .type, "part \(position + 1) of the layer is \(part.inWords), not a layer",
                    help: "layers are made by dense(...), lstm(...), dense(8) |> tanh")
            }
        }
        guard own.isEmpty else {
            throw Failure(
                .argument, "functions, objects and networks of your own do not stand inside another layer",
                help: "model(x -> ...) takes them: l = dense(8); model(x -> x + f(l(x)))")
        }
    }

    init(_ part: LayerObject) { append(part, as: Held(adopting: Value(native: part))) }
    init(_ part: InputObject) { input = part.input }
    init(_ activation: Activation) { layers = [ActivationLayer(activation)] }

    init(_ part: OwnModelObject) throws(Failure) { try append(part, 0) }

    init(_ part: NetworkObject, isHeld: Bool) throws(Failure) {
        try append(part, as: Held(adopting: Value(native: part)), isHeld: isHeld, 0)
    }

    /// Adds an input (only at the head), a layer, a network's layers, or an activation as a layer of its own; false for
    /// anything else.
    mutating func append(_ part: Value, _ position: Int, allowsFunctions: Bool = true) throws(Failure) -> Bool {
        if let given = part.native as? InputObject {
            guard position == 0 else {
                throw Failure(.argument, "input stands at the head of a network, not in place \(position + 1)")
            }
            input = given.input
        } else if let layer = part.native as? LayerObject {
            append(layer, as: Held(sharing: part))
        } else if let network = part.native as? NetworkObject {
            try append(network, as: Held(sharing: part), isHeld: part.header.pointee.count > 1, position)
        } else if let activation = Stack.activation(part) {
            layers.append(ActivationLayer(activation))
        } else if part.isObject(.instance) {
            own.append((layers.count, .object(Held(sharing: part))))
        } else if let model = part.native as? OwnModelObject {
            try append(model, position)
        } else if allowsFunctions, part.isCallable, part.native == nil, part.builtinName == nil {
            own.append((layers.count, .function(Held(sharing: part))))
        } else {
            return false
        }
        return true
    }

    private mutating func append(_ model: OwnModelObject, _ position: Int) throws(Failure) {
        if position == 0 { input = try model.model.inputShape.map { (shape) throws(Failure) in try Input(shape) } }
        own += model.model.parts.map { (layers.count, $0) }
    }

    /// A network that others hold, or that was trained, stays itself in the larger one: both have the same weights. Of
    /// another only the layers are taken, which draw their numbers when the network is made.
    private mutating func append(
        _ network: NetworkObject, as part: Held, isHeld: Bool, _ position: Int
    ) throws(Failure) {
        if position == 0 { input = try network.network.inputShape.map { (shape) throws(Failure) in try Input(shape) } }
        dtype = dtype ?? network.network.dtype
        if isHeld || network.isTrained, network.network.parameterCount > 0 {
            own.append((layers.count, .network(network, part)))
        } else {
            layers += network.network.descriptions
        }
    }

    /// The same with a layer: it has numbers as soon as it was called.
    private mutating func append(_ layer: LayerObject, as part: Held) {
        if let numbers = layer.numbers, numbers.parameterCount > 0 { return own.append((layers.count, .function(part))) }
        layers.append(layer.layer)
        if let function = layer.function { own.append((layers.count, .function(function))) }
    }

    private static func activation(_ part: Value) -> Activation? {
        if let object = part.native as? ActivationObject { return object.activation }
        guard let name = part.builtinName, let record = Activation.named(name) else { return nil }
        return try? record.activation()
    }

    /// `self |> next`: a network where `next` is a part of one, else nil.
    func composed(with next: Value, _ interpreter: Interpreter) throws(Failure) -> Value? {
        var stack = self
        guard try stack.append(next, 1, allowsFunctions: false) else { return nil }
        return try stack.network(nil, interpreter)
    }

    /// The network as a value: one of the engine's, unless there is something of the user's in it.
    ///
    /// - given: what its own layers compute in; by default what the first network in it does.
    func network(_ given: DType?, _ interpreter: Interpreter) throws(Failure) -> Value {
        let dtype = given ?? dtype ?? .float32
        if own.isEmpty {
            return Value(native: NetworkObject(try Network(input: input, layers, dtype: dtype, generator: &interpreter.generator)))
        }
        if layers.isEmpty, own.count == 1, case .network(let network, let whole) = own[0].part {
            if let input { try network.network.build(input.shape) }
            guard dtype == network.network.dtype else {
                throw Failure(.argument, "the network in it computes in \(network.network.dtype.name), and keeps its weights")
            }
            return whole.value.retained
        }
        var parts: [OwnModel.Part] = []
        var first = 0, shape = input?.shape
        for (place, part) in own.map({ ($0.place, Optional($0.part)) }) + [(layers.count, nil)] {
            if place > first {
                let network = NetworkObject(
                    try Network(
                        input: shape.map { (shape) throws(Failure) in try Input(shape) }, Array(layers[first..<place]), dtype: dtype,
                        generator: &interpreter.generator))
                parts.append(.network(network, Held(adopting: Value(native: network))))
                shape = network.network.outputShape
                first = place
            }
            guard let part else { continue }
            parts.append(part)
            if case .network(let network, _) = part {
                if let shape { try network.network.build(shape) }
                shape = network.network.outputShape
            } else {
                shape = nil
            }
        }
        let titles = parts.map { $0.title(interpreter) }
        let head = input.map { "input(\($0.shape.map(String.init).joined(separator: ", "))), " } ?? ""
        let model = OwnModel(parts, title: "sequential(\(head)\(titles.joined(separator: ", ")))", inputShape: input?.shape)
        try model.build(interpreter)
        return Value(native: OwnModelObject(model))
    }
}

/// `input(784)` as a value.
final class InputObject: NativeObject {
    let input: Input

    init(_ input: Input) { self.input = input }

    override var typeName: String { "input" }
    override var description: String { "input(\(input.shape.map(String.init).joined(separator: ", ")))" }

    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(self).composed(with: next, interpreter)
    }
}
