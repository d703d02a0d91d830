import Diagnostics

/// Elements picked by a condition.
public enum Selection {
    /// Elements of `a` where the mask is true, of `b` elsewhere; shapes by the rule of element-by-element operators.
    public static func choose(_ mask: Tensor, _ a: Tensor, _ b: Tensor) throws(Failure) -> Tensor {
        guard mask.dtype == .bool else {
            throw Failure(
                .type, "the condition of where must be a bool tensor, not \(mask.dtype.name)",
                help: "compare: where(X > 0, X, 0)", argument: 0)
        }
        let dtype = a.dtype == b.dtype ? a.dtype : Conversion.common(a.dtype, b.dtype)
        let shape = try Broadcast.shape(
            Broadcast.shape(mask.shape, a.shape, "where"), b.shape, "where")
        let result = try Tensor(uninitialized: shape, dtype)
        let truths = try stretched(mask, to: shape)
        let left = try stretched(a.stored(as: dtype), to: shape), right = try stretched(b.stored(as: dtype), to: shape)
        let size = dtype.size
        for index in 0..<result.count {
            let source = truths.block.bytes[index] != 0 ? left.block : right.block
            (result.block.data + index * size).copyMemory(from: source.data + index * size, byteCount: size)
        }
        return result
    }

    /// The indices at which the elements are not zero: one vector an axis.
    public static func places(_ x: Tensor) throws(Failure) -> [Tensor] {
        var found: [[Double]] = Array(repeating: [], count: x.rank)
        let dims = x.shape
        for index in 0..<x.count where x.block.number(at: index) != 0 {
            var rest = index
            for axis in stride(from: dims.count - 1, through: 0, by: -1) {
                found[axis].append(Double(rest % dims[axis]))
                rest /= dims[axis]
            }
        }
        var result: [Tensor] = []
        for numbers in found { result.append(try Tensor(numbers)) }
        return result
    }

    /// No smaller than `low`, no greater than `high`; the type stays.
    public static func clip(_ x: Tensor, _ low: Double, _ high: Double) throws(Failure) -> Tensor {
        guard !(low > high) else {
            throw Failure(
                .value, "clip needs low <= high, not \(NumberText.plain(low)) and \(NumberText.plain(high))")
        }
        let result = try Tensor(uninitialized: x.shape, x.dtype)
        for index in 0..<x.count {
            let number = x.block.number(at: index)
            let clipped = number < low ? low : number > high ? high : number
            if let failure = Conversion.store(clipped, in: result.block, at: index) { throw failure }
        }
        return result
    }

    static func stretched(_ x: Tensor, to shape: [Int]) throws(Failure) -> Tensor {
        if x.shape == shape { return x }
        let result = try Tensor(uninitialized: shape, x.dtype)
        StridedCopy.copy(
            from: x.block, offset: 0, strides: Broadcast.strides(of: x.shape, over: shape), into: result.block)
        return result
    }
}
