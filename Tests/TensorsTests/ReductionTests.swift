import Diagnostics
import Tensors
import Testing

@Suite struct ReductionTests {
    @Test func `sums lose next to nothing over a million elements`() throws {
        let x = try Making.full([1_000_000], 0.1)
        #expect(abs(try Reduction.sum(x).numbers[0] - 100_000) < 1e-9)
        let columns = try Making.full([500_000, 2], 0.1)
        #expect(abs(try Reduction.sum(columns, .one(0)).numbers[1] - 50_000) < 1e-8)
        let narrow = try Making.full([1_000_000], 0.1, .float32)
        #expect(abs(try Reduction.sum(narrow).numbers[0] - 100_000) < 0.01)
        let constant = try Making.full([1000], 1e8 + 0.1)
        #expect(try Reduction.variance(constant).numbers[0] < 1e-14)
    }

    static let valueless: [(String, @Sendable (Tensor) throws -> Tensor)] = [
        ("mean", { @Sendable in try Reduction.mean($0) }), ("variance", { @Sendable in try Reduction.variance($0) }),
        ("standard deviation", { @Sendable in try Reduction.deviation($0) }),
        ("maximum", { @Sendable in try Extremes.max($0) }), ("minimum", { @Sendable in try Extremes.min($0) }),
        ("argmax", { @Sendable in try Extremes.argmax($0, axis: nil) }),
        ("median", { @Sendable in try Ordering.median($0) }),
        ("percentile", { @Sendable in try Ordering.percentile($0, 5) }),
    ]

    @Test(arguments: valueless.indices) func `what nothing has not is an error`(_ index: Int) throws {
        let (name, reduce) = ReductionTests.valueless[index]
        let nothing = try Making.full([0, 3], 0)
        let failure = #expect(throws: Failure.self) { try reduce(nothing) }
        #expect(failure?.message == "the \(name) of nothing")
        #expect(failure?.label == "{0} is (0, 3)")
    }

    @Test func `the mean of no rows over its columns is an error, over its rows nothing`() throws {
        let nothing = try Making.full([0, 3], 0)
        #expect(throws: Failure.self) { try Reduction.mean(nothing, .one(0)) }
        #expect(try Reduction.mean(nothing, .one(1)).shape == [0])
    }

    @Test(arguments: [(Axes.one(2), "there is no axis 2: it has axes 0 to 1"), (.some([0, -2]), "axis -2 is named twice")])
    func `an axis that is not there is named`(_ axes: Axes, _ message: String) throws {
        let failure = #expect(throws: Failure.self) { try Reduction.sum(Making.full([2, 3], 1), axes) }
        #expect(failure?.message == message)
    }

    @Test func `types of results`() throws {
        let bytes = try Making.full([2, 3], 200, .uint8), narrow = try Making.full([2, 3], 1, .float32)
        #expect(try Reduction.sum(bytes, .one(0)).dtype == .float64)
        #expect(try Reduction.sum(bytes).numbers == [1200])
        #expect(try Extremes.max(bytes, .one(0)).dtype == .uint8)
        #expect(try Reduction.mean(narrow, .one(0)).dtype == .float32)
        #expect(try Reduction.any(narrow).dtype == .bool)
        #expect(try Extremes.argmax(narrow, axis: 1).dtype == .float64)
    }

    @Test func `NaN goes through`() throws {
        let x = try Tensor([1, .nan, 3])
        for reduce in [
            { try Reduction.sum(x) }, { try Reduction.mean(x) }, { try Reduction.deviation(x) }, { try Extremes.max(x) },
            { try Extremes.min(x) }, { try Ordering.median(x) }, { try Reduction.norm(x, order: .infinity) },
        ] as [() throws -> Tensor] {
            #expect(try reduce().numbers[0].isNaN)
        }
        #expect(try Extremes.argmax(x, axis: nil).numbers == [1])
    }
}
