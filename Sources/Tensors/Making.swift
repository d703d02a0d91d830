import Diagnostics

/// Tensors made of nothing but their shape.
public enum Making {
    public static func full(_ shape: [Int], _ value: Double, _ dtype: DType = .float64) throws(Failure) -> Tensor {
        let result = try Tensor(uninitialized: shape, dtype)
        let (block, count) = (result.block, result.count)
        guard count > 0 else { return result }
        if let failure = Conversion.store(value, in: block, at: 0) { throw failure }
        switch dtype {
        case .float64: block.float64.update(repeating: block.float64[0], count: count)
        case .float32: block.float32.update(repeating: block.float32[0], count: count)
        case .uint8, .bool: block.bytes.update(repeating: block.bytes[0], count: count)
        }
        return result
    }

    /// The unit matrix, or a wider or longer one with ones on a diagonal.
    public static func eye(_ rows: Int, _ columns: Int? = nil, _ dtype: DType = .float64) throws(Failure) -> Tensor {
        let width = columns ?? rows
        let result = try full([rows, width], 0, dtype)
        for index in 0..<min(rows, width) { _ = Conversion.store(1, in: result.block, at: index * width + index) }
        return result
    }

    /// start, start + step, ... before stop. ceil((stop - start) / step) numbers, each start + i step.
    public static func arange(_ start: Double, _ stop: Double, _ step: Double = 1) throws(Failure) -> Tensor {
        guard step != 0 else { throw Failure(.value, "the step of arange cannot be 0") }
        let length = ((stop - start) / step).rounded(.up)
        guard length.isFinite, length < 0x1p56 else {
            throw Failure(.value, "arange from \(NumberText.plain(start)) to \(NumberText.plain(stop)) has no end")
        }
        let result = try Tensor(uninitialized: [max(0, Int(length))])
        for index in 0..<result.count { result.block.float64[index] = start + Double(index) * step }
        return result
    }

    /// `count` numbers at equal distances, both ends among them.
    public static func linspace(_ start: Double, _ stop: Double, _ count: Int) throws(Failure) -> Tensor {
        let result = try Tensor(uninitialized: [count])
        let step = (stop - start) / Double(max(count - 1, 1))
        for index in 0..<count { result.block.float64[index] = start + Double(index) * step }
        if count > 1 { result.block.float64[count - 1] = stop }
        return result
    }

    /// The coordinates of all points of a grid: [rows y, columns x] each, as plots of a plane take them.
    public static func meshgrid(_ x: Tensor, _ y: Tensor) throws(Failure) -> (Tensor, Tensor) {
        guard x.rank == 1, y.rank == 1 else {
            throw Failure(
                .shape, "meshgrid takes two vectors, not \(Tensor.text(of: x.shape)) and \(Tensor.text(of: y.shape))")
        }
        let shape = [y.count, x.count]
        let xs = try Tensor(uninitialized: shape, x.dtype), ys = try Tensor(uninitialized: shape, y.dtype)
        StridedCopy.copy(from: x.block, offset: 0, strides: [0, 1], into: xs.block)
        StridedCopy.copy(from: y.block, offset: 0, strides: [1, 0], into: ys.block)
        return (xs, ys)
    }
}
