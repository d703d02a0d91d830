import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// A model with code of the user's in it, as a value: called it gives its outputs.
final class OwnModelObject: NativeObject {
    let model: OwnModel

    init(_ model: OwnModel) { self.model = model }

    override var typeName: String { "network" }
    override var description: String { model.title }
    override func composed(with next: Value, isHeld: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? {
        try Stack(self).composed(with: next, interpreter)
    }

    /// What a network has that is put together of networks alone.
    override var fieldNames: [String] { model.networks == nil ? [] : ["layers", "parameters", "weights", "dtype"] }

    override func field(_ name: String) throws(Failure) -> Value? {
        guard let networks = model.networks else { return nil }
        switch name {
        case "layers": return Value(list: networks.flatMap { part in part.network.descriptions.indices.map { Value(native: BuiltLayer(part, $0)) } })
        case "parameters": return Value(networks.reduce(0) { $0 + $1.network.parameterCount })
        case "weights":
            var all: [Value] = []
            for part in networks { all += try part.parameterValues() }
            return Value(list: all)
        case "dtype": return networks.first.map { Value(string: $0.network.dtype.name) }
        default: return nil
        }
    }

    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("x", "tensor [n, ...]"), Applying.training] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        let mode = try Applying.mode(call) ?? RecordingMode()
        let pass = ModelPass.current(call.interpreter) ?? ModelPass(mode)
        return try model.applied(call[0], call.interpreter, pass)
    }
}

extension OwnModel {
    /// Its parts, where all of them are networks.
    var networks: [NetworkObject]? {
        var found: [NetworkObject] = []
        for part in parts {
            guard case .network(let network, _) = part else { return nil }
            found.append(network)
        }
        return found.isEmpty ? nil : found
    }

    /// One network of the same layers and numbers, where nothing in it is of the user's making and all is built.
    func copy() throws(Failure) -> Network? {
        var layers: [any Layer] = [], tensors: [Tensor] = []
        var first: Network?
        for part in parts {
            let network: Network?
            switch part {
            case .network(let object, _): network = object.network
            case .function(let held): network = (held.value.native as? LayerObject).flatMap { $0.function == nil ? $0.numbers : nil }
            case .object: network = nil
            }
            guard let network, network.inputShape != nil else { return nil }
            first = first ?? network
            layers += network.descriptions
            tensors += try network.parameters()
        }
        guard let first, let shape = first.inputShape else { return nil }
        var generator = Generator(seed: 0)
        let whole = try Network(input: Input(shape), layers, dtype: first.dtype, generator: &generator)
        try whole.setParameters(tensors)
        return whole
    }

    /// Copies of what is trained, in a fixed order; what stands for it where a gradient by it is taken.
    func weights(_ interpreter: Interpreter) throws(Failure) -> Value {
        if Tracing.current(interpreter) != nil {
            let now = now(interpreter)
            if now.contains(where: \.isTraced) { return Value(list: now) }
            for value in now { value.release() }
        }
        let parameters = try parameters(interpreter)
        var tensors: [Value] = []
        for entry in parameters.entries { tensors.append(Value(tensor: try parameters.tensor(entry))) }
        return Value(list: tensors)
    }

    /// What is trained, a line each.
    func summary(_ interpreter: Interpreter) throws(Failure) -> String {
        let entries = try parameters(interpreter).entries
        guard !entries.isEmpty else {
            return title + "\nshapes and weights are made when the first samples come"
        }
        var rows = [["parameter", "shape", "numbers"]]
        for entry in entries {
            rows.append([entry.name, Tensor.text(of: entry.shape), "\(entry.shape.reduce(1, *))"])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        let rule = String(repeating: "─", count: trimmed.map(\.count).max() ?? 0)
        let total = entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
        return ([title, rule, trimmed[0], rule] + trimmed.dropFirst() + [rule, "\(total) parameters"]).joined(separator: "\n")
    }

    /// Whether a gradient by what it trains is being taken.
    func isFollowed(_ interpreter: Interpreter) -> Bool {
        let now = now(interpreter)
        defer { for value in now { value.release() } }
        return now.contains(where: \.isTraced)
    }

    /// What stands at this moment in the place of each parameter, with one count, in the order of `parameters`.
    private func now(_ interpreter: Interpreter) -> [Value] {
        var found: [Value] = []
        var met: Set<UnsafeMutableRawPointer> = []
        func reach(_ value: Value, isField: Bool) {
            if value.isTraced || value.isObject(.tensor) {
                if isField, value.isTraced || ModelParameters.isTrainable(value) { found.append(value.retained) }
            } else if let items = value.items {
                for item in items { reach(item, isField: isField) }
            } else if let map = value.map {
                for (_, item) in map.entries { reach(item, isField: isField) }
            } else if let object = value.native as? any Parametric {
                found += (try? object.parameterValues()) ?? []
            } else if let instance = Instance(value), met.insert(instance.identity).inserted {
                for field in 0..<instance.fieldCount where !instance[field].isMissing { reach(instance[field], isField: true) }
            }
        }
        for (_, held) in trained(interpreter) { reach(held.value, isField: false) }
        return found
    }
}
