import Diagnostics

/// A tensor with a safe face: holds one count of its block for as long as it lives. Everything but the machine's
/// hot path works on this. Immutable once it is shared: write only into a tensor that you have just made.
public final class Tensor: @unchecked Sendable {
    // Sendable because a value of it may stand in a table of constants; the counts are not atomic, and a session
    // with all its tensors belongs to one thread at a time.

    /// Lives as long as this object does: bind the tensor to a name before you work on its block, a temporary is gone
    /// as soon as the block is read.
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
    public convenience init(uninitialized shape: [Int], _ dtype: DType = .float64) throws(Failure) {
        self.init(adopting: try TensorBlock.make(shape, dtype, Heap.current))
    }

    /// A float64 vector.
    public convenience init(_ numbers: [Double]) throws(Failure) {
        try self.init(uninitialized: [numbers.count])
        for (index, number) in numbers.enumerated() { block.float64[index] = number }
    }

    /// Numbers in row-major order under a shape, of any type; they must be as many as the shape has elements and
    /// must be such as the type can hold.
    public convenience init(_ numbers: [Double], shape: [Int], _ dtype: DType = .float64) throws(Failure) {
        let heap = Heap.current
        let block = try TensorBlock.make(shape, .float64, heap)
        guard block.count == numbers.count else {
            block.release(heap)
            throw Failure(.shape, "\(numbers.count) numbers cannot have the shape \(Tensor.text(of: shape))")
        }
        for (index, number) in numbers.enumerated() { block.float64[index] = number }
        if dtype == .float64 {
            self.init(adopting: block)
        } else {
            defer { block.release(heap) }
            self.init(adopting: try Conversion.stored(block, as: dtype, heap))
        }
    }

    /// A tensor without axes, as a reduction over everything gives it.
    public convenience init(scalar number: Double) throws(Failure) {
        try self.init(uninitialized: [])
        block.float64[0] = number
    }

    /// A mask.
    public convenience init(_ truths: [Bool]) throws(Failure) {
        try self.init(uninitialized: [truths.count], .bool)
        for (index, truth) in truths.enumerated() { block.bytes[index] = truth ? 1 : 0 }
    }

    public var shape: [Int] { block.shape }
    public var rank: Int { block.rank }
    public var count: Int { block.count }
    public var dtype: DType { block.dtype }

    /// All the elements as numbers, in row-major order.
    public var numbers: [Double] { (0..<count).map { block.number(at: $0) } }

    /// The only element of a tensor without axes (or of one element); nil where there are more.
    public var scalar: Double? { count == 1 ? block.number(at: 0) : nil }

    @usableFromInline
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
