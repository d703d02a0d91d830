extension Executor {
    /// A node of the plan with its stage and its memory. All of it is constant, so that threads that go through the steps
    /// count no references: they would take the count's place in memory from each other at each use.
    final class Step {
        /// None for a sum or a join. It is called through the option, `stage?.forward(…)`: one that is bound to a name is
        /// counted as one more reference.
        let stage: (any Stage)?
        let hasStage: Bool
        let activation: ActivationLoop
        let width: Int
        /// Of the last axis: what bias and softmax go by.
        let columns: Int
        let y: UnsafeMutableRawPointer
        /// The gradient by y, and in the end by what was there before the activation; nil where nothing is trained.
        let dy: UnsafeMutableRawPointer?
        /// Laid out like y: the derivatives of an activation that does not tell them by its output.
        let slopes: UnsafeMutableRawPointer?
        let sources: [Source]
        /// Of a join: how many columns each source gives.
        let joined: [Int]
        let places: UnsafeBufferPointer<Update.Place>

        init(
            _ node: Plan.Node, _ outputs: Outputs, sources: [Source], stage: (any Stage)?, joined: [Int],
            places: UnsafeBufferPointer<Update.Place>
        ) {
            self.stage = stage
            hasStage = stage != nil
            self.sources = sources
            self.joined = joined
            self.places = places
            activation = node.activation.loop
            width = node.width
            columns = max(1, node.columns)
            y = outputs.y
            dy = outputs.dy
            slopes = outputs.slopes
        }
    }

    /// Where a node's outputs lie, and what belongs to them.
    struct Outputs {
        let y: UnsafeMutableRawPointer
        let dy: UnsafeMutableRawPointer?
        let slopes: UnsafeMutableRawPointer?
    }

    struct Source {
        /// -1 for the input.
        let node: Int
        let width: Int
        /// Where this step's gradient by it goes, unless nobody needs it.
        let dx: UnsafeMutableRawPointer?
        /// Set where another step has written to the same place before: dx is then space of its own, to be added here.
        let addedTo: UnsafeMutableRawPointer?
    }

    /// Steps that a part goes through without waiting for others, or one that waits.
    enum Segment {
        case rows(Range<Int>)
        case whole(Int)
    }
}
