import Diagnostics
import Language
import Neural
import Tensors

/// Models written in the language.
enum ModelFunctions {
    static let builtins: [Builtin] = [frozen, model]

    static let model = Builtin(
        "model", "a network written as a function: whatever it does with the layers that it calls",
        [.init("f", "function", .required, .positional, "x -> outputs, from samples [n, ...] to [n, ...]")],
        shapes: "f: [n, ...] -> [n, ...]",
        example: "l = dense(2, tanh); net = model(x -> l(x) + x); net([1, 2; 3, 4]).shape  # (2, 2)",
        tracing: .itself
    ) { call throws(Failure) in
        let function = try call.function(0)
        guard !(function.native is NetworkObject) else { return function.retained }
        let part = OwnModel.Part.function(Held(sharing: function))
        return Value(native: OwnModelObject(OwnModel([part], title: "model(\(part.title(call.interpreter)))")))
    }

    static let frozen = Builtin(
        "frozen", "a tensor that `fit` and `grad` leave as it is when it stands in a field of an object",
        [.init("t", "tensor or number", .required, .positional, "what is not trained")],
        shapes: "any -> the same", example: "frozen([1, 2])  # [1, 2]", tracing: .constant
    ) { call throws(Failure) in
        guard call[0].isObject(.tensor) else {
            guard call[0].native == nil, Instance(call[0]) == nil, !call[0].isCallable else {
                throw Failure(
                    .type, "`t` of `frozen` is a tensor or number, not \(call[0].inWords)",
                    help: "a loop that is written out trains one part alone: g = grad(h -> mse(y, h(base(x))))(h); step(h, g, optimizer)",
                    argument: 0)
            }
            return call[0].retained
        }
        let copy = try call.tensor(0).copy()
        let block = copy.block
        block.header.pointee.flags |= Frozen.flag
        return Value(tensor: copy)
    }
}

/// What `fit`, `predict` and `evaluate` take besides networks of built-in layers.
extension OwnModel {
    /// The model that a value is, if it is one with code of the user's: what `model` or `sequential` made of it, or an
    /// object with `forward`.
    static func of(_ value: Value, _ interpreter: Interpreter) -> OwnModel? {
        if let object = value.native as? OwnModelObject { return object.model }
        guard let instance = Instance(value), interpreter.method("forward", of: value) != nil else { return nil }
        return OwnModel(
            [.object(Held(sharing: value))], title: instance.className, memory: Memories.of(interpreter).memory(of: value))
    }

    /// A network of built-in layers with something of the user's around it.
    static func around(_ network: NetworkObject) -> OwnModel {
        OwnModel(
            [.network(network, Held(adopting: Value(native: network)))], title: network.description,
            inputShape: network.network.inputShape, memory: network.memory)
    }

    /// What is remembered of the objects that were fitted last.
    private final class Memories {
        private var known: [(object: Held, memory: ModelMemory)] = []
        private static let most = 32

        static func of(_ interpreter: Interpreter) -> Memories { interpreter.attachment { Memories() } }

        func memory(of value: Value) -> ModelMemory {
            if let index = known.firstIndex(where: { $0.object.value == value }) { return known[index].memory }
            let made = ModelMemory()
            known.append((Held(sharing: value), made))
            if known.count > Memories.most { known.removeFirst() }
            return made
        }
    }
}
