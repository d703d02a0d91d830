import Builtins
import Diagnostics
import Tensors
import Testing

private func points(_ samples: Samples) -> [[Double]] {
    let (X, y) = (Rows.numbers(samples.X), Rows.numbers(samples.y))
    return y.indices.map { [X[2 * $0], X[2 * $0 + 1], y[$0]] }
        .sorted { ($0[2], $0[0], $0[1]) < ($1[2], $1[0], $1[1]) }
}

private func expectClose(_ a: [[Double]], _ b: [[Double]]) {
    #expect(a.count == b.count)
    for (p, q) in zip(a, b) { #expect(zip(p, q).allSatisfy { abs($0 - $1) < 1e-12 }) }
}

/// scikit-learn 1.9: `make_moons(10, shuffle=False)`, sorted.
@Test func moonsAreScikitLearns() throws {
    var random = Generator(seed: 1)
    let moons = try ToySets.moons(10, noise: 0, &random)
    expectClose(
        points(moons),
        [
            [-1, 1.2246467991473532e-16, 0], [-0.7071067811865475, 0.7071067811865476, 0], [0, 1, 0],
            [0.7071067811865476, 0.7071067811865475, 0], [1, 0, 0], [0, 0.5, 1],
            [0.2928932188134524, -0.20710678118654746, 1], [1, -0.5, 1],
            [1.7071067811865475, -0.20710678118654757, 1], [2, 0.5, 1],
        ])
}

/// scikit-learn 1.9: `make_circles(7, shuffle=False, factor=0.5)`, rounded and sorted.
@Test func circlesAreScikitLearns() throws {
    var random = Generator(seed: 1)
    let circles = try ToySets.circles(7, noise: 0, factor: 0.5, &random)
    let rounded = points(circles).map { $0.map { ($0 * 1e9).rounded() / 1e9 + 0 } }.sorted { ($0[2], $0[0], $0[1]) < ($1[2], $1[0], $1[1]) }
    expectClose(
        rounded.map { $0 },
        [
            [-0.5, -0.866025404, 0], [-0.5, 0.866025404, 0], [1, 0, 0], [-0.5, 0, 1], [0, -0.5, 1], [0, 0.5, 1],
            [0.5, 0, 1],
        ])
}

@Test func toySetsAreRepeatableAndOfTheRightSize() throws {
    for n in [0, 1, 2, 7, 100] {
        var (a, b) = (Generator(seed: 5), Generator(seed: 5))
        #expect(points(try ToySets.xor(n, noise: 0.1, &a)) == points(try ToySets.xor(n, noise: 0.1, &b)))
        let spiral = try ToySets.spiral(n, classes: 3, noise: 0.05, turns: 1.5, &a)
        #expect(spiral.X.shape == [n, 2] && spiral.y.shape == [n])
        let centers = try ToySets.centers(4, features: 3, &a)
        let blobs = try ToySets.blobs(n, centers: centers, std: 1, &a)
        #expect(blobs.X.shape == [n, 3])
        #expect(try ToySets.moons(n, noise: 0, &a).y.count == n)
        #expect(try ToySets.circles(n, noise: 0, factor: 0.5, &a).y.count == n)
    }
}

@Test func xorIsOneWhereTheSignsDiffer() throws {
    var random = Generator(seed: 2)
    for point in points(try ToySets.xor(500, noise: 0, &random)) {
        #expect((point[0] * point[1] < 0) == (point[2] == 1))
    }
}

@Test func blobsLieAboutTheirCentres() throws {
    var random = Generator(seed: 3)
    let centers = try Tensor(uninitialized: [2, 1])
    (centers.block.float64[0], centers.block.float64[1]) = (-5, 5)
    let blobs = try ToySets.blobs(4000, centers: centers, std: 0.5, &random)
    for label in [0.0, 1] {
        let mine = zip(Rows.numbers(blobs.X), Rows.numbers(blobs.y)).filter { $0.1 == label }.map(\.0)
        let mean = mine.reduce(0, +) / Double(mine.count)
        #expect(mine.count == 2000)
        #expect(abs(mean - (label == 0 ? -5 : 5)) < 0.05)
        #expect(abs(mine.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000 - 0.25) < 0.03)
    }
}

@Test func aSplitTakesEveryRowOnce() throws {
    var random = Generator(seed: 4)
    let (train, test) = Split.rows(101, test: try Split.testCount(101, test: 0.2), &random)
    #expect(test.count == 21)
    #expect((train + test).sorted() == Array(0..<101))
}

@Test func aStratifiedSplitKeepsTheProportions() throws {
    var random = Generator(seed: 4)
    let classes = (0..<569).map { $0 < 212 ? 0 : 1 }
    // scikit-learn 1.9: `train_test_split(b.data, b.target, test_size=0.2, stratify=b.target)` has 42 and 72 in the test.
    let (train, test) = Split.stratified(classes, count: 2, test: try Split.testCount(569, test: 0.2), &random)
    #expect(test.count == 114)
    #expect(test.count { classes[$0] == 0 } == 42)
    #expect((train + test).sorted() == Array(0..<569))
}

@Test(arguments: [(0.0, 10), (-1, 10), (1.5, 10), (10, 10), (.nan, 10), (0.5, 1), (0.5, 0), (1e300, 10)] as [(Double, Int)])
func aSplitThatCannotBeIsTold(test: Double, n: Int) {
    #expect(throws: Failure.self) { try Split.testCount(n, test: test) }
}

/// scikit-learn 1.9: `StandardScaler().fit(load_iris().data).mean_`, `.var_ ** 0.5`.
@Test func standardizationIsScikitLearns() throws {
    guard case .whole(let iris) = try DataSetCatalogue.record(named: "iris").parts(DataFinder()) else { return }
    let scaler = try Standardization(of: iris.X)
    let mean = [5.843333333333335, 3.057333333333334, 3.7580000000000027, 1.199333333333334]
    let std = [0.8253012917851409, 0.43441096773549437, 1.7594040657753032, 0.7596926279021594]
    #expect(zip(Rows.numbers(scaler.mean), mean).allSatisfy { abs($0 - $1) < 1e-13 })
    #expect(zip(Rows.numbers(scaler.std), std).allSatisfy { abs($0 - $1) < 1e-13 })
    let back = try scaler.unscale(try scaler.scale(iris.X))
    #expect(zip(Rows.numbers(back), Rows.numbers(iris.X)).allSatisfy { abs($0 - $1) < 1e-12 })
}

@Test func constantColumnsBecomeZeroAndAreNamed() throws {
    let X = try Rows.vector([1, 0.1, 2, 0.1, 3, 0.1])
    let matrix = try Tensor(uninitialized: [3, 2])
    for (index, number) in Rows.numbers(X).enumerated() { matrix.block.float64[index] = number }
    let scaler = try Standardization(of: matrix)
    #expect(scaler.constant == [1])
    let z = Rows.numbers(try scaler.scale(matrix))
    #expect(abs(z[1]) < 1e-15 && abs(z[0] + 1.224744871391589) < 1e-15)
}

@Test func whatCannotBeStandardizedIsTold() throws {
    #expect(throws: Failure.self) { try Standardization(of: try Rows.vector([1, .nan])) }
    #expect(throws: Failure.self) { try Standardization(of: try Rows.vector([])) }
    #expect(throws: Failure.self) { try Standardization(of: try Tensor(uninitialized: [])) }
    let scaler = try Standardization(of: try Tensor(uninitialized: [3, 0]))
    #expect(throws: Failure.self) { try scaler.scale(try Tensor(uninitialized: [3, 2])) }
}

@Test func labelsAreNumberedInOrder() {
    let (codes, classes) = Labels.encode(["b", "a", "b", "c"])
    #expect(codes == [1, 0, 1, 2])
    #expect(classes == ["a", "b", "c"])
    #expect(Labels.areClasses([0, 1, 1, 0]))
    #expect(!Labels.areClasses([0, 1, 1, 0.5]))
    #expect(!Labels.areClasses([0, 1, 1]))
}
