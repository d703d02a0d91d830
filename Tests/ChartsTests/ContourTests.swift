import Testing

import Charts

@Suite struct ContourTests {
    private static let places = (0..<81).map { Double($0) / 20 - 2 }

    private static func lines(at level: Double, _ f: (Double, Double) -> Double) -> [Points] {
        let z = places.flatMap { y in places.map { f($0, y) } }
        return ContourMark(x: places, y: places, z: z, levels: [level]).shapes(colour: .ofSeries(0)).compactMap {
            if case .points(let points) = $0 { points } else { nil }
        }
    }

    @Test(arguments: [0.25, 1, 2.25])
    func aRoundHillHasOneClosedRoundLine(level: Double) throws {
        let lines = ContourTests.lines(at: level) { $0 * $0 + $1 * $1 }
        let line = try #require(lines.count == 1 ? lines[0] : nil)
        #expect(line.x.first == line.x.last && line.y.first == line.y.last)
        // Linear between places 0.05 apart: the chord's error is below h^2 / (8 r).
        for (x, y) in zip(line.x, line.y) {
            #expect(abs((x * x + y * y).squareRoot() - level.squareRoot()) < 0.05 * 0.05 / (4 * level.squareRoot()))
        }
    }

    @Test func aPlaneHasOneStraightLineFromBorderToBorder() throws {
        let lines = ContourTests.lines(at: 0.51) { x, y in x + y }
        let line = try #require(lines.count == 1 ? lines[0] : nil)
        for (x, y) in zip(line.x, line.y) { #expect(abs(x + y - 0.51) < 1e-12) }
        #expect(Set([line.x.first, line.x.last]) == [2, -1.49])
    }

    @Test func aSaddleHasTwoBranches() {
        #expect(ContourTests.lines(at: 0.3) { $0 * $1 }.count == 2)
    }

    @Test func placesThatAreNotFiniteHaveNoLine() {
        let lines = ContourTests.lines(at: 1) { x, y in x < 0 ? .nan : x * x + y * y }
        #expect(!lines.isEmpty && lines.allSatisfy { $0.x.allSatisfy { $0 >= 0 } })
        #expect(ContourMark.levels(of: [.nan, .infinity], count: 5).isEmpty)
        #expect(ContourMark.levels(of: [3, 3], count: 5).isEmpty)
    }

    @Test func levelsAreRoundNumbersWithinTheHeights() {
        #expect(ContourMark.levels(of: [0.3, 10.2], count: 10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }
}
