import Diagnostics
import Tensors

/// Which rows are for training and which for testing.
package enum Split {
    /// How many of `n` rows are for testing: a part of them, rounded up as scikit-learn does, or a number of them. At least
    /// one row stays on each side.
    package static func testCount(_ n: Int, test: Double) throws(Failure) -> Int {
        guard n >= 2 else { throw Failure(.value, "\(n == 0 ? "no rows" : "one row") cannot be split in two") }
        let count: Double
        if test > 0, test < 1 {
            count = (test * Double(n) - 1e-9).rounded(.up)
        } else if test >= 1, test == test.rounded() {
            count = test
        } else {
            throw Failure(
                .value, "test is the part of the rows, between 0 and 1, or their number, not \(test)",
                help: "test=0.2 takes a fifth")
        }
        guard count >= 1, count <= Double(n - 1) else {
            throw Failure(.value, "\(n) rows cannot give \(Int(min(count, 1e9))) for testing and leave some for training")
        }
        return Int(count)
    }

    /// Shuffled numbers of rows.
    package static func rows(_ n: Int, test: Int, _ random: inout Generator) -> (train: [Int], test: [Int]) {
        let order = random.permutation(n)
        return (Array(order[test...]), Array(order[..<test]))
    }

    /// Shuffled numbers of rows with the classes in both parts in the same proportion, as nearly as whole rows allow: what
    /// rounding leaves over goes to the classes with the largest remainders, among equals to the first.
    package static func stratified(
        _ classes: [Int], count: Int, test: Int, _ random: inout Generator
    ) -> (train: [Int], test: [Int]) {
        var members = [[Int]](repeating: [], count: count)
        for (row, label) in classes.enumerated() where (0..<count).contains(label) { members[label].append(row) }
        let exact = members.map { Double($0.count) * Double(test) / Double(max(classes.count, 1)) }
        var shares = exact.map { Int($0) }
        let byRemainder = exact.indices.sorted {
            let (a, b) = (exact[$0] - Double(shares[$0]), exact[$1] - Double(shares[$1]))
            return a != b ? a > b : $0 < $1
        }
        for label in byRemainder.prefix(max(0, test - shares.reduce(0, +))) { shares[label] += 1 }
        var (training, testing): ([Int], [Int]) = ([], [])
        for label in members.indices {
            random.shuffle(&members[label])
            testing += members[label].prefix(shares[label])
            training += members[label].dropFirst(shares[label])
        }
        random.shuffle(&training)
        random.shuffle(&testing)
        return (training, testing)
    }
}
