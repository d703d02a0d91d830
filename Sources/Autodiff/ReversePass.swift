import Diagnostics
import Tensors

extension Tape {
    /// The gradients of `root` with respect to each of `inputs`, in their shapes; zeros where it does not depend on one.
    ///
    /// `root` is one number, or `seed` (of its shape) says what each of its elements counts: the result is then the
    /// product of the seed with the Jacobian. What is recorded for it can be differentiated again.
    public func gradient(
        of root: Variable, withRespectTo inputs: [Variable], seed: Variable? = nil
    ) throws(Failure) -> [Variable] {
        let start: Variable
        if let seed {
            guard self[seed].hasShape(of: self[root]) else {
                throw Failure(.shape, "the seed of a gradient has the shape of what is differentiated")
            }
            start = seed
        } else {
            guard self[root].count == 1 else {
                throw Failure(
                    .shape, "the gradient is of one number, not of a value of shape \(Tensor.text(of: shape(root)))",
                    help: "sum(...) or mean(...) makes one number of it")
            }
            start = try constant(like: root) { _ in 1 }
        }
        var pass = ReversePass(self, root: root, inputs: inputs)
        return try pass.run(from: start)
    }
}

/// One walk from a result back to its inputs. Only nodes that lie between the two are visited.
struct ReversePass {
    let tape: Tape
    private let root: Variable
    private let inputs: [Variable]
    /// The first input's place on the tape: nothing before it depends on one, and the arrays begin here.
    private let start: Int
    /// Whether a node depends on an input.
    private var isActive: [Bool]
    /// The gradient of each node as far as it is known; -1 for none yet.
    private var adjoints: [Int32]

    init(_ tape: Tape, root: Variable, inputs: [Variable]) {
        self.tape = tape
        self.root = root
        self.inputs = inputs
        let start = min(Int(inputs.map(\.index).min() ?? root.index), Int(root.index))
        let count = Int(root.index) + 1 - start
        var active = [Bool](repeating: false, count: count)
        for input in inputs where input.index <= root.index { active[Int(input.index) - start] = true }
        // Operands come first, so one walk forward finds all that depend on the inputs.
        tape.nodes.withUnsafeBufferPointer { nodes in
            active.withUnsafeMutableBufferPointer { active in
                for index in 0..<count where !active[index] {
                    let node = nodes[index + start]
                    let (first, second, third) = (Int(node.first) - start, Int(node.second) - start, Int(node.third) - start)
                    active[index] = first >= 0 && active[first] || second >= 0 && active[second] || third >= 0 && active[third]
                }
            }
        }
        self.start = start
        isActive = active
        adjoints = [Int32](repeating: -1, count: count)
    }

    mutating func run(from seed: Variable) throws(Failure) -> [Variable] {
        if wants(root) { adjoints[Int(root.index) - start] = seed.index }
        for index in stride(from: adjoints.count - 1, through: 0, by: -1) where adjoints[index] >= 0 {
            let operation = tape.nodes[index + start].operation
            if operation == .leaf { continue }
            if index & 255 == 0, let watch = tape.watch { try watch() }
            try Catalogue.primitive(operation).derivative(
                Variable(index: Int32(truncatingIfNeeded: index + start)), Variable(index: adjoints[index]), &self)
        }
        var gradients: [Variable] = []
        for input in inputs {
            if input.index <= root.index, adjoints[Int(input.index) - start] >= 0 {
                gradients.append(Variable(index: adjoints[Int(input.index) - start]))
            } else {
                gradients.append(try tape.constant(like: input) { _ in 0 })
            }
        }
        return gradients
    }

    // MARK: for derivatives

    func first(_ node: Variable) -> Variable { Variable(index: tape[node].first) }
    func second(_ node: Variable) -> Variable { Variable(index: tape[node].second) }
    func third(_ node: Variable) -> Variable { Variable(index: tape[node].third) }

    /// Whether anyone asks for the gradient of that operand.
    func wants(_ operand: Variable) -> Bool {
        let place = Int(operand.index) - start
        return place >= 0 && isActive[place]
    }

    /// Adds to the gradient of an operand; summed over the axes along which the operand was stretched.
    mutating func add(_ gradient: Variable, to operand: Variable) throws(Failure) {
        guard wants(operand) else { return }
        var gradient = gradient
        if !tape[gradient].hasShape(of: tape[operand]) { gradient = try tape.sum(gradient, like: operand) }
        let known = adjoints[Int(operand.index) - start]
        adjoints[Int(operand.index) - start] =
            known < 0 ? gradient.index : try tape.apply(.add, Variable(index: known), gradient).index
    }
}
