import Autodiff
import Diagnostics
import Language
import Tensors

/// What a value is made of as far as a gradient goes: its numbers and float tensors, counted in the order in which they
/// are met.
indirect enum Structure {
    /// Text, flags, functions, numbers of an object: they have no gradient.
    case nothing
    case number(Int)
    case tensor(Int, DType)
    case list([Structure])
    case tuple([Structure])
    case map([(key: Held, part: Structure)])
    case object(number: Int, like: Held, fields: [(field: Int, part: Structure)])
    /// An object that was met before.
    case again(Int)
    /// A network or a layer: the list of its tensors.
    case network([(leaf: Int, dtype: DType)])

    var isNothing: Bool { if case .nothing = self { true } else { false } }

    /// The value of the same form with what `leaf` gives for each number and tensor, with one count.
    func value(_ leaf: (_ number: Int, _ dtype: DType?) throws(Failure) -> Value, _ interpreter: Interpreter) throws(Failure) -> Value {
        var objects: [Int: Value] = [:]
        return try value(leaf, interpreter, &objects)
    }

    private func value(
        _ leaf: (Int, DType?) throws(Failure) -> Value, _ interpreter: Interpreter, _ objects: inout [Int: Value]
    ) throws(Failure) -> Value {
        switch self {
        case .nothing: return .none
        case .number(let number): return try leaf(number, nil)
        case .tensor(let number, let dtype): return try leaf(number, dtype)
        case .list(let parts): return Value(list: try values(parts, leaf, interpreter, &objects))
        case .tuple(let parts): return Value(tuple: try values(parts, leaf, interpreter, &objects))
        case .map(let entries):
            let parts = try values(entries.map(\.part), leaf, interpreter, &objects)
            return Value(map: zip(entries, parts).map { ($0.key.value.retained, $1) })
        case .network(let leaves):
            return Value(list: try values(leaves.map { .tensor($0.leaf, $0.dtype) }, leaf, interpreter, &objects))
        case .again(let number): return objects[number]?.retained ?? .none
        case .object(let number, let like, let fields):
            guard let original = Instance(like.value) else { return .none }
            let made = try interpreter.emptyInstance(like: original)
            objects[number] = made
            guard let instance = Instance(made) else { return made }
            do throws(Failure) {
                for (field, part) in fields { instance[field] = try part.value(leaf, interpreter, &objects) }
            } catch {
                made.release()
                throw error
            }
            return made
        }
    }

    private func values(
        _ parts: [Structure], _ leaf: (Int, DType?) throws(Failure) -> Value, _ interpreter: Interpreter,
        _ objects: inout [Int: Value]
    ) throws(Failure) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(parts.count)
        do throws(Failure) {
            for part in parts { result.append(try part.value(leaf, interpreter, &objects)) }
        } catch {
            for value in result { value.release() }
            throw error
        }
        return result
    }
}

/// Puts other values in the place of the numbers and float tensors that a value is made of. Objects keep their identity:
/// their fields hold the others until `restore`.
final class Lifting {
    /// One number or tensor: what it was, borrowed for as long as the lifting is there.
    struct Leaf {
        let original: Held
        /// Nil for a number.
        let dtype: DType?
        /// `[1].w`: where it stands.
        let path: String
    }

    /// Empty unless they are kept.
    private(set) var leaves: [Leaf] = []
    private var count = 0
    private let keepsLeaves: Bool
    private let interpreter: Interpreter
    private let takesNumbersOfObjects: Bool
    private let replacement: (_ number: Int, _ original: Value) throws(Failure) -> Value
    private var objects: [UnsafeMutableRawPointer: Int] = [:]
    private var replaced: [(instance: Held, field: Int, original: Held, lifted: Held)] = []
    private var networks: [(object: any Parametric, leaves: [(leaf: Int, dtype: DType)], before: LiftedParameters?)] = []
    private var path = ""
    /// Whether a network or a layer is among what was lifted, and is not restored yet.
    var hasNetwork: Bool { !networks.isEmpty }

    /// `replacement` gives what stands for a number or tensor, with one count.
    init(
        _ interpreter: Interpreter, takesNumbersOfObjects: Bool = false, keepsLeaves: Bool = false,
        _ replacement: @escaping (_ number: Int, _ original: Value) throws(Failure) -> Value
    ) {
        self.interpreter = interpreter
        self.takesNumbersOfObjects = takesNumbersOfObjects
        self.keepsLeaves = keepsLeaves
        self.replacement = replacement
    }

    /// The value with the others in it, with one count, and what it is made of.
    func lift(_ value: Value) throws(Failure) -> (value: Value, structure: Structure) {
        try lift(value, isField: false, depth: 0)
    }

    private func lift(_ value: Value, isField: Bool, depth: Int) throws(Failure) -> (value: Value, structure: Structure) {
        guard depth < 200 else { throw Failure(.recursion, "the argument of the gradient is nested too deep") }
        try Interruption.check()
        if value.isNumber {
            // A rate or a count that an object keeps is no parameter.
            guard !isField || takesNumbersOfObjects else { return (value, .nothing) }
            return (try leaf(value, nil), .number(count - 1))
        }
        if value.isTraced {
            return (try leaf(value, .float64), .tensor(count - 1, .float64))
        }
        if value.isObject(.tensor) {
            let block = TensorBlock(value.object)
            guard block.dtype == .float64 || block.dtype == .float32, !Frozen.holds(value) else {
                return (value.retained, .nothing)
            }
            return (try leaf(value, block.dtype), .tensor(count - 1, block.dtype))
        }
        let outer = path
        defer { path = outer }
        if let items = value.items {
            var lifted: [Value] = []
            var parts: [Structure] = []
            do throws(Failure) {
                for (position, item) in items.enumerated() {
                    if keepsLeaves { path = "\(outer)[\(position)]" }
                    let part = try lift(item, isField: isField, depth: depth + 1)
                    lifted.append(part.value)
                    parts.append(part.structure)
                }
            } catch {
                for item in lifted { item.release() }
                throw error
            }
            let result = value.isObject(.list) ? Value(list: lifted) : Value(tuple: lifted)
            // What an object keeps besides its parameters may change while it is followed.
            if isField, parts.allSatisfy(\.isNothing) {
                result.release()
                return (value.retained, .nothing)
            }
            return (result, value.isObject(.list) ? .list(parts) : .tuple(parts))
        }
        if let map = value.map {
            let result = try lift(map, isField: isField, depth: depth)
            guard isField, case .map(let parts) = result.structure, parts.allSatisfy(\.part.isNothing) else { return result }
            result.value.release()
            return (value.retained, .nothing)
        }
        if let instance = Instance(value) { return (value.retained, try lift(instance, depth: depth)) }
        if let object = value.native as? OwnModelObject { return (value.retained, try lift(object.model, depth: depth)) }
        if let object = value.native as? any Parametric { return (value.retained, try lift(object)) }
        return (value.retained, .nothing)
    }

    private func leaf(_ value: Value, _ dtype: DType?) throws(Failure) -> Value {
        let lifted = try replacement(count, value)
        count += 1
        if keepsLeaves { leaves.append(Leaf(original: Held(sharing: value), dtype: dtype, path: path)) }
        return lifted
    }

    private func lift(_ map: MapBlock, isField: Bool, depth: Int) throws(Failure) -> (value: Value, structure: Structure) {
        let outer = path
        var lifted: [(Value, Value)] = []
        var parts: [(key: Held, part: Structure)] = []
        do throws(Failure) {
            for (key, item) in map.entries {
                if keepsLeaves { path = "\(outer)[\(interpreter.text(key, .repr))]" }
                let part = try lift(item, isField: isField, depth: depth + 1)
                lifted.append((key.retained, part.value))
                parts.append((Held(sharing: key), part.structure))
            }
        } catch {
            for (key, item) in lifted {
                key.release()
                item.release()
            }
            throw error
        }
        return (Value(map: lifted), .map(parts))
    }

    /// What a model of the user's trains, as a list: its objects, and the networks and layers that it calls.
    private func lift(_ model: OwnModel, depth: Int) throws(Failure) -> Structure {
        var parts: [Structure] = []
        for (_, held) in model.trained(interpreter) {
            if let object = held.value.native as? any Parametric, networks.contains(where: { $0.object === object }) { continue }
            let part = try lift(held.value, isField: true, depth: depth + 1)
            part.value.release()
            parts.append(part.structure)
        }
        guard !parts.isEmpty else {
            throw Failure(.value, "the model has no weights yet: its layers make them when it is called", help: "call it once, net(X), or fit it first")
        }
        return .list(parts)
    }

    /// The parameters of a network or a layer: it is called with what stands for them until `restore`.
    private func lift(_ object: any Parametric) throws(Failure) -> Structure {
        if let known = networks.first(where: { $0.object === object }) { return .network(known.leaves) }
        let tensors = try object.network(for: nil, interpreter).parameters()
        guard !tensors.isEmpty || object.numbers?.inputShape != nil else {
            throw Failure(
                .value, "the network has no weights yet: it does not know the shape of a sample",
                help: "begin it with input(...), or call it once")
        }
        var leaves: [(leaf: Int, dtype: DType)] = []
        var variables: [Variable] = []
        var tracing: Tracing?
        for (number, tensor) in tensors.enumerated() {
            // Within another gradient by it: what stands for it there.
            let original = object.followed(number) ?? Value(tensor: tensor)
            defer { original.release() }
            let lifted = try leaf(original, tensor.dtype)
            defer { lifted.release() }
            leaves.append((count - 1, tensor.dtype))
            guard lifted.isTraced else { continue }
            let traced = unsafeDowncast(lifted.tracedObject, to: Traced.self)
            tracing = traced.tracing
            variables.append(traced.variable)
        }
        networks.append((object, leaves, object.lifted))
        if let tracing { object.lifted = LiftedParameters(tracing, variables) }
        return .network(leaves)
    }

    private func lift(_ instance: Instance, depth: Int) throws(Failure) -> Structure {
        if let known = objects[instance.identity] { return .again(known) }
        let number = objects.count
        objects[instance.identity] = number
        let held = Held(sharing: instance.value)
        let outer = path
        var fields: [(field: Int, part: Structure)] = []
        for field in 0..<instance.fieldCount where !instance[field].isMissing {
            if keepsLeaves { path = "\(outer).\(instance.name(field))" }
            let original = Held(sharing: instance[field])
            let part = try lift(original.value, isField: true, depth: depth + 1)
            fields.append((field, part.structure))
            if part.value == original.value {
                part.value.release()
            } else {
                instance[field] = part.value.retained
                replaced.append((held, field, original, Held(adopting: part.value)))
            }
        }
        return .object(number: number, like: held, fields: fields)
    }

    /// Leaves the others where they are: in the fields of objects and, given as tensors, in networks, whose parameters
    /// that are not trained stay.
    func keep(_ tensors: [Tensor]) throws(Failure) {
        replaced = []
        for (object, leaves, _) in networks {
            let network = try object.network(for: nil, interpreter)
            let isTrained = network.layers.flatMap { $0.parameters.map(\.isTrained) }
            var parameters = try network.parameters()
            for (index, leaf) in leaves.enumerated()
            where index < parameters.count && index < isTrained.count && isTrained[index] && leaf.leaf < tensors.count {
                parameters[index] = tensors[leaf.leaf]
            }
            try network.setParameters(parameters)
        }
        networks = []
    }

    /// Gives the fields of objects their values back, unless the code gave them others meanwhile.
    func restore() {
        for (held, field, original, lifted) in replaced.reversed() {
            guard let instance = Instance(held.value), instance[field] == lifted.value else { continue }
            instance[field] = original.value.retained
        }
        replaced = []
        for (object, _, before) in networks { object.lifted = before }
        networks = []
    }
}

/// Tensors that are no parameters, wherever they stand.
enum Frozen {
    /// In the flags of a tensor's header. A tensor that is made of it does not have it.
    static let flag: UInt8 = 1
    static func holds(_ value: Value) -> Bool { value.isObject && value.header.pointee.flags & flag != 0 }
}
