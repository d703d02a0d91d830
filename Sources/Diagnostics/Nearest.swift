/// "Did you mean": the known name nearest to a misspelt one.
///
/// Distance is the optimal string alignment: the fewest insertions, deletions, replacements and swaps of neighbours,
/// where letters that differ in case only cost half. Names up to two letters are only matched by case, longer ones
/// within a third of their length.
public enum Nearest {
    /// The nearest of the names, or nil where none is near. Of equally near ones that with the same first letter, then
    /// the first in the alphabet.
    public static func match(_ name: String, in names: some Sequence<String>) -> String? {
        let word = Array(name.unicodeScalars)
        guard !word.isEmpty, word.count <= 64 else { return nil }
        let limit = 2 * min(word.count / 3, 3) + (word.count < 3 ? 1 : 0)
        var best: (distance: Int, rank: Int, name: String)?
        for candidate in names where candidate != name {
            let other = Array(candidate.unicodeScalars)
            guard other.count <= word.count + 3, word.count <= other.count + 3 else { continue }
            let distance = distance(word, other)
            guard distance <= limit else { continue }
            // `hist` is no slip of the finger for `list`.
            if word.count == other.count, word.count < 5, Set(word) != Set(other), !isSameLetter(word[0], other[0]) { continue }
            let found = (distance, word.first == other.first ? 0 : 1, candidate)
            if best.map({ found < $0 }) ?? true { best = found }
        }
        return best?.name
    }

    /// Twice the distance, so that a difference in case can count as a half. O(a b) time, three rows of space.
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = (0...b.count).map { 2 * $0 }
        var row = last
        for i in a.indices {
            row[0] = 2 * (i + 1)
            for j in b.indices {
                let cost = a[i] == b[j] ? 0 : isSameLetter(a[i], b[j]) ? 1 : 2
                row[j + 1] = min(last[j] + cost, last[j + 1] + 2, row[j] + 2)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 2)
                }
            }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[b.count]
    }

    private static func isSameLetter(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
        a.properties.lowercaseMapping == b.properties.lowercaseMapping
    }
}
