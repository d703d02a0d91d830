import CData
import Diagnostics
import Tensors

extension DataSetRecord {
    static let iris = DataSetRecord(
        name: "iris", summary: "150 iris flowers of three species, four lengths of each in cm",
        about: """
            Iris: 150 flowers of three species, 50 of each, measured by E. Anderson.
            R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936) 179-188.
            The numbers are those of Fisher's paper, as in R and scikit-learn; the copy of the UCI repository differs in
            rows 35 and 38, by mistake. UCI Machine Learning Repository, doi:10.24432/C56C76, licence CC BY 4.0.
            """,
        classes: ["setosa", "versicolor", "virginica"],
        features: ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"],
        parts: { _ throws(Failure) in try shipped("iris.csv", classes: ["setosa", "versicolor", "virginica"]) })

    static let breastCancer = DataSetRecord(
        name: "breast-cancer", aliases: ["cancer", "breast_cancer", "wdbc"],
        summary: "569 breast tumours, 30 numbers from an image of each, malignant (0) or benign (1)",
        about: """
            Breast cancer Wisconsin (diagnostic): 569 tumours, 212 malignant and 357 benign; 30 numbers of each from an
            image of its cell nuclei: mean, standard error and worst (mean of the three largest) of ten properties.
            W. H. Wolberg, O. L. Mangasarian, W. N. Street, University of Wisconsin, 1995; W. N. Street et al., Nuclear
            feature extraction for breast tumor diagnosis, SPIE 1905 (1993) 861-870, doi:10.1117/12.148698.
            UCI Machine Learning Repository, doi:10.24432/C5DW2B, licence CC BY 4.0.
            """,
        classes: ["malignant", "benign"],
        features: breastCancerFeatures,
        parts: { _ throws(Failure) in try shipped("breast-cancer.csv", classes: ["malignant", "benign"]) })

    static let quijote = DataSetRecord(
        name: "quijote", aliases: ["don-quijote", "quixote"],
        summary: "a Spanish text: the first twenty chapters of Don Quijote, for networks that read characters",
        about: """
            Miguel de Cervantes Saavedra, El ingenioso hidalgo don Quijote de la Mancha (Madrid 1605), first part, chapters
            I to XX. Work and transcription (Project Gutenberg, ebook 2000) are in the public domain: no licence is needed.
            """,
        parts: { _ throws(Failure) in
            .text(String(decoding: Array(try lines(of: "quijote.txt").joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self))
        })

    private static let breastCancerFeatures: [String] = {
        let properties = [
            "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
            "symmetry", "fractal dimension",
        ]
        return properties.map { "mean \($0)" } + properties.map { "\($0) error" } + properties.map { "worst \($0)" }
    }()

    /// Reads a file of the program: numbers in all columns but the last, which holds the names of the classes.
    private static func shipped(_ name: String, classes: [String]) throws(Failure) -> DataParts {
        let columns = try CSVReader().read(Array(try lines(of: name).joined(separator: [UInt8(ascii: "\n")])), name: name)

        var features: [[Double]] = []
        var labels: [Double] = []
        for (_, column) in columns {
            switch column {
            case .numbers(let numbers): features.append(numbers)
            case .text(let names): labels = names.map { Double(classes.firstIndex(of: $0) ?? -1) }
            }
        }
        let X = try Tensor(uninitialized: [labels.count, features.count])
        for (column, numbers) in features.enumerated() {
            for (row, number) in numbers.enumerated() { X.block.float64[row * features.count + column] = number }
        }
        let y = try Tensor(uninitialized: [labels.count])
        for (row, label) in labels.enumerated() { y.block.float64[row] = label }
        return .whole(Samples(X: X, y: y))
    }

    /// The lines of a file of the program, without those at its head that tell the source.
    private static func lines(of name: String) throws(Failure) -> ArraySlice<Slice<UnsafeBufferPointer<UInt8>>> {
        guard let file = nnb_data_file(name), let start = file.pointee.bytes else {
            throw Failure(.internal, "the file \(name) is not part of this program")
        }
        return UnsafeBufferPointer(start: start, count: file.pointee.count)
            .split(separator: UInt8(ascii: "\n")).drop { $0.first == UInt8(ascii: "#") }
    }
}
