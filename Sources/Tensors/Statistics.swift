import Diagnostics

/// Covariance, correlation, convolution, outer products.
public enum Statistics {
    /// (X - mean)ᵀ (X - mean) / (n - ddof): rows are samples, columns variables. [n, d] -> [d, d]
    public static func covariance(_ x: Tensor, ddof: Int = 1) throws(Failure) -> Tensor {
        guard x.rank == 2 else {
            throw Failure(
                .shape, "cov takes a matrix of samples in rows, not \(Tensor.text(of: x.shape))",
                help: x.rank == 1 ? "var({0}) is the variance of one variable; stack(a, b, axis=1) makes two columns" : nil)
        }
        let n = x.shape[0]
        guard n > ddof else {
            throw Failure(.value, "the covariance of \(n) samples needs more than \(ddof)")
        }
        let wide = try x.float64()
        let mean = try Reduction.mean(wide, .one(0))
        let centred = try Tensor(adopting: Elementwise.binary(.subtract, wide.block, mean.block, Heap.current))
        let d = x.shape[1]
        let result = try Tensor(uninitialized: [d, d])
        MatrixKernel.product(
            d, d, n, centred.block.float64, transposed: true, centred.block.float64, transposed: false,
            result.block.float64)
        let data = result.block.float64
        for index in 0..<result.count { data[index] /= Double(n) - Double(ddof) }
        // Exactly symmetric, whatever the order of a library's sums.
        for row in 0..<d { for column in 0..<row { data[column * d + row] = data[row * d + column] } }
        return try Reduction.typed(result, like: x)
    }

    /// cov_ij / (σ_i σ_j); NaN where a column is constant.
    public static func correlation(_ x: Tensor) throws(Failure) -> Tensor {
        let result = try covariance(x.float64())
        let d = result.shape[0]
        let data = result.block.float64
        let deviations = (0..<d).map { data[$0 * d + $0].squareRoot() }
        for row in 0..<d {
            for column in 0..<d {
                let r = data[row * d + column] / deviations[row] / deviations[column]
                data[row * d + column] = r > 1 ? 1 : r < -1 ? -1 : r
            }
        }
        return try Reduction.typed(result, like: x)
    }

    /// a_i b_j of the elements in row-major order: [n], [m] -> [n, m].
    public static func outer(
        _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation = .multiply
    ) throws(Failure) -> Tensor {
        let column = try Shaping.reshape(a, [a.count, 1]), row = try Shaping.reshape(b, [1, b.count])
        return Tensor(adopting: try Elementwise.binary(operation, column.block, row.block, Heap.current))
    }

    /// How much of a convolution is kept.
    public enum Overlap: String, Sendable, CaseIterable {
        /// Wherever they touch: n + m - 1.
        case full
        /// As long as the longer one, the middle of full.
        case same
        /// Only where they overlap wholly: |n - m| + 1.
        case valid

        /// Which places of the full convolution of n and m elements, neither of them 0, are kept.
        package func kept(_ n: Int, _ m: Int) -> Range<Int> {
            switch self {
            case .full: return 0..<(n + m - 1)
            case .same:
                let start = (min(n, m) - 1) / 2
                return start..<(start + max(n, m))
            case .valid: return (min(n, m) - 1)..<max(n, m)
            }
        }
    }

    /// (a * k)_i = Σ_j a_j k_(i-j), of vectors or of matrices.
    public static func convolve(_ a: Tensor, _ k: Tensor, _ overlap: Overlap = .full) throws(Failure) -> Tensor {
        guard a.rank == k.rank, a.rank == 1 || a.rank == 2 else {
            throw Failure(
                .shape, "convolve takes two vectors or two matrices, not \(Tensor.text(of: a.shape)) and \(Tensor.text(of: k.shape))",
                label: BroadcastFailure.label(a.shape, k.shape))
        }
        guard a.count > 0, k.count > 0 else { throw Failure(.value, "the convolution of nothing") }
        let x = try a.float64(), y = try k.float64()
        let (height, width) = a.rank == 1 ? (1, a.count) : (a.shape[0], a.shape[1])
        let (rows, columns) = k.rank == 1 ? (1, k.count) : (k.shape[0], k.shape[1])
        let full = try Making.full([height + rows - 1, width + columns - 1], 0)
        for row in 0..<height {
            for r in 0..<rows {
                for c in 0..<columns {
                    let factor = y.block.float64[r * columns + c]
                    let target = full.block.float64 + (row + r) * (width + columns - 1) + c
                    let source = x.block.float64 + row * width
                    for column in 0..<width { target[column] += factor * source[column] }
                }
            }
        }
        func kept(_ n: Int, _ m: Int) -> Index {
            let places = overlap.kept(n, m)
            return .slice(start: places.lowerBound, stop: places.upperBound)
        }
        let result = try Indexing.get(full, [kept(height, rows), kept(width, columns)])
        let shaped = try a.rank == 1 ? Shaping.ravel(result) : result
        return try shaped.float(as: Conversion.common(a.dtype, k.dtype))
    }
}
