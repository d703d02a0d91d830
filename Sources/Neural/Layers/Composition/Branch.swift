import Diagnostics
import Tensors

/// A layer made of layers.
public protocol CompositeLayer: Layer {
    /// They, each with the name that its parameters' names begin with.
    func inner(for input: [Int]) -> [InnerLayer]
}

/// A layer inside another one.
public struct InnerLayer: Sendable {
    public let name: String
    public let layer: any Layer
    /// Of one sample.
    public let input: [Int]
}

/// Layers one after the other, as a part of a layer that holds them.
public struct Branch: Sendable {
    public let layers: [any Layer]

    public init(_ layers: [any Layer]) { self.layers = layers }

    var title: String { layers.map(\.title).joined(separator: ", ") }
    var code: String { layers.map(\.code).joined(separator: ", ") }

    func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        var shape = input
        for (position, layer) in layers.enumerated() {
            do {
                try Embedding.check(layer, after: Array(layers[..<position]))
                shape = try layer.outputShape(for: shape)
            } catch {
                throw Failure(
                    error.kind, "inner layer \(position) (\(layer.title)) \(error.message)", label: error.label, help: error.help)
            }
        }
        return shape
    }

    func check(_ x: Tensor) throws(Failure) { try layers.first?.check(x) }

    /// The parameters of layer n have names that begin with `n.`.
    func parameters(for input: [Int]) -> [ParameterDescription] {
        inner(for: input).flatMap { step in step.layer.parameters(for: step.input).map { $0.inside(step.name) } }
    }

    func inner(for input: [Int]) -> [InnerLayer] {
        var shape = input
        var result: [InnerLayer] = []
        for (position, layer) in layers.enumerated() {
            result.append(InnerLayer(name: "\(position)", layer: layer, input: shape))
            shape = (try? layer.outputShape(for: shape)) ?? []
        }
        return result
    }

    func place(in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>) throws(Failure) -> Plan.Point {
        var point = point, rest = slots
        for layer in layers {
            let count = layer.parameters(for: point.shape).count
            point = try layer.place(in: &plan, at: point, rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return point
    }
}
