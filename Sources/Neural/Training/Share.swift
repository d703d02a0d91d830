/// A piece of a step's parameters that falls to a thread; `number` counts all pieces of the network.
struct Share {
    let step: Int
    let piece: Int
    let number: Int

    /// Gives each thread neighbouring pieces of each stage, the same ones in each step; a stage of fewer pieces than threads
    /// goes to those who have least.
    static func shares(_ plan: Plan, _ steps: [Executor.Step], threads count: Int) -> [[Share]] {
        var shares = [[Share]](repeating: [], count: count)
        var costs = [Double](repeating: 0, count: count)
        var before = 0
        for (number, node) in plan.nodes.enumerated() {
            guard let stage = steps[number].stage, stage.pieces > 0 else { continue }
            let cost = Double(node.slots.reduce(1) { $0 + $1.description.count }) / Double(stage.pieces)
            if stage.pieces >= count {
                for thread in 0..<count {
                    for piece in Plan.share(stage.pieces, thread, count) {
                        shares[thread].append(Share(step: number, piece: piece, number: before + piece))
                        costs[thread] += cost
                    }
                }
            } else {
                for piece in 0..<stage.pieces {
                    // The first thread has the loop between the steps to do as well.
                    let least = costs.indices.reversed().min { costs[$0] < costs[$1] } ?? 0
                    shares[least].append(Share(step: number, piece: piece, number: before + piece))
                    costs[least] += cost
                }
            }
            before += stage.pieces
        }
        return shares
    }
}
