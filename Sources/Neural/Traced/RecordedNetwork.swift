import Autodiff
import CKernels
import Diagnostics
import Tensors

/// How layers behave while they are recorded.
public final class RecordingMode {
    /// As in training: dropout drops, batch normalisation goes by the batch.
    public let isTraining: Bool
    /// What random layers draw from: another number for each step, also between replays.
    public var key: UInt64
    /// The calls of layers that were recorded in this pass.
    private var calls: UInt64 = 0

    public init(isTraining: Bool = false, key: UInt64 = 0) {
        self.isTraining = isTraining
        self.key = key
    }

    /// Before a pass is recorded, so that its calls have the same numbers each time.
    public func begin() { calls = 0 }

    /// Slopes that are drawn in training have no form on the tape.
    fileprivate func needsExecutor(_ layer: any Layer) -> Bool {
        guard isTraining else { return false }
        if let layer = layer as? ActivationLayer { return layer.activation.isRandom }
        return layer.activation.isRandom
    }

    /// Each call draws numbers of its own, also of the same layer.
    fileprivate func nextCall() -> UInt64 {
        calls += 1
        return calls
    }
}

extension Network {
    /// The outputs `[n] + outputShape` of samples `[n, …]` on a tape, with the network's parameters as variables in the
    /// order of `parameters()`. Dense layers, activations and views become operations of the tape; neighbouring layers of
    /// any other kind are one foreign function, which can be differentiated once. `note` is told the outputs of each, by the
    /// last layer's position.
    public func record(
        _ x: Variable, _ parameters: [Variable], on tape: Tape, _ mode: RecordingMode = RecordingMode(),
        note: (Int, Variable) -> Void = { _, _ in }
    ) throws(Failure) -> Variable {
        let shape = tape.shape(x)
        guard let rows = shape.first else {
            throw Failure(.shape, "a network takes samples [n, …], not a number", help: "X[new] makes one row of a sample")
        }
        try build(Array(shape.dropFirst()))
        var value = x, position = 0, next = 0
        while position < layers.count {
            let built = layers[position]
            let own = Array(parameters[next..<min(next + built.parameters.count, parameters.count)])
            if !mode.needsExecutor(built.layer), let result = try built.layer.record(value, own, on: tape) {
                value = result
                note(position, result)
                next += built.parameters.count
                position += 1
                continue
            }
            // Layers that have no form on the tape go together as far as they reach.
            var end = position, packed: [Variable] = []
            while end < layers.count, end == position || !layers[end].layer.isRecordable || mode.needsExecutor(layers[end].layer) {
                for description in layers[end].parameters {
                    if description.isTrained { packed.append(try tape.reshape(parameters[next], [description.count])) }
                    next += 1
                }
                end += 1
            }
            let row = try packed.isEmpty ? tape.leaf(Making.full([0], 0)) : tape.concatenate(packed)
            let function = try ForeignLayers(self, position..<end, rows: rows, mode)
            value = try tape.apply(function, value, row)
            note(end - 1, value)
            position = end
        }
        return value
    }
}

/// Layers of a network as a function on a tape, computed by the executor in float64.
final class ForeignLayers: ForeignFunction {
    /// The executor's function, shared by all that stand for the same layers: whoever ran it last has its outputs there.
    final class Shared {
        let function: Differentiable
        weak var user: ForeignLayers?
        init(_ function: Differentiable) { self.function = function }
    }

    private let network: Network
    private let layers: Range<Int>
    private let rows: Int
    private let mode: RecordingMode
    private let call: UInt64
    private let shared: Shared
    /// The key of the last forward pass, for the way back.
    private var key: UInt64 = 0
    let shape: [Int]

    init(_ network: Network, _ layers: Range<Int>, rows: Int, _ mode: RecordingMode) throws(Failure) {
        self.network = network
        self.layers = layers
        self.rows = rows
        self.mode = mode
        call = mode.nextCall()
        shared = try network.function(layers, rows: rows)
        shape = [rows] + shared.function.outputShape
    }

    var name: String { layers.map { "layer \($0) (\(network.layers[$0].layer.title))" }.joined(separator: ", ") }

    func forward(
        _ x: UnsafePointer<Double>, _ p: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) throws(Failure) {
        guard rows > 0 else { return }
        key = mode.key &+ call &* 0xa076_1d64_78bd_642f
        let first = network.layers[layers.lowerBound].layer
        if first is Embedding || first is any CompositeLayer {
            let count = rows * product(of: shared.function.inputShape)
            try first.check(Tensor(Array(UnsafeBufferPointer(start: x, count: count))))
        }
        run(x, p)
        y.update(from: shared.function.y.assumingMemoryBound(to: Double.self), count: shape.reduce(1, *))
    }

    private func run(_ x: UnsafePointer<Double>, _ p: UnsafePointer<Double>) {
        let function = shared.function
        function.takeState()
        function.setParameters(p)
        function.x.assumingMemoryBound(to: Double.self).update(from: x, count: rows * product(of: function.inputShape))
        function.forward(rows: rows, isTraining: mode.isTraining, key: key)
        shared.user = self
    }

    func backward(
        _ x: UnsafePointer<Double>, _ p: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ dy: UnsafePointer<Double>,
        dx: UnsafeMutablePointer<Double>, dp: UnsafeMutablePointer<Double>
    ) throws(Failure) {
        guard rows > 0 else { return }
        // Another call of the same layers has run since.
        if shared.user !== self { run(x, p) }
        let function = shared.function
        function.dy.assumingMemoryBound(to: Double.self).update(from: dy, count: shape.reduce(1, *))
        function.backward()
        dx.update(from: function.dx.assumingMemoryBound(to: Double.self), count: rows * product(of: function.inputShape))
        function.getGradients(dp)
        // Layers bring their state up to date on the way back.
        if mode.isTraining { function.returnState() }
        // The gradient by the outputs stands where the outputs were.
        shared.user = nil
    }
}
