import Diagnostics

/// A tensor with a safe face: holds one count of its block for as long as it lives. Everything but the machine's
/// hot path works on this. Immutable once it is shared: write only into a tensor that you have just made.
public final class Tensor: @unchecked Sendable {
    // Sendable because a value of it may stand in a table of constants; the counts are not atomic, and a session
    // with all its tensors belongs to one thread at a time.
    public let block: TensorBlock

    /// Takes over one count of the block.
    public init(adopting block: TensorBlock) { self.block = block }

    /// Adds a count of its own.
    public init(sharing block: TensorBlock) {
        block.retain()
        self.block = block
    }

    deinit { block.release(Heap.current) }

    /// A tensor whose elements are not yet set. Refused beyond the memory that is left.
    public init(uninitialized shape: [Int], _ dtype: DType = .float64) throws(Failure) {
        var count = 1
        var overflow = shape.count > 32
        for length in shape {
            guard length >= 0 else {
                throw Failure(.shape, "an axis cannot have the negative length \(length)")
            }
            let (product, over) = count.multipliedReportingOverflow(by: length)
            count = product
            overflow = overflow || over
        }
        overflow = overflow || count > Int.max / 16
        guard !overflow,
            let block = shape.withUnsafeBufferPointer({ dims in
                TensorBlock.make(
                    Heap.current, dtype: dtype, rank: shape.count,
                    // The base address of an empty array may be nil; no dim is read then.
                    dims: dims.baseAddress ?? UnsafePointer(bitPattern: 8)!, count: count)
            })
        else { throw Tensor.tooLarge(shape, dtype) }
        self.block = block
    }

    public var shape: [Int] { Array(UnsafeBufferPointer(start: block.dims, count: block.rank)) }
    public var rank: Int { block.rank }
    public var count: Int { block.count }
    public var dtype: DType { block.dtype }

    static func tooLarge(_ shape: [Int], _ dtype: DType) -> Failure {
        let bytes = shape.reduce(Double(dtype.size)) { $0 * Double($1) }
        return Failure(
            .memory,
            "a tensor of shape \(Tensor.text(of: shape)) and type \(dtype.name) needs \(Tensor.text(bytes: bytes)); "
                + "\(Tensor.text(bytes: Double(max(0, MemoryLimit.available())))) are left",
            help: "take fewer elements, or a smaller type")
    }

    /// `(4, 3)`, `(4,)`, `()`: a shape as it is printed everywhere.
    public static func text(of shape: [Int]) -> String {
        shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
    }

    static func text(bytes: Double) -> String {
        var value = bytes
        for unit in ["bytes", "KB", "MB", "GB", "TB"] {
            if value < 1000 { return "\(Int(value)) \(unit)" }
            value /= 1000
        }
        return "\(value < 1e15 ? "\(Int(value))" : "\(value)") PB"
    }
}
