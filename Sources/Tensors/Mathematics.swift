import CKernels
import Diagnostics

/// Functions of one number, element by element. The raw values are those of `tensor_loops.h`.
@frozen public enum UnaryFunction: UInt8, Sendable, CaseIterable {
    case negate, abs, sign, sqrt, square, floor, ceil, round, exp, tanh
    case log, log2, log10, log1p, expm1
    case sin, cos, tan, asin, acos, atan, sinh, cosh, erf

    /// The function of one number, exactly as of one element.
    public func callAsFunction(_ x: Double) -> Double { nnb_unary_number(Int32(rawValue), x) }
}

/// Functions of tensors, element by element. uint8 gives float32 and bool float64.
public enum Mathematics {
    public static func apply(_ function: UnaryFunction, _ a: TensorBlock, _ heap: Heap) throws(Failure) -> TensorBlock {
        let dtype = Conversion.arithmetic(a.dtype)
        let operand = try Conversion.float(a, as: dtype, heap)
        defer { operand.release(heap) }
        let result = try TensorBlock.make(like: a, dtype, heap)
        loop(function, operand, into: result)
        return result
    }

    /// `f(a)` into `a`; false where its type would change. The caller vouches that nobody else holds `a`.
    public static func update(_ function: UnaryFunction, _ a: TensorBlock) -> Bool {
        guard a.dtype == .float64 || a.dtype == .float32 else { return false }
        loop(function, a, into: a)
        return true
    }

    public static func apply(_ function: UnaryFunction, _ a: Tensor) throws(Failure) -> Tensor {
        Tensor(adopting: try apply(function, a.block, Heap.current))
    }

    /// The other truth of each element of a mask.
    public static func not(_ a: TensorBlock, _ heap: Heap) throws(Failure) -> TensorBlock {
        guard a.dtype == .bool else {
            throw Failure(.type, "`not` of a tensor takes a bool tensor, not \(a.dtype.name)", help: "compare: X == 0")
        }
        let result = try TensorBlock.make(like: a, .bool, heap)
        for index in 0..<a.count { result.bytes[index] = a.bytes[index] ^ 1 }
        return result
    }

    /// Both blocks of one floating type and of as many elements; they may be the same.
    static func loop(_ function: UnaryFunction, _ a: TensorBlock, into out: TensorBlock) {
        if a.dtype == .float64 {
            nnb_unary_f64(Int32(function.rawValue), a.count, a.float64, out.float64)
        } else {
            nnb_unary_f32(Int32(function.rawValue), a.count, a.float32, out.float32)
        }
    }
}
