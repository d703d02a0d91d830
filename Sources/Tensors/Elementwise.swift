import CKernels
import Diagnostics

/// Operators element by element, of raw blocks: results are owned by the caller.
///
/// Types: uint8 and bool become float32 and float64 first; float32 with float64 gives float64; a number takes the
/// type of the tensor. Comparisons give bool. NaN and infinities go through as IEEE 754 has them.
public enum Elementwise {
    /// Up to this many elements a loop in place beats the call of a kernel.
    @usableFromInline static let small = 16

    // MARK: two tensors

    /// `a op b`, shapes by the rule of `Broadcast`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if a.dtype == .float64, b.dtype == .float64, a.count <= small,
            operation.rawValue <= BinaryOperation.divide.rawValue, a.hasShape(of: b)
        {
            let result = try TensorBlock.make(like: a, .float64, heap)
            few(operation, a, b, into: result)
            return result
        }
        return try general(operation, a, b, heap)
    }

    /// `a op b` into `a`, where that keeps its shape and type; false (and nothing done) where it does not: then
    /// `binary` has the result or the error. The caller vouches that nobody else holds `a`.
    @inlinable
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        if a.dtype == .float64, b.dtype == .float64, a.count <= small,
            operation.rawValue <= BinaryOperation.divide.rawValue, a.hasShape(of: b)
        {
            few(operation, a, b, into: a)
            return true
        }
        return try generalUpdate(operation, a, b, heap)
    }

    /// `a op b` into `b`, under the same conditions: for a temporary on the right.
    @inlinable
    public static func updateRight(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        guard a.dtype == b.dtype, a.dtype == .float64 || a.dtype == .float32,
            operation.rawValue <= BinaryOperation.minimum.rawValue, a.hasShape(of: b)
        else { return false }
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, a, b, into: b)
        } else {
            try loop(operation, 0, a.count, a, 0, b, 0, into: b, 0)
        }
        return true
    }

    /// `x op= b` of a name or field: the result may not change its shape, and a float tensor keeps its type. Gives `a`
    /// with one more count if it was changed in place, else a block of its own.
    public static func compound(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if !a.isShared, try update(operation, a, b, heap) {
            a.retain()
            return a
        }
        var result = try binary(operation, a, b, heap)
        guard result.hasShape(of: a) else {
            defer { result.release(heap) }
            throw Failure(
                .shape,
                "`\(operation.symbol)=` may not change the shape \(a.shapeText) into \(result.shapeText)",
                label: BroadcastFailure.label(a.shape, b.shape),
                help: "write {0} = {0} \(operation.symbol) {1} if that is meant")
        }
        if a.dtype == .float32, result.dtype == .float64 {
            let wide = result
            defer { wide.release(heap) }
            result = try Conversion.float(wide, as: .float32, heap)
        }
        return result
    }

    // MARK: a tensor and a number

    /// `a op number`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            let result = try TensorBlock.make(like: a, .float64, heap)
            few(operation, a, number, into: result)
            return result
        }
        return try general(operation, a, number, heap)
    }

    /// `number op b`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if b.dtype == .float64, b.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            let result = try TensorBlock.make(like: b, .float64, heap)
            few(operation, number, b, into: result)
            return result
        }
        return try general(operation, number, b, heap)
    }

    /// `a op number` into `a`; false where its type would change. The caller vouches that nobody else holds `a`.
    @inlinable
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> Bool {
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, a, number, into: a)
            return true
        }
        return try generalUpdate(operation, a, number, heap)
    }

    /// `number op b` into `b`; false where its type would change. The caller vouches that nobody else holds `b`.
    @inlinable
    public static func updateRight(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        if b.dtype == .float64, b.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, number, b, into: b)
            return true
        }
        return try generalUpdateRight(operation, number, b, heap)
    }

    // MARK: a few elements

    // Both blocks float64 and of one shape; only the four ground operations.
    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, into out: TensorBlock) {
        let (x, y, z, n) = (a.float64, b.float64, out.float64, a.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x[i] + y[i] }
        case .subtract: for i in 0..<n { z[i] = x[i] - y[i] }
        case .multiply: for i in 0..<n { z[i] = x[i] * y[i] }
        default: for i in 0..<n { z[i] = x[i] / y[i] }
        }
    }

    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ a: TensorBlock, _ y: Double, into out: TensorBlock) {
        let (x, z, n) = (a.float64, out.float64, a.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x[i] + y }
        case .subtract: for i in 0..<n { z[i] = x[i] - y }
        case .multiply: for i in 0..<n { z[i] = x[i] * y }
        default: for i in 0..<n { z[i] = x[i] / y }
        }
    }

    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ x: Double, _ b: TensorBlock, into out: TensorBlock) {
        let (y, z, n) = (b.float64, out.float64, b.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x + y[i] }
        case .subtract: for i in 0..<n { z[i] = x - y[i] }
        case .multiply: for i in 0..<n { z[i] = x * y[i] }
        default: for i in 0..<n { z[i] = x / y[i] }
        }
    }

    /// The right operand's shape is the end of the left's: a bias on a few rows.
    static func fewRows(_ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, into out: TensorBlock) {
        let (y, length) = (b.float64, b.count)
        var start = 0
        while start < a.count {
            let (x, z) = (a.float64 + start, out.float64 + start)
            switch operation {
            case .add: for i in 0..<length { z[i] = x[i] + y[i] }
            case .subtract: for i in 0..<length { z[i] = x[i] - y[i] }
            case .multiply: for i in 0..<length { z[i] = x[i] * y[i] }
            default: for i in 0..<length { z[i] = x[i] / y[i] }
            }
            start += length
        }
    }
}
