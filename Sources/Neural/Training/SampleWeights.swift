import Diagnostics
import Tensors

/// What the loss of a sample counts by its class.
public enum ClassWeight: Sendable {
    /// n / (k n_c) for n samples of k classes, n_c of them of the class c: so all classes count the same in sum.
    case balanced
    /// By the class; 1 for classes that are not named.
    case each([(label: Double, weight: Double)])
    /// For the classes 0, 1, …
    case list([Double])
}

/// The factors of the samples' losses. The loss of a batch of m samples is 1/m Σ w l, as in Keras: it is not divided by the
/// sum of the weights.
package enum SampleWeights {
    package static func of(
        _ count: Int, _ classes: ClassWeight?, _ samples: Tensor?, _ targets: Targets
    ) throws(Failure) -> [Double]? {
        guard classes != nil || samples != nil else { return nil }
        var weights = [Double](repeating: 1, count: count)
        if let samples {
            guard samples.shape == [count] || samples.shape == [count, 1] else {
                throw Failure(
                    .shape, "sample_weight is one number a sample, \(count) in all, and its shape is \(Tensor.text(of: samples.shape))")
            }
            weights = samples.numbers
            try check(weights, "sample_weight")
        }
        guard let classes else { return weights }
        let labels = try targets.labels(for: "class_weight")
        let factors = try factors(classes, labels)
        for (index, label) in labels.enumerated() { weights[index] *= factors[label] ?? 1 }
        return weights
    }

    private static func factors(_ classes: ClassWeight, _ labels: [Double]) throws(Failure) -> [Double: Double] {
        switch classes {
        case .balanced:
            var counts: [Double: Int] = [:]
            for label in labels { counts[label, default: 0] += 1 }
            guard counts.count <= max(2, labels.count / 2) else {
                throw Failure(.value, "class_weight counts classes, and this is a regression", help: "sample_weight takes any numbers")
            }
            return counts.mapValues { Double(labels.count) / (Double(counts.count) * Double($0)) }
        case .each(let pairs):
            try check(pairs.map(\.weight), "class_weight")
            return Dictionary(pairs.map { ($0.label, $0.weight) }) { _, last in last }
        case .list(let list):
            try check(list, "class_weight")
            for label in labels where Int(exactly: label).map({ !list.indices.contains($0) }) ?? true {
                throw Failure(
                    .value, "class_weight has weights for the classes from 0 to \(list.count - 1), and there is a class \(NumberText.plain(label))",
                    help: "a map names the classes: {\(NumberText.plain(label)): 2}")
            }
            return Dictionary(list.enumerated().map { (Double($0), $1) }) { _, last in last }
        }
    }

    private static func check(_ weights: [Double], _ name: String) throws(Failure) {
        for weight in weights where !(weight >= 0 && weight.isFinite) {
            throw Failure(.value, "the numbers of \(name) must be 0 or more, not \(NumberText.plain(weight))")
        }
    }
}
