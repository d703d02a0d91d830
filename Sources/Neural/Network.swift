import CKernels
import Diagnostics
import Tensors

/// A stack of layers with its numbers. One thread at a time works with it.
///
/// All parameters lie in one buffer, each at a multiple of 64 bytes, in the order of the layers.
public final class Network {
    /// What a layer became in this network.
    public struct Built {
        public let layer: any Layer
        /// Of one sample.
        public let inputShape: [Int]
        public let outputShape: [Int]
        public let parameters: [ParameterDescription]
        /// Where each parameter begins, in elements of the network's buffer.
        public let offsets: [Int]

        public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
    }

    /// A row of `summary`.
    public struct Row: Sendable {
        public let position: Int
        /// 0, or how deep inside of the layer at that position.
        public let depth: Int
        public let layer: String
        public let activation: String
        /// Of one sample.
        public let outputShape: [Int]
        public let parameters: [(name: String, shape: [Int])]
        public let parameterCount: Int
    }

    /// The descriptions, as they were given.
    public let descriptions: [any Layer]
    public let dtype: DType
    private var generator: Generator
    /// Empty until the shape of a sample is known.
    public private(set) var layers: [Built] = []
    public private(set) var inputShape: [Int]?
    private(set) var storage: Buffer?
    private var made: Plan?
    private var kept: Executor?
    private var functions: [Range<Int>: ForeignLayers.Shared] = [:]
    /// The length of the buffer in elements, padding included.
    private(set) var storageCount = 0
    /// Of the last `fit`, for `evaluate`.
    public var loss: Loss?
    var penalty: Penalty?

    /// A network of these layers, its numbers drawn from the generator: at once where the shape of a sample is known,
    /// else when the first samples come.
    public init(
        input: Input? = nil, _ layers: [any Layer], dtype: DType = .float32, generator: inout Generator
    ) throws(Failure) {
        guard !layers.isEmpty else {
            throw Failure(.argument, "a network needs a layer", help: "sequential(input(2), dense(4, tanh), dense(1, sigmoid))")
        }
        guard dtype == .float32 || dtype == .float64 else {
            throw Failure(.type, "a network computes in float32 or float64, not \(dtype.name)")
        }
        descriptions = layers
        self.dtype = dtype
        self.generator = generator.split()
        if let input { try build(input.shape) }
    }

    /// Fixes the shape of a sample and draws the numbers; does nothing if it has that shape already.
    public func build(_ shape: [Int]) throws(Failure) {
        if let inputShape {
            guard inputShape == shape else { throw Network.wrongSample(shape, wanted: inputShape) }
            return
        }
        var built: [Built] = []
        var current = shape, offset = 0
        for (position, layer) in descriptions.enumerated() {
            let output = try layer.outputShape(for: current, after: Array(descriptions[..<position]))
            if current.count > 1, layer is Dense, !built.contains(where: { !($0.layer is ActivationLayer) }) {
                // Images, most likely: the places of a sequence come out of a layer before.
                throw Failure(
                    .shape,
                    "layer \(position) (\(layer.title)): takes rows of numbers; a sample here is \(Tensor.text(of: current))",
                    help: "put flatten() before it" + (current.count == 2 ? "; conv1d(\((layer as? Dense)?.units ?? 1), 1) is a dense layer for each step of a series" : ""))
            }
            let parameters = layer.parameters(for: current)
            var offsets: [Int] = []
            for parameter in parameters {
                let (count, overflow) = parameter.shape.reduce((1, false)) { sum, length in
                    let product = sum.0.multipliedReportingOverflow(by: length)
                    return (product.partialValue, sum.1 || product.overflow)
                }
                guard !overflow, count < 1 << 40 else {
                    throw Failure(.memory, "layer \(position) (\(layer.title)): \(parameter.name) of shape \(Tensor.text(of: parameter.shape)) is too large")
                }
                if !parameter.isPacked { offset = (offset + 15) & ~15 }
                offsets.append(offset)
                offset += count
            }
            offset = (offset + 15) & ~15
            built.append(Built(layer: layer, inputShape: current, outputShape: output, parameters: parameters, offsets: offsets))
            current = output
        }
        storage = try Buffer(bytes: offset * dtype.size, for: "the parameters of the network")
        storageCount = offset
        layers = built
        inputShape = shape
        do {
            made = try Plan(input: shape, built)
            try drawParameters()
        } catch {
            storage = nil
            layers = []
            inputShape = nil
            throw error
        }
    }

    /// Memory for batches of so many rows without training; the last one is kept.
    func inference(rows: Int) throws(Failure) -> Executor {
        guard let storage else { throw Failure(.internal, "the network is not built") }
        if let kept, kept.batch == rows { return kept }
        let executor = try Executor(
            plan(), storage: storage, dtype, batch: rows, threads: Int(nnb_pool_threads()), isTraining: false)
        kept = executor
        return executor
    }

    /// Some layers as a function in float64 for batches of up to so many rows, kept for the next one who asks.
    func function(_ range: Range<Int>, rows: Int) throws(Failure) -> ForeignLayers.Shared {
        if let known = functions[range], known.function.batch >= rows { return known }
        let function = try Differentiable(
            self, layers: range, batch: max(rows, 1), .float64, threads: Int(nnb_pool_threads()))
        let shared = ForeignLayers.Shared(function)
        functions[range] = shared
        return shared
    }

    private func drawParameters() throws(Failure) {
        for (position, layer) in layers.enumerated() {
            for parameter in layer.parameters where parameter.initializer != .zeros || parameter.start != nil {
                if let start = parameter.start {
                    try setParameter(parameter.name, ofLayer: position, to: Making.full(parameter.shape, start))
                    continue
                }
                let numbers = try Tensor(uninitialized: parameter.shape)
                parameter.initializer.fill(
                    numbers.block.float64, parameter.shape, fanIn: parameter.fanIn, fanOut: parameter.fanOut, &generator)
                try setParameter(parameter.name, ofLayer: position, to: numbers)
            }
        }
    }

    /// How the network is computed; it must be built.
    package func plan() throws(Failure) -> Plan {
        guard let made else { throw Failure(.internal, "the network is not built") }
        return made
    }

    /// The shape of one sample's output, once the network is built.
    public var outputShape: [Int]? { layers.last?.outputShape }

    public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// One row a layer; those inside a layer follow it.
    public var summary: [Row] {
        layers.enumerated().flatMap { position, built in
            rows(of: built.layer, built.inputShape, position: position, depth: 0)
        }
    }

    private func rows(of layer: any Layer, _ input: [Int], position: Int, depth: Int) -> [Row] {
        let inner = (layer as? any CompositeLayer)?.inner(for: input) ?? []
        let parameters = layer.parameters(for: input)
        let row = Row(
            position: position, depth: depth, layer: inner.isEmpty ? layer.title : String(layer.title.prefix { $0 != "(" }),
            activation: layer.shownActivation?.text ?? "", outputShape: (try? layer.outputShape(for: input)) ?? [],
            parameters: inner.isEmpty ? parameters.map { ($0.name, $0.shape) } : [],
            parameterCount: parameters.reduce(0) { $0 + $1.count })
        return [row] + inner.flatMap { rows(of: $0.layer, $0.input, position: position, depth: depth + 1) }
    }

    // MARK: parameters

    /// A copy of a layer's parameter, `W` or `b`; nil where the layer has none of that name.
    public func parameter(_ name: String, ofLayer position: Int) throws(Failure) -> Tensor? {
        guard let (description, offset) = place(of: name, position), let storage else { return nil }
        let result = try Tensor(uninitialized: description.shape, dtype)
        let size = dtype.size
        result.block.data.copyMemory(from: storage.bytes + offset * size, byteCount: description.count * size)
        return result
    }

    /// Sets a layer's parameter to numbers of its shape.
    public func setParameter(_ name: String, ofLayer position: Int, to value: Tensor) throws(Failure) {
        guard let (description, offset) = place(of: name, position), let storage else {
            throw Failure(.name, "layer \(position) has no \(name)")
        }
        guard value.shape == description.shape else {
            throw Failure(
                .shape,
                "layer \(position) (\(layers[position].layer.title)): \(name) is \(Tensor.text(of: description.shape)), not \(Tensor.text(of: value.shape))")
        }
        let heap = Heap.current
        let numbers = try Conversion.stored(value.block, as: dtype, heap)
        defer { numbers.release(heap) }
        let size = dtype.size
        (storage.bytes + offset * size).copyMemory(from: numbers.data, byteCount: description.count * size)
    }

    /// Copies of all parameters, layer by layer.
    public func parameters() throws(Failure) -> [Tensor] {
        var result: [Tensor] = []
        for (position, built) in layers.enumerated() {
            for description in built.parameters {
                if let tensor = try parameter(description.name, ofLayer: position) { result.append(tensor) }
            }
        }
        return result
    }

    /// Sets all parameters, in the order of `parameters()`.
    public func setParameters(_ tensors: [Tensor]) throws(Failure) {
        let places = layers.enumerated().flatMap { position, built in built.parameters.map { (position, $0.name) } }
        guard places.count == tensors.count else {
            throw Failure(.argument, "the network has \(places.count) parameters, \(tensors.count) are given")
        }
        for (place, tensor) in zip(places, tensors) { try setParameter(place.1, ofLayer: place.0, to: tensor) }
    }

    private func place(of name: String, _ position: Int) -> (ParameterDescription, Int)? {
        guard layers.indices.contains(position) else { return nil }
        let built = layers[position]
        guard let index = built.parameters.firstIndex(where: { $0.name == name }) else { return nil }
        return (built.parameters[index], built.offsets[index])
    }

    // MARK: samples

    static func wrongSample(_ shape: [Int], wanted: [Int], count: Int? = nil) -> Failure {
        var help: String?
        if product(of: shape) == product(of: wanted), !shape.isEmpty {
            help = wanted.count == 1
                ? "X.reshape(-1, \(wanted[0])) makes rows of them; or begin with input(\(shape.map(String.init).joined(separator: ", "))), flatten()"
                : "reshape X to (n, \(wanted.map(String.init).joined(separator: ", ")))"
        } else if let count, shape.count == 1, wanted == [count] {
            help = "X.T has one sample a row; or samples=\"columns\""
        }
        return Failure(
            .shape, "the network takes samples of shape \(Tensor.text(of: wanted)), these have \(Tensor.text(of: shape))",
            help: help)
    }
}
