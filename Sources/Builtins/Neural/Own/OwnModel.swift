import Autodiff
import Diagnostics
import Language
import Neural
import Tensors

/// What a model keeps from one `fit` to the next; the optimizer's averages belong to it.
final class ModelMemory {
    var measures = Measures()
    var loss: OwnLoss?
    /// What the weights cost in the last `fit`: one of the engine's, or a function of the user's.
    var penalty: Held?
    /// The axes of one sample, once it has been fitted.
    var sampleRank: Int?
    /// Networks and layers that the last pass called, in order.
    fileprivate(set) var called: [WeakParametric] = []
}

/// An object that others hold.
struct WeakParametric {
    weak var object: (any Parametric)?
    init(_ object: any Parametric) { self.object = object }
}

/// A model that is more than built-in layers one after another: a function of the language, an object with `forward`, or
/// a sequence with such parts in it. `fit` traces it.
final class OwnModel {
    /// A part of a sequence.
    enum Part {
        /// A network, or built-in layers in a row.
        case network(NetworkObject, Held)
        /// A function of the language, applied to what comes: an activation, or any layer without parameters.
        case function(Held)
        /// An object with `forward(x)`.
        case object(Held)

        func title(_ interpreter: Interpreter) -> String {
            switch self {
            case .network(let network, _): network.network.descriptions.map(\.code).joined(separator: ", ")
            case .function(let function):
                (function.value.native as? LayerObject)?.description
                    ?? interpreter.text(function.value, .print).functionName ?? "x -> …"
            case .object(let object): Instance(object.value).map { "\($0.className)()" } ?? "…"
            }
        }
    }

    let parts: [Part]
    /// `model(x -> …)`, `sequential(…)`, or the name of the class.
    let title: String
    /// The shape of one sample where it was said.
    let inputShape: [Int]?
    let memory: ModelMemory

    init(_ parts: [Part], title: String, inputShape: [Int]? = nil, memory: ModelMemory = ModelMemory()) {
        self.parts = parts
        self.title = title
        self.inputShape = inputShape
        self.memory = memory
    }

    // MARK: applying

    /// The outputs for samples, recorded where something is followed; with one count.
    func forward(_ x: Value, _ interpreter: Interpreter, _ pass: ModelPass) throws(Failure) -> Value {
        defer { memory.called = pass.called.map(WeakParametric.init) }
        return try pass.run(interpreter) { () throws(Failure) in
            var value = x.retained
            for part in parts {
                let before = value
                defer { before.release() }
                value = try apply(part, before, interpreter)
                if case .network = part { continue }
                if value.isTraced, let output = try Tracing.current(interpreter)?.variable(of: value) {
                    pass.note(output, of: part.title(interpreter))
                }
            }
            return value
        }
    }

    /// Where the shape of a sample was said, the layers after code of the user's get theirs, and their weights, by zeros that
    /// go through once. Code that fails on these is left to the first samples.
    func build(_ interpreter: Interpreter) throws(Failure) {
        guard let inputShape else { return }
        // Two of them, because code may treat one sample in another way.
        let zeros = Value(tensor: try Making.full([2] + inputShape, 0))
        defer { zeros.release() }
        do throws(Failure) {
            try forward(zeros, interpreter, ModelPass(RecordingMode())).release()
        } catch {
            if [.interrupt, .timeout, .memory].contains(error.kind) { throw error }
        }
    }

    /// The outputs for samples, or for one sample where its shape was said.
    func applied(_ x: Value, _ interpreter: Interpreter, _ pass: ModelPass) throws(Failure) -> Value {
        guard let inputShape, !inputShape.isEmpty,
            let row = try OwnModel.reshaped(x, interpreter, { $0 == inputShape ? [1] + $0 : nil })
        else { return try forward(x, interpreter, pass) }
        defer { row.release() }
        let value = try forward(row, interpreter, pass)
        guard let output = try OwnModel.reshaped(value, interpreter, { $0.first == 1 ? Array($0.dropFirst()) : nil }) else {
            return value
        }
        value.release()
        return output
    }

    /// A tensor in another shape, followed or not; nil where that shape is, and where it is no tensor.
    private static func reshaped(
        _ value: Value, _ interpreter: Interpreter, _ shape: ([Int]) -> [Int]?
    ) throws(Failure) -> Value? {
        if value.holdsTraced, let tracing = Tracing.current(interpreter), let variable = try tracing.variable(of: value) {
            guard let wanted = shape(tracing.tape.shape(variable)) else { return nil }
            return tracing.value(try tracing.tape.reshape(variable, wanted))
        }
        guard let tensor = try Conversions.tensor(value), let wanted = shape(tensor.shape) else { return nil }
        return Value(reduced: try Shaping.reshape(tensor, wanted))
    }

    private func apply(_ part: Part, _ x: Value, _ interpreter: Interpreter) throws(Failure) -> Value {
        switch part {
        case .network(_, let network): return try interpreter.call(network.value, [x])
        case .function(let function): return try interpreter.call(function.value, [x])
        case .object(let object):
            guard let method = interpreter.method("forward", of: object.value) else {
                throw Failure(.type, "an object that is a layer needs a method `forward(x)`")
            }
            return try interpreter.call(method, [object.value, x])
        }
    }

    /// The outputs `[n, …]` for samples `[n, …]`, batch by batch.
    func predict(_ x: Tensor, _ interpreter: Interpreter) throws(Failure) -> Tensor {
        guard let count = x.shape.first else {
            throw Failure(.shape, "the samples are one number", help: "X is [samples, features]: one row a sample")
        }
        var parts: [Tensor] = []
        var start = 0
        repeat {
            let end = min(start + OwnModel.batch, count)
            let rows = start == 0 && end == count ? x : try Indexing.get(x, [.slice(start: start, stop: end)])
            let given = Value(tensor: rows)
            defer { given.release() }
            let value = try forward(given, interpreter, ModelPass(RecordingMode()))
            defer { value.release() }
            guard let tensor = try Conversions.tensor(value) else {
                throw Failure(.type, "the model gives \(value.inWords), not a tensor of outputs")
            }
            guard tensor.shape.first == end - start else {
                throw Failure(
                    .shape, "the model gives \(Tensor.text(of: tensor.shape)) for \(end - start) samples",
                    help: "its first axis are the samples, as in X")
            }
            parts.append(tensor)
            start = end
        } while start < count
        return parts.count == 1 ? parts[0] : try Joining.concatenate(parts, axis: 0)
    }

    /// As the engine has it.
    private static let batch = 256

    // MARK: parameters

    /// All that is trained, as far as it has numbers already.
    func parameters(_ interpreter: Interpreter) throws(Failure) -> ModelParameters {
        try ModelParameters(trained(interpreter))
    }

    /// Whatever holds what is trained, in the order of the parts: objects, networks and layers; then those that the last
    /// pass called. Each with a name: its place in a sequence, or the notebook's name for it.
    func trained(_ interpreter: Interpreter) -> [(name: String, value: Held)] {
        var found: [(name: String, value: Held)] = []
        let isSequence = parts.count > 1
        for (position, part) in parts.enumerated() {
            switch part {
            case .network(_, let network): found.append((isSequence ? "\(position)" : "", network))
            case .object(let object): found.append((isSequence ? "\(position)" : "", object))
            case .function(let function) where function.value.native is any Parametric:
                found.append((isSequence ? "\(position)" : "", function))
            case .function(let function):
                for value in reached(by: function.value, interpreter) { found.append(("", Held(sharing: value))) }
            }
        }
        for object in memory.called.compactMap(\.object) {
            if found.contains(where: { $0.value.value.native === object }) { continue }
            let name = interpreter.globals.first { $0.value.native === object }?.name
            found.append((name ?? "layer \(found.count)", Held(adopting: Value(native: object))))
        }
        return found
    }

    /// Refuses layers that the model's code makes anew in each call: nobody holds them, so nothing would come of training.
    func refuseFleeting(_ made: [any Parametric], _ interpreter: Interpreter) throws(Failure) {
        guard !made.isEmpty else { return }
        let kept = held(interpreter)
        guard let layer = made.first(where: { layer in !kept.contains { $0 === layer } }) else { return }
        throw Failure(
            .value, "\(layer.description) is made inside the model: in each call it is another one, with other weights",
            help: "make it before: layer = \(layer.description); model(x -> layer(x)); in a class, self.layer = … in init")
    }

    /// Whether a function mentions the network, or one of its layers.
    static func mentions(_ network: NetworkObject, _ function: Value, _ interpreter: Interpreter) -> Bool {
        var met: Set<UnsafeMutableRawPointer> = []
        func reaches(_ value: Value) -> Bool {
            if value.native === network || (value.native as? BuiltLayer)?.owner === network { return true }
            guard value.isObject(.function), met.insert(value.object).inserted else { return false }
            return interpreter.mentioned(by: value).contains(where: reaches)
        }
        return reaches(function)
    }

    /// Sets all that is trained, and what layers keep themselves, in the order of `parameters`.
    func set(_ tensors: [Tensor], _ interpreter: Interpreter) throws(Failure) {
        let parameters = try parameters(interpreter)
        if parameters.entries.count != tensors.count { try refuseUnbuilt(interpreter) }
        try parameters.set(tensors)
    }

    /// Says so where some of its layers have no numbers yet.
    func refuseUnbuilt(_ interpreter: Interpreter) throws(Failure) {
        guard held(interpreter).contains(where: { $0.numbers?.inputShape == nil }) else { return }
        throw Failure(
            .value, "\(title) has layers without weights yet: they are made when it is called for the first time",
            help: "call it once, with samples; a sequential may begin with input(...)")
    }

    /// The networks and layers that the parts reach, through lists, functions and the fields of any objects.
    private func held(_ interpreter: Interpreter) -> [any Parametric] {
        var found: [any Parametric] = []
        var met: Set<UnsafeMutableRawPointer> = []
        func reach(_ value: Value, _ depth: Int) {
            guard depth < 64 else { return }
            if let items = value.items {
                for item in items where item.isObject { reach(item, depth + 1) }
            } else if let map = value.map {
                for (_, item) in map.entries where item.isObject { reach(item, depth + 1) }
            } else if let object = value.native as? any Parametric {
                found.append(object)
            } else if let instance = Instance(value) {
                guard met.insert(instance.identity).inserted else { return }
                for field in 0..<instance.fieldCount where !instance[field].isMissing { reach(instance[field], depth + 1) }
                if let forward = interpreter.method("forward", of: value) { reach(forward, depth + 1) }
            } else if value.isObject(.function) || value.isObject(.boundMethod) {
                guard met.insert(value.object).inserted else { return }
                for mentioned in interpreter.mentioned(by: value) { reach(mentioned, depth + 1) }
            } else if let model = (value.native as? OwnModelObject)?.model {
                found += model.held(interpreter)
            }
        }
        for part in parts {
            switch part {
            case .network(let network, _): found.append(network)
            case .function(let held), .object(let held): reach(held.value, 0)
            }
        }
        return found
    }

    /// The objects with `forward` that a function reaches, through lists and other functions too; before a first pass also
    /// the networks and layers.
    private func reached(by function: Value, _ interpreter: Interpreter) -> [Value] {
        var found: [Value] = []
        var met: Set<UnsafeMutableRawPointer> = []
        func reach(_ value: Value, _ depth: Int) {
            guard depth < 16 else { return }
            if let items = value.items {
                for item in items where item.isObject { reach(item, depth + 1) }
            } else if let map = value.map {
                for (_, item) in map.entries where item.isObject { reach(item, depth + 1) }
            } else if value.native is any Parametric {
                if memory.called.isEmpty { found.append(value) }
            } else if let instance = Instance(value) {
                if met.insert(instance.identity).inserted, interpreter.method("forward", of: value) != nil { found.append(value) }
            } else if value.isObject(.function) || value.isObject(.boundMethod) {
                guard met.insert(value.object).inserted else { return }
                for mentioned in interpreter.mentioned(by: value) { reach(mentioned, depth + 1) }
            }
        }
        reach(function, 0)
        return found
    }
}
