import Diagnostics
import Tensors

/// A fully connected layer: y = f(x W + b), input [batch, in] -> output [batch, units], W [in, units], b [units].
///
/// - units: the number of neurons, 1 or more.
/// - activation: f, identity by default.
/// - useBias: whether there is a b, which starts at 0; true by default.
/// - initializer: how W starts; by default Glorot's uniform, or He's for the family of relu.
public struct Dense: Layer {
    public let units: Int
    public let activation: Activation
    public let useBias: Bool
    public let initializer: Initializer

    public static let mostUnits = 1 << 24

    public init(
        _ units: Int, _ activation: Activation = .identity, useBias: Bool = true, initializer: Initializer? = nil
    ) throws(Failure) {
        guard units > 0 else { throw Failure(.value, "units of dense must be 1 or more, not \(units)") }
        guard units <= Dense.mostUnits else { throw Failure(.value, "units of dense must be at most \(Dense.mostUnits), not \(units)") }
        self.units = units
        self.activation = activation
        self.useBias = useBias
        self.initializer = initializer ?? (activation.record.isRectifier ? .heUniform : .glorotUniform)
    }

    public var title: String { "dense \(units)" }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard input.count == 1 else {
            throw Failure(
                .shape, "takes rows of numbers; a sample here is \(Tensor.text(of: input))",
                help: "put flatten() before it")
        }
        return [units]
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let inputs = product(of: input)
        let weights = ParameterDescription(
            name: "W", shape: [inputs, units], initializer: initializer, fanIn: inputs, fanOut: units)
        let bias = ParameterDescription(name: "b", shape: [units], initializer: .zeros, fanIn: inputs, fanOut: units)
        return useBias ? [weights, bias] : [weights]
    }

    public func stage(for input: [Int]) -> StageKind {
        .dense(inputs: product(of: input), units: units, activation: activation, hasBias: useBias)
    }
}
