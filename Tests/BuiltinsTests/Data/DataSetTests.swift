import Builtins
import Diagnostics
import Tensors
import Testing

private func whole(_ name: String) throws -> Samples {
    let record = try DataSetCatalogue.record(named: name)
    guard case .whole(let samples) = try record.parts(DataFinder()) else { throw Failure(.internal, "split") }
    #expect(samples.X.shape == [samples.y.count, record.features.count])
    return samples
}

/// scikit-learn 1.9: `load_iris().data.mean(0)`, `.sum()`.
@Test func irisIsFishers() throws {
    let iris = try whole("iris")
    let numbers = Rows.numbers(iris.X)
    #expect(iris.X.shape == [150, 4])
    #expect(abs(numbers.reduce(0, +) - 2078.7) < 1e-9)
    #expect(numbers[(34 * 4)..<(35 * 4)] == [4.9, 3.1, 1.5, 0.2])
    #expect(numbers[(37 * 4)..<(38 * 4)] == [4.9, 3.6, 1.4, 0.1])
    #expect(Rows.numbers(iris.y) == (0..<150).map { Double($0 / 50) })
}

/// scikit-learn 1.9: `b = load_breast_cancer(); b.data.sum(), b.data[:, 3].mean(), b.target.sum()`.
@Test func breastCancerIsTheDiagnosticSet() throws {
    let cancer = try whole("breast-cancer")
    let numbers = Rows.numbers(cancer.X)
    #expect(cancer.X.shape == [569, 30])
    #expect(abs(numbers.reduce(0, +) - 1056474.4596356) < 1e-6)
    let areas = stride(from: 3, to: numbers.count, by: 30).map { numbers[$0] }
    #expect(abs(areas.reduce(0, +) / 569 - 654.8891036906855) < 1e-10)
    #expect(Rows.numbers(cancer.y).reduce(0, +) == 357)
    #expect(Rows.numbers(cancer.y).prefix(20) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

@Test func everyRecordIsComplete() {
    #expect(DataSetCatalogue.records.map(\.name) == DataSetCatalogue.records.map(\.name).sorted())
    for record in DataSetCatalogue.records {
        #expect(!record.summary.isEmpty && record.about.lowercased().contains("licence") )
    }
}

@Test func anUnknownSetIsToldWithTheOthers() {
    #expect(throws: Failure.self) { try DataSetCatalogue.record(named: "minst") }
    #expect((try? DataSetCatalogue.record(named: "Fashion"))?.name == "fashion-mnist")
}

/// Where Debian's package is installed, Fashion-MNIST is found and whole.
@Test(.enabled(if: Files.exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")))
func fashionMNISTIsFoundWhereDebianPutsIt() throws {
    guard case .split(let train, let test) = try DataSetCatalogue.record(named: "fashion-mnist").parts(DataFinder()) else {
        Issue.record("not split")
        return
    }
    #expect(train.X.shape == [60000, 28, 28] && train.X.dtype == .uint8)
    #expect(train.y.shape == [60000] && test.X.shape == [10000, 28, 28] && test.y.shape == [10000])
    #expect(Rows.numbers(train.y).prefix(5) == [9, 0, 0, 3, 0])
}
