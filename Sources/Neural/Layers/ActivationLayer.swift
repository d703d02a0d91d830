import Diagnostics
import Tensors

/// An activation as a layer of its own, as in `dense(128) |> tanh`: y = f(x), element by element (softmax: row by row).
public struct ActivationLayer: Layer {
    public let activation: Activation

    public init(_ activation: Activation) { self.activation = activation }

    public var title: String { activation.text }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard !activation.isSoftmax || input.count == 1 else {
            throw Failure(
                .shape, "takes rows of numbers; a sample here is \(Tensor.text(of: input))", help: "put flatten() before it")
        }
        return input
    }

    public func stage(for input: [Int]) -> StageKind { .activation(units: product(of: input), activation) }
}
