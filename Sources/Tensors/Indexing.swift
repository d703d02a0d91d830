import Diagnostics

/// `X[...]`, read and assigned.
public enum Indexing {
    // MARK: reading

    /// `a[indices]`: a number or bool where one element is named, else a block owned by the caller.
    public static func get(_ a: TensorBlock, _ indices: [Index], _ heap: Heap) throws(Failure) -> Item {
        if indices.count == 1, case .at(let index) = indices[0] { return try get(a, index, heap) }
        if let item = try BasicIndexing.get(a, indices, heap) { return item }
        let plan = try IndexPlan(indices, of: a.shape)
        if plan.shape.isEmpty {
            var item = Item.number(0)
            try plan.forEachRun { (offset, _, _) throws(Failure) in item = element(a, offset) }
            return item
        }
        return .tensor(try read(a, plan, heap))
    }

    public static func get(_ a: Tensor, _ indices: [Index]) throws(Failure) -> Tensor {
        let heap = Heap.current
        return Tensor(adopting: try read(a.block, try IndexPlan(indices, of: a.shape), heap))
    }

    /// `a[index]` of a whole number: an element, or what lies under it along the other axes.
    @inlinable
    public static func get(_ a: TensorBlock, _ index: Int, _ heap: Heap) throws(Failure) -> Item {
        guard a.rank > 0 else { throw noAxes() }
        let length = a.dims[0]
        let position = index < 0 ? index &+ length : index
        guard position >= 0, position < length else { throw outside(index, length, 0) }
        if a.rank == 1 { return element(a, position) }
        let size = a.dtype.size
        let count = a.count / length
        guard
            let result = TensorBlock.make(heap, dtype: a.dtype, rank: a.rank &- 1, dims: a.dims + 1, count: count)
        else { throw Tensor.tooLarge(a.shape, a.dtype) }
        result.data.copyMemory(from: a.data + position &* count &* size, byteCount: count &* size)
        return .tensor(result)
    }

    /// `a[row, column]` of a matrix.
    @inlinable
    public static func get(_ a: TensorBlock, _ row: Int, _ column: Int) throws(Failure) -> Item? {
        guard a.rank == 2 else { return nil }
        return element(a, try offset(a, row, column))
    }

    @inlinable
    static func offset(_ a: TensorBlock, _ row: Int, _ column: Int) throws(Failure) -> Int {
        let y = row < 0 ? row &+ a.dims[0] : row
        let x = column < 0 ? column &+ a.dims[1] : column
        guard y >= 0, y < a.dims[0] else { throw outside(row, a.dims[0], 0) }
        guard x >= 0, x < a.dims[1] else { throw outside(column, a.dims[1], 1) }
        return y &* a.dims[1] &+ x
    }

    @inlinable
    static func element(_ a: TensorBlock, _ offset: Int) -> Item {
        switch a.dtype {
        case .float64: .number(a.float64[offset])
        case .float32: .number(Double(a.float32[offset]))
        case .uint8: .number(Double(a.bytes[offset]))
        case .bool: .bool(a.bytes[offset] != 0)
        }
    }

    @usableFromInline
    static func outside(_ index: Int, _ length: Int, _ axis: Int) -> Failure {
        IndexPlan.outside(index, length, axis)
    }

    @usableFromInline
    static func noAxes() -> Failure { Failure(.index, "a tensor without axes cannot be indexed") }

    private static func read(_ a: TensorBlock, _ plan: IndexPlan, _ heap: Heap) throws(Failure) -> TensorBlock {
        let result = try TensorBlock.make(plan.shape, a.dtype, heap)
        let size = a.dtype.size
        let (source, target) = (a.data, result.data)
        var written = 0
        do throws(Failure) {
            try plan.forEachRun { (offset, run, stride) throws(Failure) in
                if stride == 1 || run == 1 {
                    (target + written * size).copyMemory(from: source + offset * size, byteCount: run * size)
                } else {
                    switch size {
                    case 8: for k in 0..<run { result.float64[written + k] = a.float64[offset + k * stride] }
                    case 4: for k in 0..<run { result.float32[written + k] = a.float32[offset + k * stride] }
                    default: for k in 0..<run { result.bytes[written + k] = a.bytes[offset + k * stride] }
                    }
                }
                written += run
            }
        } catch {
            result.release(heap)
            throw error
        }
        return result
    }

    /// Where the elements of `x[indices]` lie in a tensor of that shape, and the shape that they make.
    public static func offsets(_ indices: [Index], of dims: [Int]) throws(Failure) -> (shape: [Int], offsets: [Int]) {
        let plan = try IndexPlan(indices, of: dims)
        var offsets: [Int] = []
        offsets.reserveCapacity(plan.count)
        try plan.forEachRun { (offset, run, stride) throws(Failure) in
            for k in 0..<run { offsets.append(offset + k * stride) }
        }
        return (plan.shape, offsets)
    }

    // MARK: assigning

    // The caller vouches that nobody else holds the block that is changed.

    /// `a[indices] = number`.
    public static func set(_ a: TensorBlock, _ indices: [Index], _ number: Double) throws(Failure) {
        let plan = try IndexPlan(indices, of: a.shape)
        try plan.forEachRun { (offset, run, stride) throws(Failure) in
            for k in 0..<run {
                if let failure = Conversion.store(number, in: a, at: offset + k * stride) { throw failure }
            }
        }
    }

    /// `a[index] = number` of a vector; false if `a` has more axes.
    @inlinable
    public static func set(_ a: TensorBlock, _ index: Int, _ number: Double) throws(Failure) -> Bool {
        guard a.rank == 1 else { return false }
        let length = a.dims[0]
        let position = index < 0 ? index &+ length : index
        guard position >= 0, position < length else { throw outside(index, length, 0) }
        if let failure = Conversion.store(number, in: a, at: position) { throw failure }
        return true
    }

    /// `a[row, column] = number` of a matrix; false if `a` is none.
    @inlinable
    public static func set(_ a: TensorBlock, _ row: Int, _ column: Int, _ number: Double) throws(Failure) -> Bool {
        guard a.rank == 2 else { return false }
        if let failure = Conversion.store(number, in: a, at: try offset(a, row, column)) { throw failure }
        return true
    }

    /// `a[indices] = value`: the value stretches to the shape that is indexed.
    public static func set(
        _ a: TensorBlock, _ indices: [Index], _ value: TensorBlock, _ heap: Heap
    ) throws(Failure) {
        let plan = try IndexPlan(indices, of: a.shape)
        let stored = try Conversion.stored(value, as: a.dtype, heap)
        defer { stored.release(heap) }
        let wide = try stretched(stored, to: plan.shape, heap)
        defer { wide.release(heap) }
        let size = a.dtype.size
        var taken = 0
        try plan.forEachRun { (offset, run, stride) throws(Failure) in
            if stride == 1 || run == 1 {
                (a.data + offset * size).copyMemory(from: wide.data + taken * size, byteCount: run * size)
            } else {
                switch size {
                case 8: for k in 0..<run { a.float64[offset + k * stride] = wide.float64[taken + k] }
                case 4: for k in 0..<run { a.float32[offset + k * stride] = wide.float32[taken + k] }
                default: for k in 0..<run { a.bytes[offset + k * stride] = wide.bytes[taken + k] }
                }
            }
            taken += run
        }
    }

    /// `a[indices] op= number`: repeated indices accumulate.
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ indices: [Index], _ number: Double
    ) throws(Failure) {
        let plan = try IndexPlan(indices, of: a.shape)
        try refuseZero(operation, number)
        try plan.forEachRun { (offset, run, stride) throws(Failure) in
            for k in 0..<run {
                let place = offset + k * stride
                if let failure = Conversion.store(operation(a.number(at: place), number), in: a, at: place) { throw failure }
            }
        }
    }

    /// `a[indices] op= value`: repeated indices accumulate.
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ indices: [Index], _ value: TensorBlock, _ heap: Heap
    ) throws(Failure) {
        let plan = try IndexPlan(indices, of: a.shape)
        let wide = try stretched(value, to: plan.shape, heap)
        defer { wide.release(heap) }
        var taken = 0
        try plan.forEachRun { (offset, run, stride) throws(Failure) in
            for k in 0..<run {
                let place = offset + k * stride
                let number = wide.number(at: taken + k)
                try refuseZero(operation, number)
                if let failure = Conversion.store(operation(a.number(at: place), number), in: a, at: place) { throw failure }
            }
            taken += run
        }
    }

    private static func refuseZero(_ operation: BinaryOperation, _ divisor: Double) throws(Failure) {
        if divisor == 0, operation == .floorDivide || operation == .modulo {
            throw Elementwise.divisionByZero(operation)
        }
    }

    /// The value under the shape that it is assigned to, by the rule of element-by-element operators. Owned.
    private static func stretched(_ value: TensorBlock, to shape: [Int], _ heap: Heap) throws(Failure) -> TensorBlock {
        let own = value.shape
        if own == shape {
            value.retain()
            return value
        }
        // A value of one element fits everywhere; other values may have leading axes of length 1, as in NumPy.
        var trimmed = own
        while trimmed.count > shape.count, trimmed.first == 1 { trimmed.removeFirst() }
        let fits = (try? Broadcast.shape(shape, trimmed, "=")) == shape
        guard fits else {
            throw Failure(
                .shape,
                "a value of shape \(Tensor.text(of: own)) does not fit the place of shape \(Tensor.text(of: shape))",
                help: own.reduce(1, *) == shape.reduce(1, *) ? "value.reshape\(Tensor.text(of: shape))" : nil)
        }
        let strides = Broadcast.strides(of: trimmed, over: shape)
        let result = try TensorBlock.make(shape, value.dtype, heap)
        StridedCopy.copy(from: value, offset: 0, strides: strides, into: result)
        return result
    }
}
