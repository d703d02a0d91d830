/// The first eight bytes of everything on the heap. The count is not atomic: one thread owns a session.
@frozen public struct BlockHeader {
    public var count: UInt32
    /// What the block is: `BlockKind`'s raw value.
    public var kind: UInt8
    /// A tensor's `DType`; free for other kinds.
    public var detail: UInt8
    /// A tensor's rank; free for other kinds.
    public var rank: UInt8
    public var flags: UInt8

    @inlinable public init(kind: BlockKind, detail: UInt8 = 0, rank: UInt8 = 0) {
        self.count = 1
        self.kind = kind.rawValue
        self.detail = detail
        self.rank = rank
        self.flags = 0
    }
}

@frozen public enum BlockKind: UInt8 {
    case tensor, string, list, tuple, map, range
    /// What `zip` and `enumerate` give, and an index `1:3` on its way to a builtin object.
    case sequence, slice
    case function, builtin, boundMethod, `class`, instance, native
}

/// The type of a tensor's elements.
@frozen public enum DType: UInt8, Sendable, CaseIterable {
    case float64, float32, uint8, bool

    @inlinable public var size: Int {
        switch self {
        case .float64: 8
        case .float32: 4
        case .uint8, .bool: 1
        }
    }

    public var name: String {
        switch self {
        case .float64: "float64"
        case .float32: "float32"
        case .uint8: "uint8"
        case .bool: "bool"
        }
    }

    public init?(name: String) {
        guard let match = DType.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// A tensor as it lies in memory: one block, elements contiguous in row-major (C) order.
///
///     0  header: count, kind, dtype, rank          24  dims: rank x Int
///     8  count of elements                         24 + 8 rank, rounded up to 16: the elements
///    16  size of the block in bytes
///
/// Invariant: `count` is the product of the dims, and the elements fit into the block.
@frozen public struct TensorBlock: Equatable {
    public let pointer: UnsafeMutableRawPointer

    @inlinable @inline(__always) public init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

    @inlinable @inline(__always)
    public var header: UnsafeMutablePointer<BlockHeader> { pointer.assumingMemoryBound(to: BlockHeader.self) }

    @inlinable @inline(__always)
    public var dtype: DType { DType(rawValue: header.pointee.detail).unsafelyUnwrapped }

    @inlinable @inline(__always)
    public var rank: Int { Int(header.pointee.rank) }

    /// The number of elements.
    @inlinable @inline(__always)
    public var count: Int {
        get { pointer.load(fromByteOffset: 8, as: Int.self) }
        nonmutating set { pointer.storeBytes(of: newValue, toByteOffset: 8, as: Int.self) }
    }

    /// The size of the whole block in bytes, as it was asked of the heap.
    @inlinable @inline(__always)
    public var size: Int {
        get { pointer.load(fromByteOffset: 16, as: Int.self) }
        nonmutating set { pointer.storeBytes(of: newValue, toByteOffset: 16, as: Int.self) }
    }

    @inlinable @inline(__always)
    public var dims: UnsafeMutablePointer<Int> { (pointer + 24).assumingMemoryBound(to: Int.self) }

    @inlinable @inline(__always)
    public static func dataOffset(rank: Int) -> Int { (24 &+ 8 &* rank &+ 15) & ~15 }

    @inlinable @inline(__always)
    public var data: UnsafeMutableRawPointer { pointer + TensorBlock.dataOffset(rank: rank) }

    @inlinable @inline(__always)
    public var float64: UnsafeMutablePointer<Double> { data.assumingMemoryBound(to: Double.self) }
    @inlinable @inline(__always)
    public var float32: UnsafeMutablePointer<Float> { data.assumingMemoryBound(to: Float.self) }
    /// The elements of a uint8 or bool tensor.
    @inlinable @inline(__always)
    public var bytes: UnsafeMutablePointer<UInt8> { data.assumingMemoryBound(to: UInt8.self) }

    /// A block with its header and dims filled in and its elements not yet; nil when the memory cannot be had.
    /// The caller vouches that no dim is negative and that `count` is their product, without overflow.
    @inlinable
    public static func make(
        _ heap: Heap, dtype: DType, rank: Int, dims: UnsafePointer<Int>, count: Int
    ) -> TensorBlock? {
        let size = dataOffset(rank: rank) &+ count &* dtype.size
        guard let pointer = heap.allocate(size) else { return nil }
        pointer.assumingMemoryBound(to: BlockHeader.self).initialize(
            to: BlockHeader(kind: .tensor, detail: dtype.rawValue, rank: UInt8(truncatingIfNeeded: rank)))
        let block = TensorBlock(pointer)
        block.count = count
        block.size = size
        for axis in 0..<rank { block.dims[axis] = dims[axis] }
        return block
    }

    @inlinable @inline(__always)
    public func retain() { header.pointee.count &+= 1 }

    @inlinable @inline(__always)
    public func release(_ heap: Heap) {
        header.pointee.count &-= 1
        if header.pointee.count == 0 { heap.free(pointer, size: size) }
    }
}
