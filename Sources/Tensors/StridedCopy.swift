/// Copies out of a block in any order of its elements: under transpositions, expansions, flips.
package enum StridedCopy {
    /// Fills `result` (contiguous) with the elements of `source` that lie at `offset` + position · strides, in units
    /// of elements, for each position of the result's shape. The types are the same.
    static func copy(from source: TensorBlock, offset: Int, strides: [Int], into result: TensorBlock) {
        guard result.count > 0 else { return }
        switch source.dtype.size {
        case 8: walk(source.float64 + offset, result.float64, result.shape, strides)
        case 4: walk(source.float32 + offset, result.float32, result.shape, strides)
        default: walk(source.bytes + offset, result.bytes, result.shape, strides)
        }
    }

    /// The same out of numbers wherever they lie; none of the lengths is 0.
    package static func copy(
        from source: UnsafePointer<Double>, strides: [Int], into result: UnsafeMutablePointer<Double>, _ shape: [Int]
    ) {
        walk(source, result, shape, strides)
    }

    /// The transpose of a matrix.
    static func transpose(_ source: TensorBlock, into result: TensorBlock) {
        let (rows, columns) = (result.dims[0], result.dims[1])
        switch source.dtype.size {
        case 8: squares(source.float64, result.float64, rows: rows, columns: columns, stride: rows)
        case 4: squares(source.float32, result.float32, rows: rows, columns: columns, stride: rows)
        default: squares(source.bytes, result.bytes, rows: rows, columns: columns, stride: rows)
        }
    }

    @inline(__always)
    private static func walk<Element>(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, _ shape: [Int], _ strides: [Int]
    ) {
        guard let length = shape.last, let stride = strides.last else {
            target[0] = source[0]
            return
        }
        let outer = shape.count - 1
        // A transposed matrix is copied in squares, so that both sides stay in the cache.
        if outer == 1, strides[0] == 1, stride > 1 {
            return squares(source, target, rows: shape[0], columns: length, stride: stride)
        }
        var position = [Int](repeating: 0, count: outer)
        var offset = 0
        var written = 0
        while true {
            if stride == 1 {
                (target + written).update(from: source + offset, count: length)
            } else {
                for k in 0..<length { target[written + k] = source[offset + k * stride] }
            }
            written += length
            var axis = outer - 1
            while axis >= 0 {
                position[axis] += 1
                offset += strides[axis]
                if position[axis] < shape[axis] { break }
                offset -= strides[axis] * shape[axis]
                position[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    /// target[r, c] = source[r + c stride].
    @inline(__always)
    private static func squares<Element>(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, rows: Int, columns: Int, stride: Int
    ) {
        let side = 16
        var top = 0
        while top < rows {
            let bottom = min(top + side, rows)
            var left = 0
            while left < columns {
                let right = min(left + side, columns)
                for row in top..<bottom {
                    for column in left..<right { target[row * columns + column] = source[row + column * stride] }
                }
                left = right
            }
            top = bottom
        }
    }
}
