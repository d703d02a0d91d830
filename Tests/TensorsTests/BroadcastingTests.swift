import Diagnostics
import Tensors
import Testing

/// The rule that broadcasting never happens by accident, and its words.
@Suite struct BroadcastingTests {
    @Test(arguments: [
        ([4, 3], [4, 3], [4, 3]), ([4, 3], [3], [4, 3]), ([3], [4, 3], [4, 3]), ([4, 3], [4, 1], [4, 3]),
        ([4, 1], [1, 3], [4, 3]), ([4, 3], [1], [4, 3]), ([], [4, 3], [4, 3]), ([4, 3], [], [4, 3]),
        ([2, 4, 3], [4, 3], [2, 4, 3]), ([2, 4, 3], [4, 1], [2, 4, 3]), ([0, 3], [3], [0, 3]), ([0, 3], [1, 3], [0, 3]),
        ([], [], []),
    ])
    func `shapes that fit`(_ a: [Int], _ b: [Int], _ expected: [Int]) throws {
        let result = try add(a, b)
        #expect(result.shape == expected)
        #expect(result.numbers.allSatisfy { $0 == 2 })
    }

    struct Misfit: Sendable {
        var a: [Int], b: [Int]
        var message: String, help: String?
    }

    @Test(arguments: [
        Misfit(
            a: [4, 3], b: [4, 2], message: "`+` of (4, 3) and (4, 2) needs 3 = 2",
            help: "axes are matched from the right; two lengths go together if they are the same or one of them is 1"),
        Misfit(
            a: [4, 3], b: [2, 3], message: "`+` of (4, 3) and (2, 3) needs 4 = 2",
            help: "all pairs of rows are {0}[:, new] + {1}[new], (4, 2, 3)"),
        Misfit(
            a: [4, 5, 3], b: [4, 5], message: "`+` of (4, 5, 3) and (4, 5) needs 3 = 5",
            help: "{1}[..., new] is (4, 5, 1) and gives each (3,) part its own element"),
        Misfit(a: [4, 3], b: [3, 4], message: "`+` of (4, 3) and (3, 4) needs 3 = 4", help: "{1}.T is (4, 3)"),
        Misfit(
            a: [4, 3], b: [4], message: "`+` of (4, 3) and (4,) needs 3 = 4",
            help: "{1}[:, new] is (4, 1) and gives each row its own element"),
        Misfit(
            a: [4], b: [4, 1], message: "`+` of (4,) and (4, 1) would stretch both to (4, 4)",
            help: "{1}.ravel() gives (4,), {0}[:, new] gives (4, 1); all pairs are outer({0}.ravel(), {1}.ravel(), (x, y) -> x + y)"),
        Misfit(
            a: [5, 1], b: [4], message: "`+` of (5, 1) and (4,) would stretch both to (5, 4)",
            help: "all pairs are outer({0}.ravel(), {1}.ravel(), (x, y) -> x + y)"),
        Misfit(a: [3], b: [4], message: "`+` of (3,) and (4,) needs 3 = 4", help: nil),
        Misfit(
            a: [1, 3], b: [2, 1, 1], message: "`+` of (1, 3) and (2, 1, 1) would stretch both to (2, 1, 3)",
            help: "{0}[new] is (1, 1, 3) and gives (2, 1, 3)"),
        Misfit(
            a: [2, 1, 4], b: [3, 4], message: "`+` of (2, 1, 4) and (3, 4) would stretch both to (2, 3, 4)",
            help: "{1}[new] is (1, 3, 4) and gives (2, 3, 4)"),
    ])
    func `shapes that do not fit`(_ misfit: Misfit) throws {
        let failure = #expect(throws: Failure.self) { try add(misfit.a, misfit.b) }
        #expect(failure?.kind == .shape)
        #expect(failure?.message == misfit.message)
        #expect(failure?.help == misfit.help)
        #expect(failure?.label == "{0} is \(Tensor.text(of: misfit.a)), {1} is \(Tensor.text(of: misfit.b))")
    }

    @Test(arguments: [
        Misfit(
            a: [4, 3], b: [4, 2], message: "the product of (4, 3) and (4, 2) needs 3 = 4",
            help: "{0}.T @ {1} is (3, 2); or make {1} with 3 rows"),
        Misfit(
            a: [4, 3], b: [2, 3], message: "the product of (4, 3) and (2, 3) needs 3 = 2",
            help: "{0} @ {1}.T is (4, 2); or make {1} with 3 rows"),
        Misfit(
            a: [4, 3], b: [4, 3], message: "the product of (4, 3) and (4, 3) needs 3 = 4",
            help: "{0}.T @ {1} is (3, 3), {0} @ {1}.T is (4, 4); {0} * {1} is element by element"),
        Misfit(a: [3], b: [4], message: "the product of (3,) and (4,) needs 3 = 4", help: "outer({0}, {1}) is (3, 4)"),
        Misfit(a: [4, 3], b: [4], message: "the product of (4, 3) and (4,) needs 3 = 4", help: "{0}.T @ {1} is (3,)"),
    ])
    func `products that do not fit`(_ misfit: Misfit) throws {
        let a = try Making.full(misfit.a, 1), b = try Making.full(misfit.b, 1)
        let failure = #expect(throws: Failure.self) { try MatrixProduct.product(a, b) }
        #expect(failure?.message == misfit.message)
        #expect(failure?.help == misfit.help)
    }

    @Test func `x op= y may not change the shape of x`() throws {
        let heap = Heap.current
        let x = try Tensor([1, 2]), y = try Making.full([3, 2], 1)
        let failure = #expect(throws: Failure.self) { try Elementwise.compound(.add, x.block, y.block, heap) }
        #expect(failure?.message == "`+=` may not change the shape (2,) into (3, 2)")
        let z = Tensor(adopting: try Elementwise.compound(.add, y.block, x.block, heap))
        #expect(z.numbers == [2, 3, 2, 3, 2, 3])
        #expect(z.block == y.block)
    }

    @Test func `x op= y leaves a tensor that others hold as it was`() throws {
        let x = try Tensor([1, 2]), other = Tensor(sharing: x.block), y = try Tensor([1, 1])
        let z = Tensor(adopting: try Elementwise.compound(.add, x.block, y.block, Heap.current))
        #expect(other.numbers == [1, 2])
        #expect(z.numbers == [2, 3])
    }

    private func add(_ a: [Int], _ b: [Int]) throws -> Tensor {
        let x = try Making.full(a, 1), y = try Making.full(b, 1)
        return Tensor(adopting: try Elementwise.binary(.add, x.block, y.block, Heap.current))
    }
}
