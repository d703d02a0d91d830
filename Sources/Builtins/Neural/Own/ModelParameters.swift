import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// What is trained of a model written in the language: the float tensors in the fields of its layers, and the parameters
/// of the networks and built-in layers that it calls. While `fit` runs their numbers lie in a store in double precision;
/// `writeBack` gives them to their owners.
final class ModelParameters {
    /// A tensor of the model.
    final class Entry {
        let name: String
        let shape: [Int]
        let dtype: DType
        /// What its layer asks for large numbers.
        let penalty: Penalty?
        /// In the store.
        let index: Int
        /// False for what the model's code sets itself, for state of layers, and for what nothing is made of.
        fileprivate(set) var isTrained: Bool
        /// While a tape records.
        fileprivate(set) var variable: Variable?

        fileprivate init(_ name: String, _ tensor: Tensor, _ index: Int, isTrained: Bool, penalty: Penalty? = nil) {
            self.penalty = penalty
            self.name = name
            shape = tensor.shape
            dtype = tensor.dtype
            self.index = index
            self.isTrained = isTrained
        }
    }

    /// A field of an object that holds some of them, by itself or within lists, tuples and maps.
    private final class Place {
        let instance: Held
        let field: Int
        let entries: [Entry]
        /// What stands in the field while a tape records.
        var lifted: Held?

        init(_ instance: Held, _ field: Int, _ entries: [Entry]) {
            self.instance = instance
            self.field = field
            self.entries = entries
        }
    }

    let store = ParameterStore()
    private(set) var entries: [Entry] = []
    private var places: [Place] = []
    private var objects: [(object: any Parametric, network: Network, path: String, entries: [Entry])] = []
    private var met: Set<UnsafeMutableRawPointer> = []

    /// Gathers the tensors in the fields of some objects, those of the objects in their fields, and the networks and layers
    /// there; those that have no numbers yet come when they are called.
    init(_ roots: [(name: String, value: Held)]) throws(Failure) {
        for root in roots { try gather(root.value.value, root.name, 0) }
    }

    private func gather(_ value: Value, _ name: String, _ depth: Int) throws(Failure) {
        guard depth < 64 else { return }
        if let items = value.items {
            for (position, item) in items.enumerated() { try gather(item, "\(name)[\(position)]", depth + 1) }
        } else if let map = value.map {
            for (key, item) in map.entries { try gather(item, "\(name)[\(key.string ?? "…")]", depth + 1) }
        } else if let object = value.native as? any Parametric {
            if let network = object.numbers, network.inputShape != nil { try adopt(object, network, name: name) }
        } else if let instance = Instance(value), met.insert(instance.identity).inserted {
            for field in 0..<instance.fieldCount where !instance[field].isMissing {
                let inner = name.isEmpty ? instance.name(field) : "\(name).\(instance.name(field))"
                var found: [Entry] = []
                try ModelParameters.forEachTensor(instance[field], inner) { (tensor, name) throws(Failure) in
                    let entry = Entry(name, tensor, try store.add(tensor), isTrained: true)
                    found.append(entry)
                }
                entries += found
                if !found.isEmpty { places.append(Place(Held(sharing: value), field, found)) }
                try gather(instance[field], inner, depth + 1)
            }
        }
    }

    /// The float tensors that are not frozen in a field's value, not those of other objects.
    private static func forEachTensor(
        _ value: Value, _ name: String, depth: Int = 0, _ body: (Tensor, String) throws(Failure) -> Void
    ) throws(Failure) {
        guard depth < 64 else { return }
        if isTrainable(value), let tensor = value.tensor {
            try body(tensor, name)
        } else if let items = value.items {
            for (position, item) in items.enumerated() {
                try forEachTensor(item, "\(name)[\(position)]", depth: depth + 1, body)
            }
        } else if let map = value.map {
            for (key, item) in map.entries {
                try forEachTensor(item, "\(name)[\(key.string ?? "…")]", depth: depth + 1, body)
            }
        }
    }

    static func isTrainable(_ value: Value) -> Bool {
        guard value.isObject(.tensor), !Frozen.holds(value) else { return false }
        let dtype = TensorBlock(value.object).dtype
        return dtype == .float64 || dtype == .float32
    }

    /// The same value with what `next` gives in the place of its tensors, one count each, in the order of `forEachTensor`.
    private static func replaced(_ value: Value, _ next: () throws(Failure) -> Value) throws(Failure) -> Value {
        if isTrainable(value) || value.isTraced { return try next() }
        let items = value.items.map(Array.init) ?? value.map?.entries.map(\.value)
        guard let items else { return value.retained }
        var parts: [Value] = []
        do throws(Failure) {
            for item in items { parts.append(try replaced(item, next)) }
        } catch {
            for part in parts { part.release() }
            throw error
        }
        if let map = value.map { return Value(map: zip(map.entries, parts).map { ($0.key.retained, $1) }) }
        return value.isObject(.list) ? Value(list: parts) : Value(tuple: parts)
    }

    // MARK: recording

    /// Puts variables in the place of all tensors, for as long as the body records.
    func lifted<Result>(_ tracing: Tracing, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        defer { restore() }
        for entry in entries { entry.variable = try variable(entry, tracing) }
        for place in places {
            guard let instance = Instance(place.instance.value), place.entries.contains(where: \.isTrained) else { continue }
            var next = 0
            let value = try ModelParameters.replaced(instance[place.field]) { () throws(Failure) in
                next += 1
                guard next <= place.entries.count, let variable = place.entries[next - 1].variable else {
                    throw Failure(.internal, "a field of the model changed while it was trained")
                }
                return tracing.value(variable)
            }
            place.lifted = Held(sharing: value)
            instance[place.field] = value
        }
        for (object, _, _, entries) in objects {
            object.lifted = LiftedParameters(tracing, entries.compactMap(\.variable))
        }
        return try body()
    }

    private func variable(_ entry: Entry, _ tracing: Tracing) throws(Failure) -> Variable {
        try tracing.tape.leaf(borrowing: store.numbers(entry.index), entry.shape)
    }

    /// Takes over a network or layer that the model calls. Without a name it is called after its place and its layers.
    func adopt(_ object: any Parametric, _ network: Network, name: String? = nil) throws(Failure) {
        guard !objects.contains(where: { $0.object === object }) else { return }
        let root = name ?? "layer \(objects.count)"
        var own: [Entry] = []
        for (position, built) in network.layers.enumerated() {
            for description in built.parameters {
                guard let tensor = try network.parameter(description.name, ofLayer: position) else { continue }
                var path = root
                if network.layers.count > 1 { path += path.isEmpty ? "\(position)" : "[\(position)]" }
                path += path.isEmpty ? description.name : ".\(description.name)"
                own.append(Entry(path, tensor, try store.add(tensor), isTrained: description.isTrained, penalty: description.penalty))
            }
        }
        entries += own
        objects.append((object, network, root, own))
    }

    /// The same while a tape records; the object is lifted until the recording ends.
    func adopt(_ object: any Parametric, _ network: Network, _ tracing: Tracing) throws(Failure) {
        if objects.contains(where: { $0.object === object }) { return }
        try adopt(object, network)
        guard let own = objects.last?.entries else { return }
        for entry in own { entry.variable = try variable(entry, tracing) }
        object.lifted = LiftedParameters(tracing, own.compactMap(\.variable))
    }

    private func restore() {
        for (object, _, _, _) in objects { object.lifted = nil }
        for place in places {
            guard let lifted = place.lifted, let instance = Instance(place.instance.value) else { continue }
            place.lifted = nil
            if instance[place.field] == lifted.value {
                put(place, instance)
            } else {
                // The code set the field itself: it is state of the model and no parameter.
                for entry in place.entries { entry.isTrained = false }
            }
        }
    }

    /// What is used for nothing is not trained, so that no decay touches it.
    func dropUnused(_ tape: Tape) {
        let used = tape.areUsed(entries.compactMap(\.variable))
        for (entry, isUsed) in zip(entries.filter { $0.variable != nil }, used) where !isUsed { entry.isTrained = false }
    }

    // MARK: names

    /// Where a network or layer stands in the model.
    func path(of object: any Parametric) -> String? { objects.first { $0.object === object }?.path }

    func entries(of object: any Parametric) -> [Entry]? { objects.first { $0.object === object }?.entries }

    /// The network or layer that a parameter belongs to, and its number there.
    func owner(of entry: Entry) -> (object: any Parametric, number: Int)? {
        for (object, _, _, entries) in objects {
            if let number = entries.firstIndex(where: { $0 === entry }) { return (object, number) }
        }
        return nil
    }

    // MARK: giving back

    /// A tensor with an entry's present numbers, in its type.
    func tensor(_ entry: Entry) throws(Failure) -> Tensor {
        let wide = try Tensor(uninitialized: entry.shape)
        wide.block.float64.update(from: store.numbers(entry.index), count: wide.count)
        return entry.dtype == .float64 ? wide : try wide.float(as: entry.dtype)
    }

    /// Sets all entries from tensors of their shapes.
    func set(_ tensors: [Tensor]) throws(Failure) {
        guard tensors.count == entries.count else {
            throw Failure(.argument, "the model has \(entries.count) parameters, \(tensors.count) are given")
        }
        for (entry, tensor) in zip(entries, tensors) {
            guard tensor.shape == entry.shape else {
                throw Failure(
                    .shape, "\(entry.name) is \(Tensor.text(of: entry.shape)), not \(Tensor.text(of: tensor.shape))")
            }
            try store.set(entry.index, to: tensor)
        }
        try writeBack(withState: true)
    }

    /// Gives fields, networks and layers their present numbers; what layers keep up to date themselves, such as moving
    /// averages, they have already, unless it was set.
    func writeBack(withState: Bool = false) throws(Failure) {
        for place in places where place.entries.contains(where: \.isTrained) {
            if let instance = Instance(place.instance.value) { put(place, instance) }
        }
        for (_, network, _, entries) in objects {
            var next = 0
            for (position, built) in network.layers.enumerated() {
                for description in built.parameters {
                    let entry = entries[next]
                    next += 1
                    if entry.isTrained || withState { try network.setParameter(description.name, ofLayer: position, to: tensor(entry)) }
                }
            }
        }
    }

    private func put(_ place: Place, _ instance: Instance) {
        var next = 0
        let value = try? ModelParameters.replaced(instance[place.field]) { () throws(Failure) in
            next += 1
            guard next <= place.entries.count else { throw Failure(.internal, "a field of the model changed while it was trained") }
            return Value(tensor: try tensor(place.entries[next - 1]))
        }
        if let value { instance[place.field] = value }
    }
}
