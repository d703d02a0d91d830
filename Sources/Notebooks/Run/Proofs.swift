import Language
import Sessions

/// What shows that stored outputs belong to the code beside them.
///
/// `src` of a cell is a hash of its source, the seed, and the `src` of every earlier cell that it may depend on. So an
/// output is stale if its cell's code has changed, or any code that could have had a part in it, wherever it was run.
struct Proofs {
    /// One `src` a cell; that of a text cell means nothing.
    let sources: [String]
    /// What `%% run` says: the hash of all code with the seed, and who ran it.
    let footer: Attributes

    init(of notebook: Notebook, seed: UInt64) {
        let dependencies = Dependence.earlierCells(of: notebook.cells)
        var sources: [String] = []
        var whole = Digest()
        whole.add(part: String(seed))
        for (index, cell) in notebook.cells.enumerated() {
            guard cell.kind == .code else {
                sources.append("")
                continue
            }
            var digest = Digest()
            digest.add(part: String(seed))
            digest.add(part: cell.source)
            for earlier in dependencies[index] { digest.add(part: sources[earlier]) }
            sources.append(Proofs.short(digest.text()))
            whole.add(part: cell.source)
        }
        self.sources = sources
        footer = [
            "code": .string(Proofs.short(whole.text())),
            "nnb": .string(Version.current),
            "isa": .string(Version.instructionSet),
        ]
    }

    private static func short(_ digest: String) -> String { String(digest.prefix(8)) }
}
