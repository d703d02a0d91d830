import Neural
import Tensors
import Testing

@Suite struct ProductTests {
    /// Own loops, code made for a shape, and a library's, each with what is left over at the edges.
    static let shapes = [
        (1, 1, 1), (3, 5, 2), (16, 10, 128), (33, 10, 32), (7, 31, 9), (5, 128, 10), (32, 128, 98), (13, 129, 65),
        (64, 300, 300), (2, 257, 256),
    ]

    @Test(arguments: shapes, [DType.float32, .float64])
    func `a product is the sum of products, whichever operand is transposed`(_ shape: (Int, Int, Int), _ dtype: DType) throws {
        let (m, n, k) = shape
        var generator = Generator(seed: 5)
        for (transposeA, transposeB, adds) in [
            (false, false, false), (false, false, true), (true, false, false), (true, false, true), (false, true, false),
            (false, true, true), (true, true, false),
        ] {
            // Rows lie further apart than they are long.
            let lda = (transposeA ? m : k) + 3, ldb = (transposeB ? k : n) + 2, ldc = n + 1
            let a = Numbers(dtype, (transposeA ? k : m) * lda, &generator)
            let b = Numbers(dtype, (transposeB ? n : k) * ldb, &generator)
            let c = Numbers(dtype, m * ldc, &generator), before = c.values
            Kernels(dtype).product(
                m, n, k, a.bytes, lda, transposed: transposeA, b.bytes, ldb, transposed: transposeB, c.bytes, ldc, adds: adds)
            let x = a.values, y = b.values, after = c.values
            for i in 0..<m {
                for j in 0..<n {
                    var sum = adds ? before[i * ldc + j] : 0
                    for l in 0..<k { sum += x[transposeA ? l * lda + i : i * lda + l] * y[transposeB ? j * ldb + l : l * ldb + j] }
                    let limit = (dtype == .float32 ? 1e-6 : 1e-14) * Double(k + 1)
                    #expect(abs(after[i * ldc + j] - sum) < limit, "\(m) \(n) \(k) \(transposeA) \(transposeB) \(adds)")
                }
                #expect(after[i * ldc + n] == before[i * ldc + n], "what stands behind a row stays")
            }
        }
    }

    @Test(arguments: [(10, 25), (10, 128), (16, 100), (1, 2000)])
    func `a row of a small product has the same bits in any batch`(_ n: Int, _ k: Int) throws {
        var generator = Generator(seed: 6)
        let a = Numbers(.float32, 33 * k, &generator), b = Numbers(.float32, k * n, &generator)
        let all = Numbers(.float32, 33 * n, &generator), one = Numbers(.float32, 33 * n, &generator)
        let kernels = Kernels(.float32)
        kernels.product(33, n, k, a.bytes, k, transposed: false, b.bytes, n, transposed: false, all.bytes, n)
        for row in 0..<33 {
            kernels.product(
                1, n, k, a.bytes + row * k * 4, k, transposed: false, b.bytes, n, transposed: false, one.bytes + row * n * 4, n)
        }
        #expect(all.values == one.values)
    }

    /// m, n, k and every how many columns of a are not 0: tiles with and without rest, none of the columns, too few rows for
    /// a tile, too narrow, too many columns used for anything to be left out, and more of them than the loops take.
    static let sparse = [
        (32, 128, 392, 2), (32, 100, 98, 2), (33, 17, 40, 3), (8, 16, 64, 4), (3, 40, 300, 2), (1, 128, 784, 5), (20, 48, 50, 1000),
        (32, 10, 64, 2), (32, 64, 40, 1), (5, 33, 2500, 3),
    ]

    @Test(arguments: sparse, [DType.float32, .float64])
    func `a product of a matrix with columns of zeros is the sum of products`(_ shape: (Int, Int, Int, Int), _ dtype: DType) throws {
        let (rows, n, columns, every) = shape
        var generator = Generator(seed: 7)
        for transposed in [false, true] {
            let m = transposed ? columns : rows, k = transposed ? rows : columns, lda = columns + 3
            let a = Numbers(dtype, rows * lda, &generator)
            for row in 0..<rows {
                for column in 0..<columns where every == 1000 || column % every != 1 % every { a[row * lda + column] = row % 2 == 0 ? 0 : -0.0 }
            }
            let b = Numbers(dtype, k * (n + 2), &generator), c = Numbers(dtype, m * (n + 1), &generator), before = c.values
            Kernels(dtype).productOfUsed(m, n, k, a.bytes, lda, transposed: transposed, b.bytes, n + 2, c.bytes, n + 1)
            let x = a.values, y = b.values, z = c.values
            for i in 0..<m {
                for j in 0..<n {
                    // With what the loops do: one sum from first to last, in their type, the product not rounded.
                    var sum = 0.0
                    for l in 0..<k {
                        let left = x[transposed ? l * lda + i : i * lda + l], right = y[l * (n + 2) + j]
                        sum = dtype == .float32
                            ? Double(Float(sum).addingProduct(Float(left), Float(right))) : sum.addingProduct(left, right)
                    }
                    let limit = (dtype == .float32 ? 1e-6 : 1e-14) * Double(k + 1)
                    #expect(every < 1000 ? abs(z[i * (n + 1) + j] - sum) < limit : z[i * (n + 1) + j] == 0)
                }
                #expect(z[i * (n + 1) + n] == before[i * (n + 1) + n], "what stands behind a row stays")
            }
        }
    }

    @Test func `leaving out columns of zeros gives the bits of the whole product`() {
        var generator = Generator(seed: 8)
        let kernels = Kernels(.float32)
        // Small enough for our own loops.
        let a = Numbers(.float32, 32 * 50, &generator), b = Numbers(.float32, 50 * 33, &generator)
        for place in 0..<32 * 50 where place % 50 % 3 != 0 { a[place] = 0 }
        let whole = Numbers(.float32, 32 * 33, &generator), some = Numbers(.float32, 32 * 33, &generator)
        kernels.product(32, 33, 50, a.bytes, 50, transposed: false, b.bytes, 33, transposed: false, whole.bytes, 33)
        kernels.productOfUsed(32, 33, 50, a.bytes, 50, transposed: false, b.bytes, 33, some.bytes, 33)
        #expect(whole.values == some.values)
    }

    @Test(arguments: [Double.nan, .infinity, 1e-30])
    func `a column of zeros but for one number is not left out`(_ value: Double) {
        var generator = Generator(seed: 9)
        let a = Numbers(.float32, 32 * 64, &generator), b = Numbers(.float32, 64 * 32, &generator)
        let c = Numbers(.float32, 32 * 32, &generator)
        for place in 0..<32 * 64 { a[place] = 0 }
        a[17 * 64 + 5] = value
        Kernels(.float32).productOfUsed(32, 32, 64, a.bytes, 64, transposed: false, b.bytes, 32, c.bytes, 32)
        for row in 0..<32 {
            for column in 0..<32 {
                let expected = row == 17 ? Double(Float(value) * Float(b.values[5 * 32 + column])) : 0
                let found = c.values[row * 32 + column]
                #expect(found == expected || found.isNaN && expected.isNaN)
            }
        }
    }
}

/// Random numbers between -1 and 1.
private final class Numbers {
    let bytes: UnsafeMutableRawPointer
    private let count: Int
    private let dtype: DType

    init(_ dtype: DType, _ count: Int, _ generator: inout Generator) {
        self.dtype = dtype
        self.count = count
        bytes = .allocate(byteCount: count * dtype.size, alignment: 64)
        for index in 0..<count { self[index] = 2 * generator.uniform() - 1 }
    }

    subscript(place: Int) -> Double {
        get {
            dtype == .float32
                ? Double(bytes.load(fromByteOffset: place * 4, as: Float.self)) : bytes.load(fromByteOffset: place * 8, as: Double.self)
        }
        set {
            if dtype == .float32 {
                bytes.storeBytes(of: Float(newValue), toByteOffset: place * 4, as: Float.self)
            } else {
                bytes.storeBytes(of: newValue, toByteOffset: place * 8, as: Double.self)
            }
        }
    }

    deinit { bytes.deallocate() }

    var values: [Double] { (0..<count).map { self[$0] } }
}
