import Autodiff
import Diagnostics
import Tensors

/// The description of a layer: what it makes of a shape, and which parameters it needs. It holds no numbers; those
/// belong to the network it is built into. One file each in `Layers/`.
public protocol Layer: Sendable {
    /// As it stands in messages and summaries: `dense 128`.
    var title: String { get }

    /// As it is made in the language: `dense(128, tanh)`.
    var code: String { get }

    /// The shape of one sample's output. A failure's message begins in small letters and without the layer's name,
    /// which whoever asks puts before it.
    func outputShape(for input: [Int]) throws(Failure) -> [Int]

    /// Refuses samples `[n, …]` that the layer cannot take, whatever their shape; asked of a network's first layer.
    func check(_ x: Tensor) throws(Failure)

    /// What the layer keeps, in order, for an input that `outputShape` accepts.
    func parameters(for input: [Int]) -> [ParameterDescription]

    /// What is applied to the layer's outputs at its end, by whoever runs its stage; the identity where nothing is said.
    var activation: Activation { get }

    /// What a summary names as the layer's activation.
    var shownActivation: Activation? { get }

    /// Multiplications for one sample forward: decides into how many parts a batch is cut.
    func work(for input: [Int]) -> Int

    /// The rows that a part of a batch should have where the batch has them: more than 1 where fewer are slow.
    var leastRows: Int { get }

    /// The layer at work, for batches and numbers as the context says.
    func stage(_ context: StageContext) throws(Failure) -> any Stage

    /// The layer in operations of a tape, which can be differentiated again; nil where it has no such form. x is
    /// `[n] + input`, the parameters are in the order in which it describes them.
    func record(_ x: Variable, _ parameters: [Variable], on tape: Tape) throws(Failure) -> Variable?
    /// Whether `record` gives something.
    var isRecordable: Bool { get }

    /// Puts the layer into a plan. Most are one node, their stage; a view of the same numbers is none, and layers made of
    /// layers are several.
    func place(in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>) throws(Failure) -> Plan.Point
}

/// A tensor that a layer keeps.
public struct ParameterDescription: Sendable {
    /// As it is read and set: `W`, `b`.
    public let name: String
    public let shape: [Int]
    public let initializer: Initializer
    /// The numbers of inputs and outputs that the initializers go by.
    public let fanIn: Int
    public let fanOut: Int
    /// False for what the layer itself keeps up to date, such as moving averages.
    public let isTrained: Bool
    /// Lies directly behind the parameter before it, so that both are one matrix.
    public let isPacked: Bool
    /// What it costs to be large.
    public let penalty: Penalty?
    /// What all its numbers start with, in place of the initializer.
    public let start: Double?

    public init(
        name: String, shape: [Int], initializer: Initializer, fanIn: Int = 1, fanOut: Int = 1, isTrained: Bool = true,
        isPacked: Bool = false, penalty: Penalty? = nil, start: Double? = nil
    ) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.fanIn = fanIn
        self.fanOut = fanOut
        self.isTrained = isTrained
        self.isPacked = isPacked
        self.penalty = penalty
        self.start = start
    }

    public var count: Int { shape.reduce(1, *) }
}

extension Layer {
    public var code: String { "\(title)()" }

    public func parameters(for input: [Int]) -> [ParameterDescription] { [] }

    public var activation: Activation { .identity }

    public var shownActivation: Activation? { activation.isIdentity ? nil : activation }

    public var leastRows: Int { 1 }

    public func check(_ x: Tensor) throws(Failure) {}

    public func work(for input: [Int]) -> Int {
        parameters(for: input).reduce(product(of: input)) { $0 + $1.count }
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage {
        throw Failure(.internal, "\(title) has no stage")
    }

    public func record(_ x: Variable, _ parameters: [Variable], on tape: Tape) throws(Failure) -> Variable? { nil }

    public var isRecordable: Bool { false }

    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        try plan.append(self, at: point, slots)
    }

    /// The output's shape; a failure names the layer: `layer 1 (dense 128): …`.
    func outputShape(for input: [Int], after before: [any Layer]) throws(Failure) -> [Int] {
        do {
            try Embedding.check(self, after: before)
            return try outputShape(for: input)
        } catch {
            throw Failure(error.kind, "layer \(before.count) (\(title)): \(error.message)", label: error.label, help: error.help)
        }
    }
}

package func product(of shape: [Int]) -> Int { shape.reduce(1, *) }
