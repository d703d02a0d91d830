import CKernels
import Diagnostics

/// Sums and what is made of them, over some or all axes.
///
/// Sums are pairwise in double precision, so their error grows with the logarithm of the length. float32 gives
/// float32; uint8 and bool give float64. The result of a reduction over all axes has no axes.
public enum Reduction {
    /// Σ over all elements.
    public static func sum(_ a: TensorBlock) -> Double {
        switch a.dtype {
        case .float64: nnb_sum_f64(a.count, a.float64)
        case .float32: Double(Float(nnb_sum_f32(a.count, a.float32)))
        case .uint8, .bool: nnb_sum_u8(a.count, a.bytes)
        }
    }

    /// Σ, or the mean, along one axis of a float64 block, without a detour: what loops over small tensors call. Owned.
    public static func along(
        _ a: TensorBlock, axis: Int, keepdims: Bool, mean: Bool, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        let axis = try Axes.resolved(axis, rank: a.rank), rank = a.rank
        let scratchSize = 8 * rank
        guard let scratch = heap.allocate(scratchSize) else { throw Tensor.tooLarge(a.shape, .float64) }
        defer { heap.free(scratch, size: scratchSize) }
        let dims = scratch.bindMemory(to: Int.self, capacity: rank)
        var outer = 1, inner = 1, kept = 0
        for other in 0..<rank {
            if other != axis {
                if other < axis { outer *= a.dims[other] } else { inner *= a.dims[other] }
                dims[kept] = a.dims[other]
                kept += 1
            } else if keepdims {
                dims[kept] = 1
                kept += 1
            }
        }
        let length = a.dims[axis]
        if mean, length == 0, outer * inner > 0 {
            throw Failure(.value, "the mean of nothing", label: "{0} is \(a.shapeText)")
        }
        guard let result = TensorBlock.make(heap, dtype: .float64, rank: kept, dims: dims, count: outer * inner) else {
            throw Tensor.tooLarge(a.shape, .float64)
        }
        try sums(a, outer, length, inner, into: result.float64)
        if mean { for index in 0..<result.count { result.float64[index] /= Double(length) } }
        return result
    }

    /// Σ / n over all elements.
    public static func mean(_ a: TensorBlock) throws(Failure) -> Double {
        guard a.count > 0 else { throw Failure(.value, "the mean of nothing", label: "{0} is \(a.shapeText)") }
        if a.dtype == .float32 { return Double(Float(nnb_sum_f32(a.count, a.float32) / Double(a.count))) }
        return sum(a) / Double(a.count)
    }

    public static func sum(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x, axes, keepdims: keepdims)
        return try typed(sums(layout), like: x)
    }

    /// Σx / n.
    public static func mean(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x, axes, keepdims: keepdims)
        try layout.refuseNothing("mean")
        let result = try sums(layout)
        for index in 0..<result.count { result.block.float64[index] /= Double(layout.length) }
        return try typed(result, like: x)
    }

    /// Σ(x - mean)² / n.
    public static func variance(
        _ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false, name: String = "variance"
    ) throws(Failure) -> Tensor {
        try typed(variances(x, axes, keepdims, name), like: x)
    }

    /// The root of the variance.
    public static func deviation(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        let result = try variances(x, axes, keepdims, "standard deviation")
        nnb_unary_f64(Int32(UnaryFunction.sqrt.rawValue), result.count, result.block.float64, result.block.float64)
        return try typed(result, like: x)
    }

    private static func variances(
        _ x: Tensor, _ axes: Axes, _ keepdims: Bool, _ name: String
    ) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x.float64(), axes, keepdims: keepdims, rows: true)
        try layout.refuseNothing(name)
        let result = try Tensor(uninitialized: layout.shape)
        let (n, source) = (layout.length, layout.source.block.float64)
        for row in 0..<layout.count {
            let mean = nnb_sum_f64(n, source + row * n) / Double(n)
            result.block.float64[row] = nnb_sum_squares_f64(n, source + row * n, mean) / Double(n)
        }
        return result
    }

    public static func product(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try byRows(x, axes, keepdims) { row in row.reduce(1, *) }
    }

    /// (Σ|x|^order)^(1/order); the largest |x| where the order is infinite.
    public static func norm(
        _ x: Tensor, order: Double = 2, _ axes: Axes = .all, keepdims: Bool = false
    ) throws(Failure) -> Tensor {
        guard order > 0 else { throw Failure(.value, "the order of a norm is above 0, not \(NumberText.plain(order))") }
        return try byRows(x, axes, keepdims) { row in
            if order == 2 { return nnb_sum_squares_f64(row.count, row.baseAddress, 0).squareRoot() }
            if order == .infinity { return row.reduce(0) { $0.isNaN || $0 > abs($1) ? $0 : abs($1) } }
            if order == 1 { return row.reduce(0) { $0 + abs($1) } }
            return BinaryOperation.power(row.reduce(0) { $0 + BinaryOperation.power(abs($1), order) }, 1 / order)
        }
    }

    /// True where any element is not zero.
    public static func any(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try truths(x, axes, keepdims) { $0.contains { $0 != 0 } }
    }

    /// True where no element is zero.
    public static func all(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try truths(x, axes, keepdims) { !$0.contains(0) }
    }

    /// Running sums along an axis, over the flat tensor without one.
    public static func cumulativeSum(_ x: Tensor, axis: Int?) throws(Failure) -> Tensor {
        let source = try axis == nil ? Shaping.ravel(x) : x
        let result = try Tensor(adopting: source.block.floatCopy(Heap.current))
        let dims = source.shape
        let axis = try Axes.resolved(axis ?? 0, rank: dims.count)
        let length = dims[axis], inner = dims[(axis + 1)...].reduce(1, *), outer = dims[..<axis].reduce(1, *)
        let data = result.block.float64
        for block in 0..<outer {
            for row in 1..<max(length, 1) where row < length {
                let here = data + (block * length + row) * inner
                nnb_add_multiple_f64(inner, 1, here - inner, here)
            }
        }
        return try typed(result, like: x)
    }

    // MARK: how

    /// The sums as float64.
    private static func sums(_ layout: ReductionLayout) throws(Failure) -> Tensor {
        let result = try Tensor(uninitialized: layout.shape)
        try sums(layout.source.block, layout.outer, layout.length, layout.inner, into: result.block.float64)
        return result
    }

    /// Of a block seen as [outer, n, inner], over the middle.
    private static func sums(
        _ block: TensorBlock, _ outer: Int, _ n: Int, _ inner: Int, into out: UnsafeMutablePointer<Double>
    ) throws(Failure) {
        if inner == 1 {
            for row in 0..<outer {
                switch block.dtype {
                case .float64: out[row] = nnb_sum_f64(n, block.float64 + row * n)
                case .float32: out[row] = nnb_sum_f32(n, block.float32 + row * n)
                case .uint8, .bool: out[row] = nnb_sum_u8(n, block.bytes + row * n)
                }
            }
            return
        }
        // Rows are added up in runs of 128, and the runs' sums then: nearly as exact as in pairs, and in the order
        // in which the elements lie.
        let run = 128
        let part = n > run ? try Tensor(uninitialized: [inner]) : nil
        for index in 0..<outer {
            let total = out + index * inner
            total.update(repeating: 0, count: inner)
            var row = 0
            while row < n {
                let end = min(row + run, n)
                let target = part?.block.float64 ?? total
                if part != nil { target.update(repeating: 0, count: inner) }
                for row in row..<end {
                    let start = (index * n + row) * inner
                    switch block.dtype {
                    case .float64: nnb_add_multiple_f64(inner, 1, block.float64 + start, target)
                    case .float32: nnb_accumulate_f32(inner, block.float32 + start, target)
                    case .uint8, .bool: nnb_accumulate_u8(inner, block.bytes + start, target)
                    }
                }
                if part != nil { nnb_add_multiple_f64(inner, 1, target, total) }
                row = end
            }
        }
    }

    /// A reduction of float64 rows.
    static func byRows(
        _ x: Tensor, _ axes: Axes, _ keepdims: Bool, _ body: (UnsafeBufferPointer<Double>) -> Double
    ) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x.float64(), axes, keepdims: keepdims, rows: true)
        let result = try Tensor(uninitialized: layout.shape)
        let n = layout.length
        for row in 0..<layout.count {
            result.block.float64[row] = body(UnsafeBufferPointer(start: layout.source.block.float64 + row * n, count: n))
        }
        return try typed(result, like: x)
    }

    private static func truths(
        _ x: Tensor, _ axes: Axes, _ keepdims: Bool, _ body: (UnsafeBufferPointer<Double>) -> Bool
    ) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x.float64(), axes, keepdims: keepdims, rows: true)
        let result = try Tensor(uninitialized: layout.shape, .bool)
        let n = layout.length
        for row in 0..<layout.count {
            let truth = body(UnsafeBufferPointer(start: layout.source.block.float64 + row * n, count: n))
            result.block.bytes[row] = truth ? 1 : 0
        }
        return result
    }

    /// float32 in, float32 out.
    static func typed(_ result: Tensor, like x: Tensor) throws(Failure) -> Tensor {
        x.dtype == .float32 ? try result.float(as: .float32) : result
    }
}

extension Tensor {
    /// A copy of its own, to be written into.
    public func copy() throws(Failure) -> Tensor { Tensor(adopting: try block.copy(Heap.current)) }

    /// The same numbers as float64; this tensor itself where they are.
    public func float64() throws(Failure) -> Tensor { try float(as: .float64) }

    /// The same numbers as a floating type, rounded where that is float32.
    public func float(as dtype: DType) throws(Failure) -> Tensor {
        self.dtype == dtype ? self : Tensor(adopting: try Conversion.float(block, as: dtype, Heap.current))
    }

    /// The same numbers stored as a type, an error where it cannot hold them.
    public func stored(as dtype: DType) throws(Failure) -> Tensor {
        self.dtype == dtype ? self : Tensor(adopting: try Conversion.stored(block, as: dtype, Heap.current))
    }
}

extension TensorBlock {
    /// A float64 copy of one's own.
    func floatCopy(_ heap: Heap) throws(Failure) -> TensorBlock {
        dtype == .float64 ? try copy(heap) : try Conversion.float(self, as: .float64, heap)
    }
}
