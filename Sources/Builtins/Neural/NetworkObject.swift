import Diagnostics
import Language
import Neural
import Tensors

/// A network as a value: called it predicts, and its layers show their weights.
final class NetworkObject: NativeObject, Parametric {
    let network: Network
    /// The metrics and the loss of the last `fit`, which `evaluate` measures where none are named; a loss of the engine the
    /// network keeps itself.
    let memory = ModelMemory()
    var isTrained = false
    var lifted: LiftedParameters?
    var numbers: Network? { network }

    init(_ network: Network) { self.network = network }

    override var typeName: String { "network" }
    override var description: String {
        let parts = network.descriptions.map(\.code)
        let head = network.inputShape.map { "input(\($0.map(String.init).joined(separator: ", "))), " } ?? ""
        return "sequential(\(head)\(parts.joined(separator: ", ")))"
    }

    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("x", "tensor"), Applying.training] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value { try applied(call) }

    func network(for x: Tensor?, _ interpreter: Interpreter) throws(Failure) -> Network {
        if network.inputShape == nil, let x { try network.build(NetworkObject.sample(of: x)) }
        return network
    }

    /// The shape of one sample among samples x; a vector is numbers one by one.
    static func sample(of x: Tensor) -> [Int] { x.rank == 1 ? [1] : Array(x.shape.dropFirst()) }

    /// Numbers are taken from its weights, not from the network.
    override func combine(
        _ operation: BinaryOperation, _ other: Value, isLeft: Bool, _ interpreter: Interpreter
    ) throws(Failure) -> Value? {
        guard isLeft, other.items != nil else { return nil }
        throw Failure(
            .type, "`\(operation.symbol)` does not go with a network and \(other.inWords)",
            help: "net.weights -= η * g changes its weights; step(net, g, optimizer) makes the step of an optimizer")
    }

    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        // A tensor is no part of a network, and neither is a function of the user's: those are called.
        try Stack(self, isHeld: isHeld).composed(with: next, interpreter)
    }

    override var fieldNames: [String] { ["layers", "parameters", "weights", "dtype"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "layers": Value(list: network.descriptions.indices.map { Value(native: BuiltLayer(self, $0)) })
        case "parameters": Value(network.parameterCount)
        case "weights": try weights()
        case "dtype": Value(string: network.dtype.name)
        default: nil
        }
    }

    override func setField(_ name: String, _ value: Value) throws(Failure) -> Bool {
        if name == "weights" {
            try setWeights(value)
            return true
        }
        // `net.layers[0].b = …` ends by putting the layers back where they came from.
        guard name == "layers", let layers = value.items else { return false }
        return layers.count == network.descriptions.count && layers.allSatisfy { ($0.native as? BuiltLayer)?.owner === self }
    }

    /// Copies of all W and b, layer by layer; what stands for them where a gradient by them is taken.
    func weights() throws(Failure) -> Value { Value(list: try parameterValues()) }

    func setWeights(_ value: Value) throws(Failure) { try network.setParameters(NetworkObject.tensors(value)) }

    /// A list of tensors, as `weights` gives them.
    static func tensors(_ value: Value) throws(Failure) -> [Tensor] {
        guard let items = value.items else {
            throw Failure(.type, "the weights of a network are a list of tensors, not \(value.inWords)")
        }
        return try items.map { (item) throws(Failure) in
            if let tensor = try Conversions.tensor(item) { return tensor }
            throw Failure(.type, "the weights of a network are tensors; \(item.inWords) is among them")
        }
    }

    /// Layers with the shapes they give and the numbers they train.
    var summary: String {
        guard network.inputShape != nil else {
            return description + "\nshapes and weights are made when the first samples come, or by input(...) at its head"
        }
        var rows = [["", "layer", "activation", "output", "parameters"]]
        for row in network.summary {
            let parts = row.parameters.map { "\($0.name) \(Tensor.text(of: $0.shape))" }.joined(separator: ", ")
            rows.append([
                row.depth == 0 ? "\(row.position)" : "", String(repeating: "  ", count: row.depth) + row.layer, row.activation,
                "(\((["n"] + row.outputShape.map(String.init)).joined(separator: ", ")))",
                "\(row.parameterCount)" + (parts.isEmpty ? "" : "  \(parts)"),
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        let rule = String(repeating: "─", count: trimmed.map(\.count).max() ?? 0)
        let count = network.parameterCount
        let bytes = count * network.dtype.size
        let kept = network.layers.reduce(0) { sum, layer in
            sum + layer.parameters.filter { !$0.isTrained }.reduce(0) { $0 + $1.count }
        }
        let note = kept > 0 ? " (\(kept) of them kept up to date, not trained)" : ""
        let total = "\(count) parameters\(note), \(network.dtype.name), \(bytes < 10_000 ? "\(bytes) bytes" : "\((bytes + 500) / 1000) KB")"
        return ([trimmed[0], rule] + trimmed.dropFirst() + [rule, total]).joined(separator: "\n")
    }
}

/// A layer in its network: `net.layers[0].W`. Of a layer made of layers, `net.layers[0].layers[1].W`.
final class BuiltLayer: NativeObject {
    let owner: NetworkObject
    let position: Int
    private let layer: any Layer
    /// The names of the inner layers that lead to this one, outermost first, each with a point: `1.forward.`.
    private let path: String

    convenience init(_ owner: NetworkObject, _ position: Int) {
        self.init(owner, position, owner.network.descriptions[position], "")
    }

    private init(_ owner: NetworkObject, _ position: Int, _ layer: any Layer, _ path: String) {
        self.owner = owner
        self.position = position
        self.layer = layer
        self.path = path
    }

    /// The parameters below this layer, with their names as they are here.
    private var parameters: [(name: String, count: Int)] {
        guard owner.network.layers.indices.contains(position) else { return [] }
        return owner.network.layers[position].parameters.filter { $0.name.hasPrefix(path) }
            .map { (String($0.name.dropFirst(path.count)), $0.count) }
    }

    private var names: [String] { parameters.map(\.name).filter { !$0.contains(".") } }

    private var inner: [InnerLayer] { (layer as? any CompositeLayer)?.inner(for: []) ?? [] }

    override var typeName: String { "layer" }
    override var description: String { "layer \(position): \(layer.title)" }
    override var fieldNames: [String] {
        var names = names + ["parameters"]
        if !inner.isEmpty { names.append("layers") }
        if layer is Bidirectional { names += ["forward", "backward"] }
        if units != nil { names.append("units") }
        if shown != nil { names.append("activation") }
        return names
    }

    private var units: Int? { (layer as? Dense)?.units ?? (layer as? any RecurrentLayer)?.recurrence.units }
    private var shown: Activation? { (layer as? ActivationLayer)?.activation ?? layer.shownActivation }

    override func field(_ name: String) throws(Failure) -> Value? {
        if let tensor = try owner.network.parameter(path + name, ofLayer: position) {
            return number(path + name).flatMap(owner.followed) ?? Value(tensor: tensor)
        }
        switch name {
        case "parameters": return Value(parameters.reduce(0) { $0 + $1.count })
        case "units": return units.map { Value($0) }
        case "activation": return shown.map { Value(native: ActivationObject($0)) }
        case "layers" where !inner.isEmpty: return Value(list: inner.map { Value(native: built($0)) })
        case "forward" where layer is Bidirectional, "backward" where layer is Bidirectional:
            return inner.first { $0.name == name }.map { Value(native: built($0)) }
        case "W", "U", "V", "b", "c", "gamma", "beta":
            guard owner.network.inputShape == nil, inner.isEmpty, !(layer is ActivationLayer), !(layer is Flatten) else { return nil }
            throw Failure(
                .value, "the network has no weights yet: it does not know the shape of a sample",
                help: "begin it with input(...), or fit it first")
        default: return nil
        }
    }

    /// The place of a parameter of this layer among all of the network.
    private func number(_ name: String) -> Int? {
        let layers = owner.network.layers
        guard let own = layers[position].parameters.firstIndex(where: { $0.name == name }) else { return nil }
        return layers[..<position].reduce(own) { $0 + $1.parameters.count }
    }

    private func built(_ inner: InnerLayer) -> BuiltLayer { BuiltLayer(owner, position, inner.layer, "\(path)\(inner.name).") }

    override func setField(_ name: String, _ value: Value) throws(Failure) -> Bool {
        guard names.contains(name) else {
            // What was changed inside is put back where it came from.
            guard let field = try field(name) else { return false }
            defer { field.release() }
            guard !inner.isEmpty, ["layers", "forward", "backward"].contains(name) else { return false }
            let parts = value.items.map(Array.init) ?? [value]
            return parts.allSatisfy { ($0.native as? BuiltLayer)?.owner === owner }
        }
        guard let tensor = try Conversions.tensor(value) else {
            throw Failure(.type, "\(name) of a layer is a tensor, not \(value.inWords)")
        }
        try owner.network.setParameter(path + name, ofLayer: position, to: tensor)
        return true
    }
}
