import CKernels
import Diagnostics
import Tensors

/// A network as a sequence of products: what is computed, where its numbers lie, and into which pieces the work is cut.
///
/// The pieces depend on the shapes alone and never on the number of threads, and no sum is divided between two of them:
/// so the same numbers come out whoever computes which piece.
struct Plan {
    struct Stage {
        /// The layer it came from.
        var position: Int
        var inputs: Int
        var units: Int
        var activation: Activation
        /// In bytes of the network's storage; nil for a stage that is an activation alone.
        var weights: Int?
        var bias: Int?
        /// Pieces of columns (units) in which the stage is computed; 1 where rows are divided instead. Each piece of W lies
        /// by itself, [inputs, width] in row-major order one after the other: were the rows of W whole, the processor's
        /// prefetching would take from each thread what the other one is just writing.
        var columnParts = 1
        /// Pieces of the rows of W in which it is trained, where its columns are not divided.
        var inputParts = 1
    }

    private(set) var stages: [Stage] = []
    let inputs: Int
    let outputs: Int
    /// Multiplications for one sample forward.
    let work: Int

    /// Columns of a piece: enough for a library's product to be fast, few enough for a thread's cache.
    static let width = 64
    static let mostParts = 16

    init(_ network: Network) throws(Failure) {
        guard let inputShape = network.inputShape else {
            throw Failure(.internal, "the network is not built")
        }
        inputs = product(of: inputShape)
        var stages: [Stage] = []
        for (position, built) in network.layers.enumerated() {
            switch built.layer.stage(for: built.inputShape) {
            case .nothing: break
            case .dense(let inputs, let units, let activation, _):
                let offsets = built.offsets.map { $0 * network.dtype.size }
                stages.append(
                    Stage(
                        position: position, inputs: inputs, units: units, activation: activation, weights: offsets.first,
                        bias: offsets.count > 1 ? offsets[1] : nil))
            case .activation(let units, let activation):
                if let last = stages.last, last.weights != nil, last.activation.isIdentity {
                    stages[stages.count - 1].activation = activation
                } else {
                    stages.append(Stage(position: position, inputs: units, units: units, activation: activation))
                }
            }
        }
        if stages.isEmpty { stages.append(Stage(position: 0, inputs: inputs, units: inputs, activation: .identity)) }
        for index in stages.indices {
            let stage = stages[index]
            guard stage.weights != nil else { continue }
            let isLast = index == stages.count - 1
            // Only the first stage, whose W is never needed whole for the gradient by its inputs.
            if index == 0, !isLast, !stage.activation.isSoftmax, stage.units >= 2 * Plan.width, stage.inputs >= 32 {
                stages[index].columnParts = min(stage.units / Plan.width, Plan.mostParts)
            } else if stage.inputs >= 2 * Plan.width {
                stages[index].inputParts = min(stage.inputs / Plan.width, Plan.mostParts)
            }
        }
        self.stages = stages
        outputs = stages.last?.units ?? inputs
        work = stages.reduce(0) { $0 + ($1.weights == nil ? $1.units : $1.inputs * $1.units) }
    }

    /// Where piece `part` of `parts` begins, at a multiple of a vector's length.
    @inline(__always)
    static func bound(_ part: Int, of parts: Int, _ total: Int) -> Int {
        part == parts ? total : (total * part / parts) & ~15
    }

    /// Where the runs of a stage's W lie: offset in the tensor [inputs, units], offset in the storage, length.
    static func forEachRun(of stage: Stage?, count: Int, _ body: (_ tensor: Int, _ storage: Int, _ count: Int) -> Void) {
        guard let stage, stage.columnParts > 1 else { return body(0, 0, count) }
        for part in 0..<stage.columnParts {
            let first = bound(part, of: stage.columnParts, stage.units)
            let width = bound(part + 1, of: stage.columnParts, stage.units) - first
            for row in 0..<stage.inputs { body(row * stage.units + first, stage.inputs * first + row * width, width) }
        }
    }

    /// Pieces of the rows of a batch.
    static func rowParts(_ rows: Int) -> Int { max(1, min(rows / 16, 8)) }

    /// The pieces that a thread computes.
    @inline(__always)
    static func share(_ parts: Int, _ thread: Int, _ threads: Int) -> Range<Int> {
        let first = (thread * parts + threads - 1) / threads
        return first..<((thread + 1) * parts + threads - 1) / threads
    }
}
