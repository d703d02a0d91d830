import Tensors

/// A value of the language in eight bytes. A number is its IEEE bits; everything else hides in the space of the
/// negative quiet NaNs that no arithmetic produces (x86 gives 0xFFF8…0): 0xFFFA… for the constants, 0xFFFC… with a
/// 48-bit pointer for what lies on the heap. NaNs read from tensors and files are canonicalised by `init(_: Double)`'s
/// callers through `Value(canonical:)`.
///
/// A `Value` does not count by itself: who stores one retains it, who drops one releases it.
@frozen public struct Value: Equatable, Sendable {
    public var bits: UInt64

    @inlinable @inline(__always) public init(bits: UInt64) { self.bits = bits }
    /// For results of arithmetic, whose NaNs are canonical.
    @inlinable @inline(__always) public init(_ number: Double) { bits = number.bitPattern }
    /// For numbers from outside, whose NaNs may carry a payload.
    @inlinable public init(canonical number: Double) { bits = number.isNaN ? Double.nan.bitPattern : number.bitPattern }
    @inlinable @inline(__always) public init(_ truth: Bool) { bits = truth ? Value.true.bits : Value.false.bits }
    @inlinable @inline(__always)
    public init(object: UnsafeMutableRawPointer) { bits = Value.objectTag | UInt64(UInt(bitPattern: object)) }

    public static let none = Value(bits: 0xFFFA_0000_0000_0000)
    public static let `false` = Value(bits: 0xFFFA_0000_0000_0001)
    public static let `true` = Value(bits: 0xFFFA_0000_0000_0002)
    /// An argument that was not given, a name that is not bound. Never seen by a user.
    public static let missing = Value(bits: 0xFFFA_0000_0000_0003)

    /// `...` and `new` in an index, on their way to an engine object.
    public static let ellipsis = Value(bits: 0xFFFA_0000_0000_0004)
    public static let newAxis = Value(bits: 0xFFFA_0000_0000_0005)

    @usableFromInline static let objectTag: UInt64 = 0xFFFC_0000_0000_0000
    @usableFromInline static let firstBoxed: UInt64 = 0xFFF9_0000_0000_0000

    @inlinable @inline(__always) public var isNumber: Bool { bits < 0xFFF9_0000_0000_0000 }
    @inlinable @inline(__always) public var isObject: Bool { bits >= 0xFFFC_0000_0000_0000 }
    @inlinable @inline(__always) public var isNone: Bool { bits == 0xFFFA_0000_0000_0000 }
    @inlinable @inline(__always) public var isMissing: Bool { bits == 0xFFFA_0000_0000_0003 }
    @inlinable @inline(__always)
    public var isBool: Bool { bits == 0xFFFA_0000_0000_0001 || bits == 0xFFFA_0000_0000_0002 }
    @inlinable @inline(__always) public var isTrue: Bool { bits == 0xFFFA_0000_0000_0002 }

    /// Valid only where `isNumber`.
    @inlinable @inline(__always) public var number: Double { Double(bitPattern: bits) }
    /// Valid only where `isObject`.
    @inlinable @inline(__always)
    public var object: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(bits & 0x0000_FFFF_FFFF_FFFF)).unsafelyUnwrapped
    }
    /// Valid only where `isObject`.
    @inlinable @inline(__always)
    public var header: UnsafeMutablePointer<BlockHeader> { object.assumingMemoryBound(to: BlockHeader.self) }
    @inlinable @inline(__always)
    public func isObject(_ kind: BlockKind) -> Bool { isObject && header.pointee.kind == kind.rawValue }

    @inlinable @inline(__always)
    public func retain() { if isObject { header.pointee.count &+= 1 } }
}
