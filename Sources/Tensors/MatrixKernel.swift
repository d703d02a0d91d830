import CKernels
import COneDNN
import COpenBLAS

/// The one place that knows which library multiplies the matrices of tensors: OpenBLAS for float64, oneDNN for float32
/// (Accelerate for both on macOS), each loaded at the first product worth its call; loops for small ones, and for all
/// where a library is not installed.
public enum MatrixKernel {
    /// Below this many multiplications the call of a library costs more than it saves.
    static let small = 1024
    /// Up to here a library's 32-bit lengths reach.
    static let longest = Int(Int32.max)

    /// out[m, n] = a[m, k] b[k, n], all contiguous, of one floating type.
    static func product(
        _ dtype: DType, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, _ out: UnsafeMutableRawPointer
    ) {
        if dtype == .float64 {
            product(
                m, n, k, a.assumingMemoryBound(to: Double.self), b.assumingMemoryBound(to: Double.self),
                out.assumingMemoryBound(to: Double.self))
        } else {
            product(
                m, n, k, a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self),
                out.assumingMemoryBound(to: Float.self))
        }
    }

    public static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        if m * k <= 64, n <= Int(NNB_NARROW) { return nnb_narrow_product_f64(m, n, k, a, b, out) }
        // One dot product a row reads the matrix once: no library does better.
        if n == 1 {
            for row in 0..<m { out[row] = nnb_dot_f64(k, a + row * k, b) }
            return
        }
        let large = m > 1 && isLarge(m, n, k)
        if !large, n <= Int(NNB_NARROW) { return nnb_narrow_product_f64(m, n, k, a, b, out) }
        if large, nnb_blas_available() != 0 {
            nnb_dgemm(0, 0, Int32(m), Int32(n), Int32(k), a, Int32(k), b, Int32(n), 0, out, Int32(n))
            return
        }
        out.update(repeating: 0, count: m * n)
        for row in 0..<m {
            for inner in 0..<k { nnb_add_multiple_f64(n, a[row * k + inner], b + inner * n, out + row * n) }
        }
    }

    /// out[m, n] = op(a) op(b), op the transpose where the flag is set: [k, m] and [n, k] as they are stored.
    public static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, transposed transposeA: Bool,
        _ b: UnsafePointer<Double>, transposed transposeB: Bool, _ out: UnsafeMutablePointer<Double>
    ) {
        if !transposeA, !transposeB { return product(m, n, k, a, b, out) }
        if isLarge(m, n, k), nnb_blas_available() != 0 {
            nnb_dgemm(
                transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), a, Int32(transposeA ? m : k), b,
                Int32(transposeB ? k : n), 0, out, Int32(n))
            return
        }
        if transposeB {
            for row in 0..<m {
                for column in 0..<n {
                    if !transposeA {
                        out[row * n + column] = nnb_dot_f64(k, a + row * k, b + column * k)
                    } else {
                        var sum = 0.0
                        for inner in 0..<k { sum += a[inner * m + row] * b[column * k + inner] }
                        out[row * n + column] = sum
                    }
                }
            }
            return
        }
        out.update(repeating: 0, count: m * n)
        for inner in 0..<k {
            for row in 0..<m { nnb_add_multiple_f64(n, a[inner * m + row], b + inner * n, out + row * n) }
        }
    }

    public static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        if n == 1 {
            for row in 0..<m { out[row] = Float(nnb_dot_f32(k, a + row * k, b)) }
            return
        }
        if isLarge(m, n, k) {
            nnb_sgemm(0, 0, Int64(m), Int64(n), Int64(k), 1, a, Int64(k), b, Int64(n), 0, out, Int64(n))
            return
        }
        out.update(repeating: 0, count: m * n)
        for row in 0..<m {
            for inner in 0..<k { nnb_add_multiple_f32(n, a[row * k + inner], b + inner * n, out + row * n) }
        }
    }

    private static func isLarge(_ m: Int, _ n: Int, _ k: Int) -> Bool {
        m <= longest && n <= longest && k <= longest && Double(m) * Double(n) * Double(k) >= Double(small)
    }
}
