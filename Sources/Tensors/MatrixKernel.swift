import CKernels

/// The one place that knows which library multiplies matrices.
public enum MatrixKernel {
    /// Below this many products the call of a library costs more than the loops.
    static let small = 512

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

    static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        if n == 1 {
            for row in 0..<m { out[row] = nnb_dot_f64(k, a + row * k, b) }
            return
        }
        out.update(repeating: 0, count: m * n)
        for row in 0..<m {
            for inner in 0..<k { nnb_add_multiple_f64(n, a[row * k + inner], b + inner * n, out + row * n) }
        }
    }

    static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        if n == 1 {
            for row in 0..<m { out[row] = Float(nnb_dot_f32(k, a + row * k, b)) }
            return
        }
        out.update(repeating: 0, count: m * n)
        for row in 0..<m {
            for inner in 0..<k { nnb_add_multiple_f32(n, a[row * k + inner], b + inner * n, out + row * n) }
        }
    }
}
