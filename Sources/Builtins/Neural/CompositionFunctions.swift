import Diagnostics
import Language
import Neural
import Tensors

/// Layers made of layers.
enum CompositionFunctions {
    static let builtins: [Builtin] = [add, residual]

    static let residual = Builtin(
        "residual", "Layers with a way around them: what comes in is added to what they give.",
        [.init("layers", "layers", .required, .variadic, "one after the other; the last gives the shape that the first takes")],
        formula: "y = x + f_L(… f_2(f_1(x)))", shapes: "[n, ...] -> the same",
        example: "sequential(input(8), residual(dense(16, relu), dense(8)), dense(1))", source: "He et al. 2016, arXiv:1512.03385"
    ) { call throws(Failure) in Value(native: LayerObject(try Residual(Stack(inner: call.parts).layers))) }

    static let add = Builtin(
        "add", "Layers side by side, each given the whole input; their outputs are added.",
        [
            .init(
                "branches", "layers or networks", .required, .variadic,
                "`l1 |> l2` is one branch of two layers; `identity` is the input itself")
        ],
        formula: "y = f_1(x) + f_2(x) + …", shapes: "[n, ...] -> the shape that each branch gives",
        example: "sequential(input(4), add(dense(8, tanh), dense(8, relu)), dense(1))"
    ) { call throws(Failure) in Value(native: LayerObject(try Parallel(.add, call.branches()))) }
}

extension Call {
    /// What the variadic parameter took, lists opened.
    var parts: [Value] { rest.flatMap { $0.items.map(Array.init) ?? [$0] } }

    /// Each argument as a branch of its own.
    func branches() throws(Failure) -> [Branch] {
        try parts.map { (part) throws(Failure) in
            let layers = try Stack(inner: [part]).layers
            // The identity alone is the input itself, which needs no layer.
            if layers.count == 1, let layer = layers[0] as? ActivationLayer, layer.activation.name == "identity" { return Branch([]) }
            return Branch(layers)
        }
    }

    /// Whether `concat` joins layers here, and not tensors.
    var joinsLayers: Bool {
        guard rest.count > 0, let first = rest[0].items.map({ $0.first }) ?? rest[0] else { return false }
        if first.native is LayerObject || first.native is NetworkObject || first.native is ActivationObject { return true }
        return first.builtinName.flatMap(Activation.named) != nil
    }
}
