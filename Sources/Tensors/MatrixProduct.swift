import CKernels
import Diagnostics

/// `a @ b`: inner product, matrix and vector, matrices, stacks of matrices; the ordinary product if one has no axes.
public enum MatrixProduct {
    /// The result is a number for two vectors, else a block owned by the caller.
    ///
    ///     [k]       @ [k]       -> number
    ///     [m, k]    @ [k]       -> [m]
    ///     [k]       @ [k, n]    -> [n]
    ///     [..., m, k] @ [..., k, n] -> [..., m, n]   leading axes by the rule of element-by-element operators
    public static func product(_ a: TensorBlock, _ b: TensorBlock, _ heap: Heap) throws(Failure) -> Item {
        // The inner loop of hand-written neurons.
        if a.rank == 1, b.rank == 1, a.dtype == .float64, b.dtype == .float64, a.count == b.count {
            if a.count <= 16 {
                var sum = 0.0
                let (x, y) = (a.float64, b.float64)
                for index in 0..<a.count { sum += x[index] * y[index] }
                return .number(sum)
            }
            return .number(nnb_dot_f64(a.count, a.float64, b.float64))
        }
        if a.dtype == .float64, b.dtype == .float64 {
            if a.rank == 2, b.rank == 2 || b.rank == 1, a.dims[1] == b.dims[0] {
                let columns = b.rank == 1 ? 1 : b.dims[1]
                return .tensor(try plain(a, b, rows: a.dims[0], columns, inner: a.dims[1], rank: b.rank, heap))
            }
            if a.rank == 1, b.rank == 2, a.dims[0] == b.dims[0] {
                return .tensor(try plain(a, b, rows: 1, b.dims[1], inner: a.dims[0], rank: 1, heap))
            }
        }
        if a.rank == 0 || b.rank == 0 {
            let result = try Elementwise.binary(.multiply, a, b, heap)
            guard result.rank == 0 else { return .tensor(result) }
            defer { result.release(heap) }
            return .number(result.number(at: 0))
        }
        let inner = a.dims[a.rank - 1]
        guard inner == b.dims[max(b.rank - 2, 0)] else { throw mismatch(a.shape, b.shape) }

        let dtype = Conversion.common(a.dtype, b.dtype)
        let left = try Conversion.float(a, as: dtype, heap)
        defer { left.release(heap) }
        let right = try Conversion.float(b, as: dtype, heap)
        defer { right.release(heap) }

        if a.rank == 1, b.rank == 1 {
            return .number(
                dtype == .float64
                    ? nnb_dot_f64(inner, left.float64, right.float64)
                    : Double(Float(nnb_dot_f32(inner, left.float32, right.float32))))
        }
        let columns = b.rank == 1 ? 1 : b.dims[b.rank - 1]
        if b.rank <= 2 {
            // All the rows of all the matrices on the left meet one matrix: one product.
            var shape = Array(a.shape.dropLast())
            if b.rank == 2 { shape.append(columns) }
            let result = try TensorBlock.make(shape, dtype, heap)
            let rows = a.rank == 1 ? 1 : shape.dropLast(b.rank == 2 ? 1 : 0).reduce(1, *)
            MatrixKernel.product(dtype, rows, columns, inner, left.data, right.data, result.data)
            return .tensor(result)
        }
        return .tensor(try batched(left, right, rows: a.rank == 1 ? 1 : a.dims[a.rank - 2], columns, inner, heap))
    }

    /// Matrices and vectors of float64, what most products are, without a detour. A vector is one row or one column.
    private static func plain(
        _ a: TensorBlock, _ b: TensorBlock, rows: Int, _ columns: Int, inner: Int, rank: Int, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        let (count, over) = rows.multipliedReportingOverflow(by: columns)
        guard !over, count < Int.max / 16 else { throw Tensor.tooLarge([rows, columns], .float64) }
        var dims = a.rank == 1 ? (columns, 1) : (rows, columns)
        let made = withUnsafeMutablePointer(to: &dims) { pair in
            pair.withMemoryRebound(to: Int.self, capacity: 2) { dims in
                TensorBlock.make(heap, dtype: .float64, rank: rank, dims: dims, count: count)
            }
        }
        guard let made else { throw Tensor.tooLarge([rows, columns], .float64) }
        MatrixKernel.product(rows, columns, inner, a.float64, b.float64, made.float64)
        return made
    }

    public static func product(_ a: Tensor, _ b: Tensor) throws(Failure) -> Tensor {
        switch try product(a.block, b.block, Heap.current) {
        case .number(let number): try Tensor(scalar: number)
        case .bool(let truth): try Tensor(scalar: truth ? 1 : 0)
        case .tensor(let block): Tensor(adopting: block)
        }
    }

    private static func batched(
        _ a: TensorBlock, _ b: TensorBlock, rows: Int, _ columns: Int, _ inner: Int, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        let leftStack = Array(a.shape.dropLast(2)), rightStack = Array(b.shape.dropLast(2))
        let stack = try Broadcast.shape(leftStack, rightStack, "@")
        let result = try TensorBlock.make(
            stack + (a.rank == 1 ? [] : [rows]) + [columns], a.dtype, heap)
        if result.count == 0 { return result }
        let leftStrides = Broadcast.strides(of: leftStack, over: stack)
        let rightStrides = Broadcast.strides(of: rightStack, over: stack)
        let size = a.dtype.size
        for index in 0..<stack.reduce(1, *) {
            var (rest, x, y) = (index, 0, 0)
            for axis in stride(from: stack.count - 1, through: 0, by: -1) {
                let position = rest % stack[axis]
                rest /= stack[axis]
                x += position * leftStrides[axis]
                y += position * rightStrides[axis]
            }
            MatrixKernel.product(
                a.dtype, rows, columns, inner, a.data + x * rows * inner * size,
                b.data + y * inner * columns * size, result.data + index * rows * columns * size)
        }
        return result
    }

    /// What does not fit, and what would.
    private static func mismatch(_ a: [Int], _ b: [Int]) -> Failure {
        let inner = a[a.count - 1], other = b[max(b.count - 2, 0)]
        return Failure(
            .shape,
            "the product of \(Tensor.text(of: a)) and \(Tensor.text(of: b)) needs \(inner) = \(other)",
            label: BroadcastFailure.label(a, b), help: help(a, b, inner, other))
    }

    private static func help(_ a: [Int], _ b: [Int], _ inner: Int, _ other: Int) -> String? {
        if a == b, a.count == 2 {
            return "{0}.T @ {1} is \(Tensor.text(of: [a[1], b[1]])), {0} @ {1}.T is \(Tensor.text(of: [a[0], b[0]])); "
                + "{0} * {1} is element by element"
        }
        if a.count == 2, b.count == 2 {
            if a[0] == b[0] { return "{0}.T @ {1} is \(Tensor.text(of: [a[1], b[1]])); or make {1} with \(inner) rows" }
            if a[1] == b[1] { return "{0} @ {1}.T is \(Tensor.text(of: [a[0], b[0]])); or make {1} with \(inner) rows" }
            if a[0] == b[1] { return "{1} @ {0} is \(Tensor.text(of: [b[0], a[1]])); or make {1} with \(inner) rows" }
            return "make {1} with \(inner) rows"
        }
        if a.count == 2, b.count == 1, a[0] == b[0] { return "{0}.T @ {1} is \(Tensor.text(of: [a[1]]))" }
        if a.count == 1, b.count == 2, a[0] == b[1] { return "{1} @ {0} is \(Tensor.text(of: [b[0]]))" }
        if a.count == 1, b.count == 1 { return "outer({0}, {1}) is \(Tensor.text(of: a + b))" }
        return nil
    }
}
