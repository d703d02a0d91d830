import CKernels
import Diagnostics

/// Between the types of elements.
public enum Conversion {
    /// The type in which a tensor takes part in arithmetic: uint8 becomes float32, bool float64.
    @inlinable public static func arithmetic(_ dtype: DType) -> DType {
        switch dtype {
        case .float64, .bool: .float64
        case .float32, .uint8: .float32
        }
    }

    /// The type of what two tensors make together.
    @inlinable public static func common(_ a: DType, _ b: DType) -> DType {
        let x = arithmetic(a)
        return x == arithmetic(b) ? x : .float64
    }

    /// The block as a floating type, where every value of its type can be told apart: without a check. Gives the
    /// block itself with one more count if it has that type already.
    public static func float(_ block: TensorBlock, as dtype: DType, _ heap: Heap) throws(Failure) -> TensorBlock {
        if block.dtype == dtype {
            block.retain()
            return block
        }
        let result = try TensorBlock.make(like: block, dtype, heap)
        switch (block.dtype, dtype) {
        case (.float32, .float64): nnb_f64_from_f32(block.count, block.float32, result.float64)
        case (.float64, .float32): nnb_f32_from_f64(block.count, block.float64, result.float32)
        case (_, .float64): nnb_f64_from_u8(block.count, block.bytes, result.float64)
        default: nnb_f32_from_u8(block.count, block.bytes, result.float32)
        }
        return result
    }

    /// The block with its elements stored as `dtype`, for `astype` and for assigning into a tensor of that type. What
    /// the type cannot hold is an error. Gives the block itself with one more count if it has that type already.
    public static func stored(_ block: TensorBlock, as dtype: DType, _ heap: Heap) throws(Failure) -> TensorBlock {
        if block.dtype == dtype {
            block.retain()
            return block
        }
        if dtype == .float64 || (dtype == .float32 && block.dtype != .float64) {
            return try float(block, as: dtype, heap)
        }
        let result = try TensorBlock.make(like: block, dtype, heap)
        for index in 0..<block.count {
            if let failure = store(block.number(at: index), in: result, at: index) {
                result.release(heap)
                throw failure
            }
        }
        return result
    }

    /// Puts a number into one element; says why if its type cannot hold it. The caller vouches for the index.
    @inlinable
    public static func store(_ number: Double, in block: TensorBlock, at index: Int) -> Failure? {
        switch block.dtype {
        case .float64:
            block.float64[index] = number
        case .float32:
            let narrow = Float(number)
            if narrow.isInfinite, number.isFinite { return unfit(number, .float32) }
            block.float32[index] = narrow
        case .uint8:
            // NaN fails the comparisons.
            guard number >= 0, number <= 255, number == number.rounded(.towardZero) else { return unfit(number, .uint8) }
            block.bytes[index] = UInt8(number)
        case .bool:
            guard number == 0 || number == 1 else { return unfit(number, .bool) }
            block.bytes[index] = number == 1 ? 1 : 0
        }
        return nil
    }

    @usableFromInline
    static func unfit(_ number: Double, _ dtype: DType) -> Failure {
        let shown = NumberText.plain(number)
        switch dtype {
        case .uint8:
            return Failure(
                .value, "uint8 holds the integers from 0 to 255, not \(shown)",
                help: "clip(round(X), 0, 255) makes it fit; or keep it as float32")
        case .bool:
            return Failure(.value, "bool holds true and false, not \(shown)", help: "compare: X != 0, X > 0.5")
        default:
            return Failure(.value, "\(shown) is beyond what \(dtype.name) can hold", help: "keep it as float64")
        }
    }

    /// The integer in a number that must be one, as an index or a length must; nil if it is none.
    @inlinable public static func integer(_ number: Double) -> Int? { Int(exactly: number) }
}

/// Numbers as they stand in messages.
public enum NumberText {
    /// Integral values without a point, others by their shortest digits.
    public static func plain(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if let whole = Int(exactly: number), abs(number) < 1e15 { return String(whole) }
        return "\(number)"
    }
}
