import Diagnostics
import Tensors
import Testing

/// The decompositions put together again.
@Suite struct LinearAlgebraTests {
    @Test(arguments: [(5, 3), (3, 5), (4, 4), (1, 1), (60, 50)])
    func `svd and qr give back their matrix`(_ m: Int, _ n: Int) throws {
        var generator = Generator(seed: 8)
        let a = try Drawing.normal(0, 1, [m, n], &generator)
        let (u, s, vt) = try LinearAlgebra.svd(a)
        let k = min(m, n)
        #expect(u.shape == [m, k] && s.shape == [k] && vt.shape == [k, n])
        let scaled = Tensor(adopting: try Elementwise.binary(.multiply, u.block, s.block, Heap.current))
        try expectClose(MatrixProduct.product(scaled, vt), a)
        try expectClose(MatrixProduct.product(Shaping.transpose(u), u), Making.eye(k))
        #expect(zip(s.numbers, s.numbers.dropFirst()).allSatisfy { $0 >= $1 })

        let (q, r) = try LinearAlgebra.qr(a)
        #expect(q.shape == [m, k] && r.shape == [k, n])
        try expectClose(MatrixProduct.product(q, r), a)
        try expectClose(MatrixProduct.product(Shaping.transpose(q), q), Making.eye(k))
        for row in 0..<k {
            #expect(r.numbers[row * n + row] >= 0)
            for column in 0..<row { #expect(r.numbers[row * n + column] == 0) }
        }
    }

    @Test(arguments: [1, 3, 10, 60]) func `eigenvectors keep their direction`(_ n: Int) throws {
        var generator = Generator(seed: 9)
        let square = try Drawing.normal(0, 1, [n, n], &generator)
        let a = try Statistics.covariance(Joining.concatenate([square, square]))
        let (values, vectors) = try LinearAlgebra.eigen(a)
        let scaled = Tensor(adopting: try Elementwise.binary(.multiply, vectors.block, values.block, Heap.current))
        try expectClose(MatrixProduct.product(a, vectors), scaled)
        #expect(values.numbers == values.numbers.sorted())
        // A triangle's are its diagonal.
        let triangle = try Tensor([1, 5, 0, 2], shape: [2, 2])
        #expect(try Ordering.sort(LinearAlgebra.eigen(triangle).values).numbers == [1, 2])
    }

    @Test func `complex eigenvalues are named`() throws {
        let turn = try Tensor([0, -1, 1, 0], shape: [2, 2])
        let failure = #expect(throws: Failure.self) { try LinearAlgebra.eigen(turn) }
        #expect(failure?.message == "the matrix has complex eigenvalues, such as 0.0 ± 1.0i")
    }

    @Test(arguments: [2, 48, 49, 80]) func `solve solves and inv inverts, by loops and by the library`(_ n: Int) throws {
        var generator = Generator(seed: 10)
        let a = try Drawing.normal(0, 1, [n, n], &generator), b = try Drawing.normal(0, 1, [n], &generator)
        try expectClose(MatrixProduct.product(a, LinearAlgebra.solve(a, b)), b, 1e-9)
        try expectClose(MatrixProduct.product(a, LinearAlgebra.inverse(a)), Making.eye(n), 1e-9)
    }

    @Test(arguments: [2, 60]) func `a singular matrix is an error`(_ n: Int) throws {
        let a = try Making.full([n, n], 1)
        let failure = #expect(throws: Failure.self) { try LinearAlgebra.inverse(a) }
        #expect(failure?.kind == .numerics)
        #expect(try LinearAlgebra.determinant(a) == 0)
    }

    @Test func `wrong shapes are named`() throws {
        let a = try Making.full([2, 3], 1), v = try Making.full([2], 1)
        #expect(throws: Failure.self) { try LinearAlgebra.inverse(a) }
        #expect(throws: Failure.self) { try LinearAlgebra.svd(v) }
        #expect(throws: Failure.self) { try LinearAlgebra.solve(Making.eye(3), v) }
        #expect(throws: Failure.self) { try LinearAlgebra.svd(Making.full([2, 2], .nan)) }
    }

    @Test func `empty matrices have empty decompositions`() throws {
        let none = try Making.full([0, 0], 1)
        #expect(try LinearAlgebra.inverse(none).shape == [0, 0])
        #expect(try LinearAlgebra.determinant(none) == 1)
        #expect(try LinearAlgebra.svd(Making.full([3, 0], 1)).u.shape == [3, 0])
        #expect(try LinearAlgebra.eigen(none).values.count == 0)
    }

    private func expectClose(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-11) throws {
        #expect(a.shape == b.shape)
        #expect(zip(a.numbers, b.numbers).allSatisfy { isClose($0, $1, tolerance) })
    }
}
