import COpenBLAS
import Diagnostics

/// Equations and decompositions, in double precision; float32 in gives float32 out.
///
/// LAPACK does the work. Its results are fixed up to signs: here the component of greatest magnitude of each eigenvector
/// and singular vector is positive, so that every machine shows the same.
public enum LinearAlgebra {
    /// The x of a x = b, for a vector b or several as columns.
    public static func solve(_ a: Tensor, _ b: Tensor) throws(Failure) -> Tensor {
        let n = try order(a, "solve")
        guard b.rank == 1 || b.rank == 2, b.shape[0] == n else {
            throw Failure(
                .shape, "solve of \(Tensor.text(of: a.shape)) and \(Tensor.text(of: b.shape)) needs \(n) = \(b.shape.first ?? 1)",
                label: BroadcastFailure.label(a.shape, b.shape))
        }
        let dtype = Conversion.common(a.dtype, b.dtype)
        let columns = b.rank == 1 ? 1 : b.shape[1]
        let result = try Tensor(adopting: b.block.floatCopy(Heap.current))
        let lu = try Factors(a)
        try lu.solve(result.block.float64, columns: columns)
        return try result.float(as: dtype)
    }

    /// The x of a x = 1.
    public static func inverse(_ a: Tensor) throws(Failure) -> Tensor {
        let n = try order(a, "inv")
        let result = try Making.eye(n)
        let lu = try Factors(a)
        try lu.solve(result.block.float64, columns: n)
        return try Reduction.typed(result, like: a)
    }

    public static func determinant(_ a: Tensor) throws(Failure) -> Double {
        _ = try order(a, "det")
        return try Factors(a).determinant
    }

    /// a = u · diag(s) · vt, with u [m, k], s [k] descending, vt [k, n] and k = min(m, n).
    public static func svd(_ a: Tensor) throws(Failure) -> (u: Tensor, s: Tensor, vt: Tensor) {
        let (m, n) = try sides(a, "svd")
        let k = min(m, n)
        // What is row-major here is its transpose to LAPACK: of that, u and vt change places.
        let work = try Tensor(adopting: a.block.floatCopy(Heap.current))
        let s = try Tensor(uninitialized: [k]), u = try Tensor(uninitialized: [m, k])
        let vt = try Tensor(uninitialized: [k, n])
        if k > 0 {
            try check(
                nnb_dgesdd(Int32(n), Int32(m), work.block.float64, s.block.float64, vt.block.float64, u.block.float64),
                "svd")
        }
        for index in 0..<k {
            let row = UnsafeMutableBufferPointer(start: vt.block.float64 + index * n, count: n)
            guard isUpsideDown(row) else { continue }
            for column in 0..<n { row[column] = -row[column] }
            for place in 0..<m { u.block.float64[place * k + index].negate() }
        }
        return (try Reduction.typed(u, like: a), try Reduction.typed(s, like: a), try Reduction.typed(vt, like: a))
    }

    /// Eigenvalues and, as columns, eigenvectors of length 1; ascending by value where the matrix is symmetric.
    public static func eigen(_ a: Tensor) throws(Failure) -> (values: Tensor, vectors: Tensor) {
        let n = try order(a, "eig")
        let work = try Tensor(adopting: a.block.floatCopy(Heap.current))
        let data = work.block.float64
        let values = try Tensor(uninitialized: [n])
        let vectors: Tensor
        if (0..<n).allSatisfy({ row in (0..<row).allSatisfy { data[row * n + $0] == data[$0 * n + row] } }) {
            if n > 0 { try check(nnb_dsyevd(Int32(n), data, values.block.float64), "eig") }
            vectors = work
        } else {
            let transposed = try Shaping.transpose(work)
            let imaginary = try Tensor(uninitialized: [n])
            vectors = try Tensor(uninitialized: [n, n])
            try check(
                nnb_dgeev(
                    Int32(n), transposed.block.float64, values.block.float64, imaginary.block.float64,
                    vectors.block.float64), "eig")
            if let index = (0..<n).first(where: { imaginary.block.float64[$0] != 0 }) {
                let (x, y) = (values.block.float64[index], abs(imaginary.block.float64[index]))
                throw Failure(
                    .numerics, "the matrix has complex eigenvalues, such as \(Float(x)) ± \(Float(y))i",
                    help: "a symmetric matrix has real ones: eig(A + A.T), or svd(A)")
            }
        }
        // LAPACK's columns lie in rows here.
        for row in 0..<n {
            let vector = UnsafeMutableBufferPointer(start: vectors.block.float64 + row * n, count: n)
            if isUpsideDown(vector) { for index in 0..<n { vector[index] = -vector[index] } }
        }
        return (try Reduction.typed(values, like: a), try Reduction.typed(Shaping.transpose(vectors), like: a))
    }

    /// a = q · r with orthonormal columns of q [m, k] and an upper triangle r [k, n]; the diagonal of r is not negative.
    public static func qr(_ a: Tensor) throws(Failure) -> (q: Tensor, r: Tensor) {
        let (m, n) = try sides(a, "qr")
        let k = min(m, n)
        let work = try Shaping.transpose(Tensor(adopting: a.block.floatCopy(Heap.current)))
        let copy = try Tensor(adopting: work.block.copy(Heap.current))
        let triangle = try Tensor(uninitialized: [n, k])
        if k > 0 { try check(nnb_dgeqrf(Int32(m), Int32(n), copy.block.float64, triangle.block.float64), "qr") }
        let q = try Shaping.transpose(Shaping.take(copy, axis: 0, from: 0, to: k))
        let r = try Shaping.transpose(triangle)
        let signed = try Tensor(adopting: q.block.copy(Heap.current))
        for index in 0..<k where r.block.float64[index * n + index] < 0 {
            for column in 0..<n { r.block.float64[index * n + column].negate() }
            for row in 0..<m { signed.block.float64[row * k + index].negate() }
        }
        return (try Reduction.typed(signed, like: a), try Reduction.typed(r, like: a))
    }

    /// The x for which |a x - b|² is least, and of those the shortest.
    public static func leastSquares(_ a: Tensor, _ b: Tensor) throws(Failure) -> Tensor {
        let (m, n) = try sides(a, "lstsq")
        guard b.rank == 1 || b.rank == 2, b.shape[0] == m else {
            throw Failure(
                .shape, "lstsq of \(Tensor.text(of: a.shape)) and \(Tensor.text(of: b.shape)) needs \(m) = \(b.shape.first ?? 1)",
                label: BroadcastFailure.label(a.shape, b.shape))
        }
        let columns = b.rank == 1 ? 1 : b.shape[1]
        let shape = b.rank == 1 ? [n] : [n, columns]
        guard m > 0, n > 0, columns > 0 else { return try Making.full(shape, 0) }
        let work = try Shaping.transpose(a.float64()).copy()
        // Each right side is a column, long enough for the solution too.
        let height = max(m, n)
        let right = try Making.full([columns, height], 0)
        let source = try b.float64()
        for row in 0..<m {
            for column in 0..<columns {
                right.block.float64[column * height + row] = source.block.float64[row * columns + column]
            }
        }
        let singular = try Tensor(uninitialized: [min(m, n)])
        var rank: Int32 = 0
        try check(
            nnb_dgelsd(
                Int32(m), Int32(n), Int32(columns), work.block.float64, right.block.float64, singular.block.float64,
                Double.ulpOfOne * Double(height), &rank), "lstsq")
        let result = try Tensor(uninitialized: shape)
        for row in 0..<n {
            for column in 0..<columns {
                result.block.float64[row * columns + column] = right.block.float64[column * height + row]
            }
        }
        return try result.float(as: Conversion.common(a.dtype, b.dtype))
    }

    // MARK: checks

    /// The number of rows of a square matrix.
    private static func order(_ a: Tensor, _ name: String) throws(Failure) -> Int {
        guard a.rank == 2, a.shape[0] == a.shape[1] else {
            throw Failure(
                .shape, "\(name) takes a square matrix, not \(Tensor.text(of: a.shape))",
                help: a.rank == 2 && name != "eig" ? "lstsq solves what is not square" : nil)
        }
        return try sides(a, name).rows
    }

    private static func sides(_ a: Tensor, _ name: String) throws(Failure) -> (rows: Int, columns: Int) {
        guard a.rank == 2 else { throw Failure(.shape, "\(name) takes a matrix, not \(Tensor.text(of: a.shape))") }
        // LAPACK counts its workspace, some times the square of the shorter side, in 32 bits.
        guard min(a.shape[0], a.shape[1]) <= 1 << 14, max(a.shape[0], a.shape[1]) <= 1 << 25 else {
            throw Failure(.memory, "\(name) of \(Tensor.text(of: a.shape)) is more than LAPACK can do here")
        }
        for index in 0..<a.count where !a.block.number(at: index).isFinite {
            throw Failure(
                .numerics, "\(name) of a matrix with \(NumberText.plain(a.block.number(at: index))) in it")
        }
        return (a.shape[0], a.shape[1])
    }

    private static func isUpsideDown(_ vector: UnsafeMutableBufferPointer<Double>) -> Bool {
        var greatest = 0.0
        // A hair's breadth of preference for the first, against rounding that decides between equals.
        for number in vector where abs(number) > abs(greatest) * (1 + 1e-9) { greatest = number }
        return greatest < 0
    }

    static func check(_ info: Int32, _ name: String) throws(Failure) {
        if info == 0 { return }
        if info == Int32(NNB_NO_LIBRARY) {
            throw Failure(
                .module, "\(name) needs the library OpenBLAS, which is not installed",
                help: "./setup installs it (libopenblas0)")
        }
        if info == Int32(NNB_NO_MEMORY) { throw Failure(.memory, "\(name) needs more memory than is left") }
        throw Failure(.numerics, "\(name) does not converge")
    }
}
