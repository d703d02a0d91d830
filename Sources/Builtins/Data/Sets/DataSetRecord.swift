import Diagnostics
import Tensors

/// The record of a data set that `load` knows: one file with its facts, one line in the catalogue.
package struct DataSetRecord: Sendable {
    package let name: String
    /// Other names by which it is called.
    package let aliases: [String]
    package let summary: String
    /// Source, licence, citation.
    package let about: String
    /// Empty for a text.
    package let classes: [String]
    package let features: [String]
    package let parts: @Sendable (DataFinder) throws(Failure) -> DataParts

    init(
        name: String, aliases: [String] = [], summary: String, about: String, classes: [String] = [],
        features: [String] = [], parts: @escaping @Sendable (DataFinder) throws(Failure) -> DataParts
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.about = about
        self.classes = classes
        self.features = features
        self.parts = parts
    }
}

/// Samples with their labels: inputs `[n, ...]`, labels `[n]`.
package struct Samples {
    package let X: Tensor
    package let y: Tensor
}

package enum DataParts {
    case whole(Samples)
    /// With the split that everybody uses.
    case split(train: Samples, test: Samples)
    /// Nothing but words.
    case text(String)
}

/// The data sets that `load` knows, in alphabetical order.
package enum DataSetCatalogue {
    package static let records: [DataSetRecord] = [
        .breastCancer,
        .fashionMNIST,
        .iris,
        .mnist,
        .quijote,
    ]

    package static func record(named name: String) throws(Failure) -> DataSetRecord {
        let wanted = name.lowercased()
        if let record = records.first(where: { $0.name == wanted || $0.aliases.contains(wanted) }) { return record }
        let names = records.map(\.name)
        let near = Nearest.match(wanted, in: names + records.flatMap(\.aliases))
        throw Failure(
            .value, "there is no data set \"\(name)\"; there are \(names.joined(separator: ", "))",
            help: near.map { "did you mean load(\"\($0)\")?" }
                ?? "a file of your own is read by read_csv or load_idx; moons, circles, blobs, xor and spiral make toy data")
    }
}
