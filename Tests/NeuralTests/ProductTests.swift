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
        for index in 0..<count {
            let value = 2 * generator.uniform() - 1
            if dtype == .float32 {
                bytes.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
            } else {
                bytes.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
            }
        }
    }

    deinit { bytes.deallocate() }

    var values: [Double] {
        (0..<count).map {
            dtype == .float32
                ? Double(bytes.load(fromByteOffset: $0 * 4, as: Float.self)) : bytes.load(fromByteOffset: $0 * 8, as: Double.self)
        }
    }
}
