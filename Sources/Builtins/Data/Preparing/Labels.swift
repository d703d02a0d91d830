/// Classes and their numbers.
package enum Labels {
    /// The place of each label among the sorted distinct ones, and these.
    package static func encode<Label: Comparable & Hashable>(_ labels: [Label]) -> (codes: [Int], classes: [Label]) {
        let classes = Set(labels).sorted()
        var place: [Label: Int] = [:]
        for (index, label) in classes.enumerated() { place[label] = index }
        return (labels.map { place[$0] ?? 0 }, classes)
    }

    /// Whether numbers look like classes: whole, few and each there twice at least.
    package static func areClasses(_ numbers: [Double]) -> Bool {
        var counts: [Double: Int] = [:]
        for number in numbers {
            guard number == number.rounded(), number.isFinite else { return false }
            counts[number, default: 0] += 1
            if counts.count > 20 { return false }
        }
        return counts.values.allSatisfy { $0 >= 2 }
    }
}
