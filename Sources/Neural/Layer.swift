import Diagnostics
import Tensors

/// The description of a layer: what it makes of a shape, and which parameters it needs. It holds no numbers; those
/// belong to the network it is built into. One file each in `Layers/`.
public protocol Layer: Sendable {
    /// As it stands in messages and summaries: `dense 128`.
    var title: String { get }

    /// The shape of one sample's output. A failure's message begins in small letters and without the layer's name,
    /// which whoever asks puts before it.
    func outputShape(for input: [Int]) throws(Failure) -> [Int]

    /// What the layer trains, in order, for an input that `outputShape` accepts.
    func parameters(for input: [Int]) -> [ParameterDescription]

    /// The work of the layer, in the terms of the training plan.
    func stage(for input: [Int]) -> StageKind
}

/// A tensor that a layer trains.
public struct ParameterDescription: Sendable {
    /// As it is read and set: `W`, `b`.
    public let name: String
    public let shape: [Int]
    public let initializer: Initializer
    /// The numbers of inputs and outputs that the initializers go by.
    public let fanIn: Int
    public let fanOut: Int

    public var count: Int { shape.reduce(1, *) }
}

/// What a layer does to rows of numbers.
public enum StageKind: Sendable {
    /// Nothing but another view of the same numbers.
    case nothing
    case dense(inputs: Int, units: Int, activation: Activation, hasBias: Bool)
    case activation(units: Int, Activation)
}

extension Layer {
    public func parameters(for input: [Int]) -> [ParameterDescription] { [] }

    /// The output's shape; a failure names the layer: `layer 1 (dense 128): …`.
    public func outputShape(for input: [Int], position: Int) throws(Failure) -> [Int] {
        do {
            return try outputShape(for: input)
        } catch {
            throw Failure(error.kind, "layer \(position) (\(title)): \(error.message)", label: error.label, help: error.help)
        }
    }
}

func product(of shape: [Int]) -> Int { shape.reduce(1, *) }
