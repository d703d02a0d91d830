import Diagnostics
import Tensors

extension Tape {
    /// The steps from some leaves to some results, to be carried out again with other numbers in the leaves.
    ///
    ///     let recording = tape.recording(from: [x, w], to: [loss] + gradients)
    ///     try tape.set(x, to: nextBatch)
    ///     try recording.replay()                       // loss and gradients have their new values
    public func recording(from leaves: [Variable], to results: [Variable]) -> Recording {
        Recording(self, from: leaves, to: results)
    }
}

/// The compiled form of a traced function: its steps in order, forward and backward alike, without those whose result
/// nobody asks for and those that no leaf of the given ones moves. It is good as long as its tape is not reset.
public final class Recording {
    public let tape: Tape
    @exclusivity(unchecked) private var steps: ContiguousArray<Node> = []

    fileprivate init(_ tape: Tape, from leaves: [Variable], to results: [Variable]) {
        self.tape = tape
        let nodes = tape.nodes
        var moves = [Bool](repeating: false, count: nodes.count)
        var isWanted = moves
        for leaf in leaves { moves[Int(leaf.index)] = true }
        for result in results { isWanted[Int(result.index)] = true }
        for (index, node) in nodes.enumerated() where node.operation != .leaf {
            // What a foreign function gives may be another number in each step.
            moves[index] = node.operation == .foreign || Recording.operands(node).contains { moves[$0] }
        }
        for index in nodes.indices.reversed() where isWanted[index] {
            for operand in Recording.operands(nodes[index]) { isWanted[operand] = true }
        }
        for index in nodes.indices where isWanted[index] && moves[index] && nodes[index].operation != .leaf {
            steps.append(nodes[index])
        }
    }

    private static func operands(_ node: Node) -> [Int] {
        [node.first, node.second, node.third].filter { $0 >= 0 }.map(Int.init)
    }

    /// The number of steps.
    public var count: Int { steps.count }

    /// Carries the steps out again.
    public func replay() throws(Failure) {
        for node in steps {
            // The commonest without the detour through the catalogue.
            if node.operation.isElementwise {
                if node.operation.rawValue >= Operation.floorDivide.rawValue {
                    FloorDivide.refuseZeros(node.operation == .modulo ? .modulo : .floorDivide, node, tape)
                }
                Elementwise.forward(node.operation, node, tape)
            } else if node.operation == .elementary {
                Elementary.forward(node, tape)
            } else {
                Catalogue.primitive(node.operation).forward(node, tape)
            }
        }
        if let failure = tape.failure {
            tape.failure = nil
            throw failure
        }
    }
}
