import CKernels
import Diagnostics
import Tensors

/// A network as a sequence of nodes, each after those whose outputs it takes. It says what is computed; an executor does it.
public struct Plan {
    /// Where a layer begins: the outputs of a node, or the network's input, seen in a shape.
    public struct Point {
        /// -1 for the input.
        let node: Int
        public let shape: [Int]

        init(node: Int, shape: [Int]) {
            self.node = node
            self.shape = shape
        }

        /// The same numbers in another shape.
        public init(_ point: Point, in shape: [Int]) { self.init(node: point.node, shape: shape) }
    }

    /// A parameter and where it begins in the network's buffer, in elements.
    public struct Slot {
        public let description: ParameterDescription
        public let offset: Int
    }

    package struct Node {
        enum Work {
            case stage(any Layer)
            /// The sum of the sources.
            case sum
            /// The sources side by side along the last axis, of which each has so many places.
            case join([Int])
        }

        let work: Work
        /// The layer of the network it came from.
        let position: Int
        let sources: [Int]
        let inputShape: [Int]
        let shape: [Int]
        /// Applied to the outputs where they lie.
        var activation = Activation.identity
        let slots: [Slot]

        var width: Int { product(of: shape) }
        /// Of the last axis.
        var columns: Int { shape.last ?? 1 }
    }

    package private(set) var nodes: [Node] = []
    /// Nodes whose outputs are taken elsewhere too, so that nothing may be applied to them where they lie.
    private var held: Set<Int> = []
    private var position = 0
    let inputs: Int
    let outputShape: [Int]
    var outputs: Int { product(of: outputShape) }
    /// Multiplications for one sample forward.
    private(set) var work = 0
    /// The rows that a part should have where the batch has them.
    private(set) var leastRows = 1

    init(input: [Int], _ layers: [Network.Built], first: Int = 0) throws(Failure) {
        inputs = product(of: input)
        outputShape = layers.last?.outputShape ?? input
        var point = Point(node: -1, shape: input)
        for (number, built) in layers.enumerated() {
            position = first + number
            let slots = zip(built.parameters, built.offsets).map { Slot(description: $0, offset: $1) }
            point = try built.layer.place(in: &self, at: point, slots[...])
        }
        // What is given back is the last node's.
        if point.node != nodes.count - 1 || nodes.isEmpty {
            point = try append(Copy(), at: point, [])
        }
    }

    /// A node for a layer's stage, and its activation.
    public mutating func append(
        _ layer: some Layer, at point: Point, _ slots: ArraySlice<Slot>
    ) throws(Failure) -> Point {
        let shape = try layer.outputShape(for: point.shape)
        work += layer.work(for: point.shape)
        // An activation that is trained has the last of the layer's parameters.
        let isTrained = layer.activation.record.isTrained
        let own = isTrained ? slots.dropLast() : slots
        leastRows = max(leastRows, layer.leastRows)
        nodes.append(
            Node(
                work: .stage(layer), position: position, sources: [point.node], inputShape: point.shape, shape: shape,
                slots: Array(own)))
        let end = Point(node: nodes.count - 1, shape: shape)
        if isTrained { return try append(PReLU(function: layer.activation), at: end, slots.suffix(1)) }
        return try activate(layer.activation, at: end)
    }

    /// An activation, on the outputs where they lie if that is possible.
    mutating func activate(_ activation: Activation, at point: Point) throws(Failure) -> Point {
        if activation.isIdentity { return point }
        if point.node >= 0, !held.contains(point.node), nodes[point.node].activation.isIdentity,
            !activation.isSoftmax || nodes[point.node].columns == point.shape.last
        {
            nodes[point.node].activation = activation
            return point
        }
        // What others take stays as it is, and the activation goes on a copy.
        let copy = try append(Copy(), at: point, [])
        nodes[copy.node].activation = activation
        return copy
    }

    /// Joins a pool to the convolution before it, whose own outputs nobody else needs; nil where that cannot be. The
    /// activation must keep the order of numbers exactly, as those made of straight lines do.
    mutating func absorb(_ pool: Pool, at point: Point) throws(Failure) -> Point? {
        guard point.node == nodes.count - 1, point.node >= 0, !held.contains(point.node), point.shape.count == 3 else { return nil }
        let node = nodes[point.node]
        guard case .stage(let layer) = node.work, let convolution = layer as? Convolution, node.shape == point.shape,
            ["identity", "relu", "leaky_relu"].contains(node.activation.name), !node.activation.keepsSlope
        else { return nil }
        let shape = try pool.outputShape(for: point.shape)
        nodes[point.node] = Node(
            work: .stage(PooledConvolution(convolution: convolution, pool: pool)), position: node.position,
            sources: node.sources, inputShape: node.inputShape, shape: shape, activation: node.activation, slots: node.slots)
        return Point(node: point.node, shape: shape)
    }

    /// Keeps the outputs at a point as they are, because they will be taken once more.
    public mutating func hold(_ point: Point) { held.insert(point.node) }

    /// The sum of points of one shape.
    public mutating func sum(_ points: [Point]) -> Point { merge(points, .sum, points.first?.shape ?? []) }

    /// Points side by side along the last axis, the other axes being the same.
    public mutating func join(_ points: [Point]) -> Point {
        let widths = points.map { $0.shape.last ?? 1 }
        let shape = (points.first?.shape.dropLast() ?? []) + [widths.reduce(0, +)]
        return merge(points, .join(widths), Array(shape))
    }

    private mutating func merge(_ points: [Point], _ work: Node.Work, _ shape: [Int]) -> Point {
        nodes.append(
            Node(work: work, position: position, sources: points.map(\.node), inputShape: shape, shape: shape, slots: []))
        self.work += product(of: shape)
        return Point(node: nodes.count - 1, shape: shape)
    }

    /// The most parts of a batch.
    static let mostParts = 16

    /// Into how many parts so many rows are cut: so that each is worth a thread's while. Two parts are worth rows fewer
    /// than the layers would like.
    func parts(_ rows: Int) -> Int {
        let worth = Double(rows) * Double(work) / Double(1 << 20)
        var parts = 1
        while 2 * parts <= Plan.mostParts, Double(2 * parts) <= worth,
            rows >= 2 * parts * (parts == 1 ? min(leastRows, 16) : leastRows)
        { parts *= 2 }
        return parts
    }

    /// The rows of a part.
    @inline(__always)
    static func rows(of part: Int, _ parts: Int, _ rows: Int) -> Range<Int> {
        rows * part / parts..<rows * (part + 1) / parts
    }

    /// The parts that a thread computes.
    @inline(__always)
    static func share(_ parts: Int, _ thread: Int, _ threads: Int) -> Range<Int> {
        let first = (thread * parts + threads - 1) / threads
        return first..<((thread + 1) * parts + threads - 1) / threads
    }
}
