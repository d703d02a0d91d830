import Diagnostics
import Tensors

/// A computation as it was done, step by step, in double precision: what the reverse pass goes back over.
///
/// Every operation is carried out when it is recorded. Values lie in an arena that `reset` empties at once, so a
/// small step costs some tens of nanoseconds and no allocation.
///
///     let tape = Tape()
///     let x = try tape.leaf(Tensor([1, 2]))
///     let y = try tape.sum(tape.apply(.multiply, x, x))
///     let gradient = try tape.gradient(of: y, withRespectTo: [x])      // 2 x
public final class Tape {
    // One thread works on a tape, and nothing here holds on to these while it calls out: the checks for overlapping
    // access would cost as much as a small step.
    @exclusivity(unchecked) private var arena = Arena()
    @exclusivity(unchecked) private(set) var nodes: ContiguousArray<Node> = []
    @exclusivity(unchecked) private(set) var attributes: ContiguousArray<Attribute> = []

    /// The longer arguments of a node.
    struct Attribute {
        var list: [Int] = []
        var dims: [Int] = []
        var foreign: (any ForeignFunction)?
    }

    /// What happened while a function was traced that a replay would not repeat.
    public struct Marks: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A traced number decided what was done next, or how large something became.
        public static let branched = Marks(rawValue: 1)
        public static let printed = Marks(rawValue: 2)
        /// A traced number went into an object that outlives the call.
        public static let stored = Marks(rawValue: 4)
        /// Random numbers were drawn.
        public static let random = Marks(rawValue: 8)
    }

    /// Set by whoever traces.
    @exclusivity(unchecked) public var marks: Marks = []
    /// True where the same steps serve for other numbers of the same shapes.
    public var isReplayable: Bool { marks.isEmpty }
    /// What the numbers of a step made go wrong: a singular matrix, a division by zero.
    @exclusivity(unchecked) var failure: Failure?

    /// What leaves share.
    private var held: [Tensor] = []
    /// The dims of a number, which has none.
    private let scalarDims: UnsafeMutablePointer<Int>

    public init() {
        scalarDims = .allocate(capacity: 1)
        scalarDims.initialize(to: 0)
    }

    deinit {
        arena.free()
        scalarDims.deallocate()
    }

    /// Forgets everything that was recorded; all variables of it are void.
    public func reset() {
        nodes.removeAll(keepingCapacity: true)
        attributes.removeAll(keepingCapacity: true)
        arena.reset()
        held.removeAll(keepingCapacity: true)
        marks = []
        failure = nil
    }

    /// Asked now and then on a long way back; what it throws ends it.
    public var watch: (() throws(Failure) -> Void)?

    /// The bytes that its arena holds, also for what comes.
    public var size: Int { arena.size }

    /// The number of steps recorded.
    public var count: Int { nodes.count }

    // MARK: values

    /// A value from outside, copied.
    public func leaf(_ x: Tensor) throws(Failure) -> Variable {
        let wide = try x.float64()
        let node = try append(.leaf, wide.shape)
        node.data.update(from: wide.block.float64, count: node.count)
        return last
    }

    /// A block of float64 from outside, copied.
    public func leaf(_ block: TensorBlock) throws(Failure) -> Variable {
        let rank = block.rank, count = block.count
        guard block.dtype == .float64, nodes.count < Int32.max - 1 else { return try leaf(Tensor(sharing: block)) }
        let dims = try arena.take(max(rank, 1), of: Int.self)
        for axis in 0..<rank { dims[axis] = block.dims[axis] }
        let data = try arena.take(max(count, 1), of: Double.self)
        data.update(from: block.float64, count: count)
        nodes.append(
            Node(operation: .leaf, rank: UInt8(truncatingIfNeeded: rank), count: count, dims: dims, data: data))
        return last
    }

    public func leaf(_ number: Double) throws(Failure) -> Variable {
        let data = try arena.take(1, of: Double.self)
        data[0] = number
        nodes.append(Node(operation: .leaf, rank: 0, count: 1, dims: scalarDims, data: data))
        return last
    }

    /// A value from outside; one of float64 is not copied, the tape holds it until it is reset.
    public func leaf(sharing x: Tensor) throws(Failure) -> Variable {
        guard x.dtype == .float64 else { return try leaf(x) }
        held.append(x)
        let node = Node(
            operation: .leaf, detail: 1, rank: UInt8(truncatingIfNeeded: x.rank), count: x.count,
            dims: x.rank == 0 ? scalarDims : x.block.dims, data: x.block.float64)
        nodes.append(node)
        return last
    }

    /// Numbers that somebody else keeps, in float64 and for as long as the tape is not reset: no copy is made, so that a
    /// replay sees what stands there then.
    public func leaf(borrowing numbers: UnsafeMutablePointer<Double>, _ shape: [Int]) throws(Failure) -> Variable {
        let dims = try arena.take(max(shape.count, 1), of: Int.self)
        for (axis, length) in shape.enumerated() { dims[axis] = length }
        nodes.append(
            Node(
                operation: .leaf, rank: UInt8(truncatingIfNeeded: shape.count), count: shape.reduce(1, *), dims: dims,
                data: numbers))
        return last
    }

    /// Other numbers for a leaf, in its shape: what a replay starts from.
    public func set(_ leaf: Variable, to x: Tensor) throws(Failure) {
        let node = self[leaf]
        guard node.operation == .leaf, node.detail == 0, node.shape == x.shape else {
            throw Failure(.shape, "a leaf of shape \(Tensor.text(of: node.shape)) cannot hold \(Tensor.text(of: x.shape))")
        }
        let wide = try x.float64()
        node.data.update(from: wide.block.float64, count: node.count)
    }

    /// The numbers of a variable where they lie, in row-major order; those of a leaf may be written for a replay.
    public func numbers(of x: Variable) -> UnsafeMutableBufferPointer<Double> {
        let node = self[x]
        return UnsafeMutableBufferPointer(start: node.data, count: node.count)
    }

    /// The value of a variable, as a tensor of its own.
    public func value(_ x: Variable) throws(Failure) -> Tensor { try value(self[x]) }

    func value(_ node: Node) throws(Failure) -> Tensor {
        let result = try Tensor(uninitialized: node.shape)
        result.block.float64.update(from: node.data, count: node.count)
        return result
    }

    public func shape(_ x: Variable) -> [Int] { self[x].shape }

    /// The only element of a variable; its first where it has more.
    public func number(_ x: Variable) -> Double { self[x].count > 0 ? self[x].data[0] : .nan }

    /// Whether any step was made of each of these.
    public func areUsed(_ variables: [Variable]) -> [Bool] {
        var used = [Bool](repeating: false, count: nodes.count)
        for node in nodes {
            if node.first >= 0 { used[Int(node.first)] = true }
            if node.second >= 0 { used[Int(node.second)] = true }
            if node.third >= 0 { used[Int(node.third)] = true }
        }
        return variables.map { used[Int($0.index)] }
    }

    /// The sums of which a value is the softmax along its last axis; nil where it is none.
    public func sums(ofSoftmax x: Variable) -> Variable? {
        let node = self[x]
        guard node.operation == .softmax, Int(node.detail) == Int(node.rank) - 1 else { return nil }
        return Variable(index: node.first)
    }

    // MARK: recording

    /// An operation element by element (or `.product` of matrices) on two operands.
    @inline(__always)
    public func apply(_ operation: Operation, _ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        let (x, y) = (self[a], self[b])
        // What most steps are: equal shapes or a number on one side, nothing else to say.
        if operation.rawValue <= Operation.minimum.rawValue, operation != .leaf, y.rank == 0 || x.rank == 0 || x.hasShape(of: y) {
            let result = x.rank == 0 ? y : x
            let data = try arena.take(result.count, of: Double.self)
            let node = Node(
                operation: operation, rank: result.rank, first: a.index, second: b.index, count: result.count,
                dims: result.dims, data: data)
            nodes.append(node)
            Elementwise.run(operation, node, x, y)
            return last
        }
        return try record(operation, Arguments(a, b))
    }

    /// A function of each element.
    public func apply(_ function: UnaryFunction, _ a: Variable) throws(Failure) -> Variable {
        let x = self[a]
        let data = try arena.take(x.count, of: Double.self)
        let node = Node(
            operation: .elementary, detail: function.rawValue, rank: x.rank, first: a.index, count: x.count, dims: x.dims,
            data: data)
        nodes.append(node)
        Elementary.forward(node, self)
        return last
    }

    func record(_ operation: Operation, _ arguments: Arguments) throws(Failure) -> Variable {
        let primitive = Catalogue.primitive(operation)
        let shape = try primitive.shape(arguments, self)
        var attribute: Int32 = -1
        if !arguments.list.isEmpty || !arguments.dims.isEmpty || arguments.foreign != nil {
            attribute = Int32(truncatingIfNeeded: attributes.count)
            attributes.append(Attribute(list: arguments.list, dims: arguments.dims, foreign: arguments.foreign))
        }
        _ = try append(operation, shape)
        let index = nodes.count - 1
        nodes[index].detail = arguments.detail
        nodes[index].first = arguments.first.index
        nodes[index].second = arguments.second?.index ?? -1
        nodes[index].third = arguments.third?.index ?? -1
        nodes[index].attribute = attribute
        primitive.forward(nodes[index], self)
        if let failure {
            self.failure = nil
            throw failure
        }
        return last
    }

    // MARK: recording without arrays, for shapes that are known to be right

    /// A number made of x.
    func number(_ operation: Operation, _ x: Variable) throws(Failure) -> Variable {
        let data = try arena.take(1, of: Double.self)
        return append(Node(operation: operation, rank: 0, first: x.index, count: 1, dims: scalarDims, data: data))
    }

    /// Something of the shape of another node.
    func append(_ operation: Operation, like other: Node, _ x: Variable) throws(Failure) -> Variable {
        let data = try arena.take(max(other.count, 1), of: Double.self)
        return append(
            Node(operation: operation, rank: other.rank, first: x.index, count: other.count, dims: other.dims, data: data))
    }

    func matrix(
        _ operation: Operation, _ rows: Int, _ columns: Int, _ a: Variable, _ b: Variable, detail: UInt8
    ) throws(Failure) -> Variable {
        let (count, over) = rows.multipliedReportingOverflow(by: columns)
        guard !over, count < 1 << 48 else {
            throw Failure(.memory, "a value of shape \(Tensor.text(of: [rows, columns])) is too large for a gradient")
        }
        let dims = try arena.take(2, of: Int.self)
        (dims[0], dims[1]) = (rows, columns)
        let data = try arena.take(max(count, 1), of: Double.self)
        return append(
            Node(
                operation: operation, detail: detail, rank: 2, first: a.index, second: b.index, count: count, dims: dims,
                data: data))
    }

    /// The numbers of x under another shape.
    func view(_ operation: Operation, _ x: Variable, _ shape: [Int]) throws(Failure) -> Variable {
        let source = self[x]
        _ = try Reshape.shape(Arguments(x, list: shape), self)
        let dims = try arena.take(max(shape.count, 1), of: Int.self)
        for (axis, length) in shape.enumerated() { dims[axis] = length }
        return append(
            Node(
                operation: operation, rank: UInt8(truncatingIfNeeded: shape.count), first: x.index, count: source.count,
                dims: dims, data: source.data))
    }

    func view(_ operation: Operation, _ x: Variable, like other: Node) throws(Failure) -> Variable {
        append(
            Node(
                operation: operation, rank: other.rank, first: x.index, count: other.count, dims: other.dims,
                data: self[x].data))
    }

    private func append(_ node: Node) -> Variable {
        nodes.append(node)
        Catalogue.primitive(node.operation).forward(node, self)
        return last
    }

    /// Runs what may fail within a step.
    func run(_ body: () throws(Failure) -> Void) {
        do throws(Failure) { try body() } catch { failure = error }
    }

    /// A node with its data not set.
    private func append(_ operation: Operation, _ shape: [Int]) throws(Failure) -> Node {
        var count = 1
        for length in shape {
            let (product, over) = count.multipliedReportingOverflow(by: length)
            guard !over, product < 1 << 48 else {
                throw Failure(.memory, "a value of shape \(Tensor.text(of: shape)) is too large for a gradient")
            }
            count = product
        }
        guard nodes.count < Int32.max - 1 else {
            throw Failure(.memory, "the computation has too many steps for a gradient")
        }
        let dims = try arena.take(max(shape.count, 1), of: Int.self)
        for (axis, length) in shape.enumerated() { dims[axis] = length }
        let data = try arena.take(max(count, 1), of: Double.self)
        let node = Node(
            operation: operation, rank: UInt8(truncatingIfNeeded: shape.count), count: count, dims: dims, data: data)
        nodes.append(node)
        return node
    }

    private var last: Variable { Variable(index: Int32(truncatingIfNeeded: nodes.count - 1)) }

    // MARK: for primitives

    /// A variable is one of this tape's, so its index is below the count.
    @inline(__always)
    subscript(_ x: Variable) -> Node { nodes[Int(x.index)] }

    func operand(_ node: Node) -> Node { nodes[Int(node.first)] }
    func secondOperand(_ node: Node) -> Node { nodes[Int(node.second)] }
    func attribute(_ node: Node) -> Attribute {
        node.attribute < 0 ? Attribute() : attributes[Int(node.attribute)]
    }

    /// The list that came with a node.
    @inline(__always)
    func withList(_ node: Node, _ body: (UnsafeBufferPointer<Int>) -> Void) {
        if node.attribute >= 0 { attributes[Int(node.attribute)].list.withUnsafeBufferPointer(body) }
    }

    /// A leaf of that shape whose elements are worked out from those of another value; nothing flows back through it.
    func constant(like x: Variable, _ body: (Double) -> Double) throws(Failure) -> Variable {
        let source = self[x]
        let node = try append(.leaf, source.shape)
        for index in 0..<source.count { node.data[index] = body(source.data[index]) }
        return last
    }
}
