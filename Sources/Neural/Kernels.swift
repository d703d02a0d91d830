import CKernels
import COneDNN
import COpenBLAS
import CXSMM
import Tensors

/// The loops of one floating type with their arguments as Swift has them, and the choice of who multiplies matrices.
/// All pointers are to elements of that type, rows contiguous; the caller vouches for the extents.
package struct Kernels: @unchecked Sendable {
    // Sendable: a pointer to a constant table.
    let table: UnsafePointer<nnb_training>
    let isDouble: Bool
    /// Bytes of an element.
    let size: Int

    package init(_ dtype: DType) {
        isDouble = dtype == .float64
        table = nnb_training_loops(isDouble ? 1 : 0)
        size = isDouble ? 8 : 4
    }

    /// A product whose right operand has fewer numbers than this is made by our own loops: a library's call would gain
    /// nothing, and the first one costs 40 ms.
    static let small = 2048

    /// Right operands [k, n] of so many numbers are worth code for their shape, where there is a library for that, and stay
    /// in a core's cache.
    static let shaped = 256...1 << 16

    /// c[m, n] = op(a) op(b), op the transpose where the flag is set; with `adds` c += op(a) op(b).
    package func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafeRawPointer, _ lda: Int, transposed transposeA: Bool,
        _ b: UnsafeRawPointer, _ ldb: Int, transposed transposeB: Bool, _ c: UnsafeMutableRawPointer, _ ldc: Int,
        adds: Bool = false
    ) {
        let isSmall = n &* k < Kernels.small
        if !isDouble, !transposeB, Kernels.shaped ~= n &* k,
            let made = nnb_small_product_for(
                transposeA ? 1 : 0, Int64(m), Int64(n), Int64(k), Int64(lda), Int64(ldb), Int64(ldc), adds ? 1 : 0)
        {
            made(
                b.assumingMemoryBound(to: Float.self), a.assumingMemoryBound(to: Float.self),
                c.assumingMemoryBound(to: Float.self))
        } else if !isSmall, !isDouble {
            nnb_sgemm(
                transposeA ? 1 : 0, transposeB ? 1 : 0, Int64(m), Int64(n), Int64(k), 1,
                a.assumingMemoryBound(to: Float.self), Int64(lda), b.assumingMemoryBound(to: Float.self), Int64(ldb),
                adds ? 1 : 0, c.assumingMemoryBound(to: Float.self), Int64(ldc))
        } else if !isSmall, nnb_blas_available() != 0, max(m, n, k, lda, ldb, ldc) <= Int(Int32.max) {
            nnb_dgemm(
                transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(truncatingIfNeeded: m), Int32(truncatingIfNeeded: n),
                Int32(truncatingIfNeeded: k), a.assumingMemoryBound(to: Double.self), Int32(truncatingIfNeeded: lda),
                b.assumingMemoryBound(to: Double.self), Int32(truncatingIfNeeded: ldb), adds ? 1 : 0,
                c.assumingMemoryBound(to: Double.self), Int32(truncatingIfNeeded: ldc))
        } else {
            table.pointee.product(transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, a, lda, b, ldb, c, ldc, adds ? 1 : 0)
        }
    }

    /// c[m, n] = op(a) b for an a that may have columns of zeros, as a batch of images or of words has: where there are many,
    /// they are left out. What they would add is 0, so the sums of finite numbers are the same.
    @inline(__always)
    package func productOfUsed(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafeRawPointer, _ lda: Int, transposed: Bool, _ b: UnsafeRawPointer, _ ldb: Int,
        _ c: UnsafeMutableRawPointer, _ ldc: Int
    ) {
        guard table.pointee.product_of_used(transposed ? 1 : 0, m, n, k, a, lda, b, ldb, c, ldc) == 0 else { return }
        product(m, n, k, a, lda, transposed: transposed, b, ldb, transposed: false, c, ldc)
    }

    /// z becomes f(z + bias), in rows `stride` apart. With `slopes`, laid out in the same way, those of an activation that
    /// keeps its slope become f'(z + bias). In training a random parameter is drawn from the key and the element's number in
    /// the whole batch, which counts from `first`; else it is its mean.
    package func activate(
        _ activation: ActivationLoop, rows: Int, columns: Int, stride: Int, bias: UnsafeRawPointer?,
        _ z: UnsafeMutableRawPointer, slopes: UnsafeMutableRawPointer? = nil, isTraining: Bool = false,
        key: UInt64 = 0, first: Int = 0
    ) {
        if let slopes, activation.keepsSlope {
            let isDrawn = isTraining && activation.isRandom
            table.pointee.keep(
                activation.code, isDrawn ? activation.first : activation.usual,
                isDrawn ? activation.second : activation.usual, activation.slopeAtZero, rows, columns, stride, bias,
                z, slopes, key, first)
        } else {
            table.pointee.activate(activation.code, activation.usual, rows, columns, stride, bias, z)
        }
    }

    /// d becomes d f'(z), by the output y = f(z) or, for an activation that keeps its slope, by the slopes.
    func slope(
        _ activation: ActivationLoop, rows: Int, columns: Int, stride: Int, y: UnsafeRawPointer, _ d: UnsafeMutableRawPointer,
        slopes: UnsafeRawPointer? = nil
    ) {
        if let slopes, activation.keepsSlope {
            table.pointee.multiply(rows, columns, stride, slopes, d)
        } else {
            table.pointee.slope(activation.code, activation.first, rows, columns, stride, y, d)
        }
    }

    /// The losses of rows of outputs against their targets, unscaled, and the gradient times `scale`.
    func loss(
        _ loss: Loss, rows: Int, columns: Int, _ y: UnsafeRawPointer, targets: UnsafeRawPointer, scale: Double,
        gradient: UnsafeMutableRawPointer?, losses: UnsafeMutablePointer<Double>
    ) {
        table.pointee.loss(loss.code, loss.parameter, rows, columns, y, targets, scale, gradient, losses)
    }

    /// y += x
    @inline(__always)
    func add(_ count: Int, _ x: UnsafeRawPointer, to y: UnsafeMutableRawPointer) { table.pointee.add(count, x, y) }

    /// losses[r] += Σ t log t of the row, 0 where t is 0: the entropy with its sign changed.
    func addEntropy(_ rows: Int, _ columns: Int, _ targets: UnsafeRawPointer, to losses: UnsafeMutablePointer<Double>) {
        for row in 0..<rows {
            for place in row * columns..<(row + 1) * columns {
                let t = isDouble
                    ? targets.load(fromByteOffset: place * 8, as: Double.self)
                    : Double(targets.load(fromByteOffset: place * 4, as: Float.self))
                if t > 0 { losses[row] += t * UnaryFunction.log(t) }
            }
        }
    }
}
