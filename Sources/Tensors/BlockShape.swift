import Diagnostics

/// What operations ask of a block before they touch its elements.
extension TensorBlock {
    /// The most axes that a tensor may have.
    public static let maximalRank = 32

    public var shape: [Int] { Array(UnsafeBufferPointer(start: dims, count: rank)) }

    /// `(4, 3)`.
    public var shapeText: String { Tensor.text(of: shape) }

    @inlinable @inline(__always)
    public func hasShape(of other: TensorBlock) -> Bool {
        guard rank == other.rank else { return false }
        for axis in 0..<rank where dims[axis] != other.dims[axis] { return false }
        return true
    }

    /// True if the other's shape is the end of this one: a bias `[h]` of `[n, h]`.
    func ends(with other: TensorBlock) -> Bool {
        let lead = rank - other.rank
        guard lead >= 0 else { return false }
        for axis in 0..<other.rank where dims[lead + axis] != other.dims[axis] { return false }
        return true
    }

    @inlinable @inline(__always)
    public var isShared: Bool { header.pointee.count != 1 }

    /// One element as a number; the caller vouches for the index.
    @inlinable
    public func number(at index: Int) -> Double {
        switch dtype {
        case .float64: float64[index]
        case .float32: Double(float32[index])
        case .uint8, .bool: Double(bytes[index])
        }
    }

    /// A block like `other` in shape, of any type, its elements not set.
    @inlinable
    public static func make(
        like other: TensorBlock, _ dtype: DType, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        guard let block = make(heap, dtype: dtype, rank: other.rank, dims: other.dims, count: other.count) else {
            throw Tensor.tooLarge(other.shape, dtype)
        }
        return block
    }

    /// A block of any shape, its elements not set. Checks for lengths below zero and overflow.
    public static func make(
        _ shape: [Int], _ dtype: DType = .float64, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        var count = 1
        // Zero lengths must not hide that the others overflow: strides are made of them too.
        var span = 1
        var overflow = false
        for length in shape {
            guard length >= 0 else { throw Failure(.shape, "an axis cannot have the negative length \(length)") }
            count = count &* length
            let (product, over) = span.multipliedReportingOverflow(by: max(length, 1))
            span = product
            overflow = overflow || over
        }
        guard shape.count <= maximalRank else {
            throw Failure(.shape, "a tensor has at most \(maximalRank) axes, this one would have \(shape.count)")
        }
        guard !overflow, span <= Int.max / 16 else { throw Tensor.tooLarge(shape, dtype) }
        let made = shape.withUnsafeBufferPointer { dims -> TensorBlock? in
            var nothing = 0
            return withUnsafePointer(to: &nothing) { spare in
                // The base address of an empty array may be nil; no dim is read then.
                make(heap, dtype: dtype, rank: dims.count, dims: dims.baseAddress ?? spare, count: count)
            }
        }
        guard let made else { throw Tensor.tooLarge(shape, dtype) }
        return made
    }

    /// A copy of one's own.
    public func copy(_ heap: Heap) throws(Failure) -> TensorBlock {
        let result = try TensorBlock.make(like: self, dtype, heap)
        result.data.copyMemory(from: data, byteCount: count * dtype.size)
        return result
    }

    /// The same elements under another shape of the same count, as a new block.
    func copy(as shape: [Int], _ heap: Heap) throws(Failure) -> TensorBlock {
        let result = try TensorBlock.make(shape, dtype, heap)
        result.data.copyMemory(from: data, byteCount: count * dtype.size)
        return result
    }
}

/// What an operation gives that may be one element or many.
@frozen public enum Item {
    case number(Double)
    case bool(Bool)
    /// Owned by whom it is given to.
    case tensor(TensorBlock)
}
