/// "Did you mean": the known name that a misspelt one is nearest to.
public enum Nearest {
    /// The name with the fewest changes, if these are no more than a third of the letters; among equals the first.
    public static func match(_ name: String, in names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard wanted.count <= 100 else { return nil }
        let allowed = max(1, wanted.count / 3)
        var best: String?
        var least = allowed + 1
        for candidate in names where candidate != name {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - wanted.count) < least, letters.count > 1 || wanted.count > 1 else { continue }
            let changes = distance(wanted, letters)
            if changes < least { (best, least) = (candidate, changes) }
        }
        return best
    }

    /// Insertions, removals, replacements and swaps of neighbours that turn one text into the other (optimal string
    /// alignment, Boytsov 2011).
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var (before, last, row) = ([Int](), Array(0...b.count), [Int](repeating: 0, count: b.count + 1))
        for i in a.indices {
            row[0] = i + 1
            for j in b.indices {
                let cost = a[i] == b[j] ? 0 : 1
                var value = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { value = min(value, before[j - 1] + 1) }
                row[j + 1] = value
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
