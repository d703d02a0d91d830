import COpenBLAS
import Diagnostics

/// p a = l u with rows exchanged for the greatest pivot: what solve, inv and det rest on. Small ones, and all where
/// LAPACK is not installed, are done by a loop.
struct Factors {
    private let n: Int
    /// Row-major; below the diagonal l (its diagonal is 1), above it u.
    private let lu: Tensor
    /// The row exchanged with row i in step i.
    private var exchanges: [Int]
    private(set) var isSingular = false

    init(_ a: Tensor) throws(Failure) {
        n = a.shape[0]
        lu = try Tensor(adopting: a.block.floatCopy(Heap.current))
        exchanges = Array(0..<n)
        if n > 48, try factorByLibrary() { return }
        factor()
    }

    private mutating func factor() {
        let a = lu.block.float64
        for step in 0..<n {
            var pivot = step
            for row in (step + 1)..<max(n, step + 1) where abs(a[row * n + step]) > abs(a[pivot * n + step]) { pivot = row }
            exchanges[step] = pivot
            guard a[pivot * n + step] != 0 else {
                isSingular = true
                continue
            }
            if pivot != step {
                for column in 0..<n { (a[step * n + column], a[pivot * n + column]) = (a[pivot * n + column], a[step * n + column]) }
            }
            for row in (step + 1)..<max(n, step + 1) {
                let factor = a[row * n + step] / a[step * n + step]
                a[row * n + step] = factor
                if factor == 0 { continue }
                for column in (step + 1)..<n { a[row * n + column] -= factor * a[step * n + column] }
            }
        }
    }

    /// False where there is no library. It factors the columns of what it is given: the transpose does.
    private mutating func factorByLibrary() throws(Failure) -> Bool {
        let columns = try Tensor(adopting: Shaping.transpose(lu.block, Heap.current))
        var pivots = [Int32](repeating: 0, count: n)
        let info = nnb_dgetrf(Int32(n), columns.block.float64, &pivots)
        if info < 0 { return false }
        isSingular = info > 0
        exchanges = pivots.map { Int($0) - 1 }
        let rows = try Tensor(adopting: Shaping.transpose(columns.block, Heap.current))
        lu.block.float64.update(from: rows.block.float64, count: n * n)
        return true
    }

    var determinant: Double {
        var product = 1.0
        for step in 0..<n {
            product *= lu.block.float64[step * n + step]
            if exchanges[step] != step { product = -product }
        }
        return product
    }

    /// `b` [n, columns] becomes the solution.
    func solve(_ b: UnsafeMutablePointer<Double>, columns: Int) throws(Failure) {
        if isSingular {
            throw Failure(
                .numerics, "the matrix is singular: its rows depend on each other", label: "the determinant of {0} is 0",
                help: "lstsq(A, b) gives the shortest of the best solutions")
        }
        let a = lu.block.float64
        func subtract(_ factor: Double, _ source: Int, from target: Int) {
            if factor == 0 { return }
            for column in 0..<columns { b[target * columns + column] -= factor * b[source * columns + column] }
        }
        for step in 0..<n where exchanges[step] != step {
            for column in 0..<columns {
                let other = exchanges[step] * columns + column
                (b[step * columns + column], b[other]) = (b[other], b[step * columns + column])
            }
        }
        for row in 0..<n { for above in 0..<row { subtract(a[row * n + above], above, from: row) } }
        for row in stride(from: n - 1, through: 0, by: -1) {
            for below in (row + 1)..<max(n, row + 1) { subtract(a[row * n + below], below, from: row) }
            for column in 0..<columns { b[row * columns + column] /= a[row * n + row] }
        }
    }
}
