import Diagnostics

/// The least and the greatest, and where they are; NaN counts as both. The type of the elements stays.
public enum Extremes {
    public static func max(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try pick(x, axes, keepdims, "maximum", index: false) { $0 > $1 }
    }

    public static func min(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try pick(x, axes, keepdims, "minimum", index: false) { $0 < $1 }
    }

    /// The first place of the greatest, as a float64 index; over the flat tensor without an axis.
    public static func argmax(_ x: Tensor, axis: Int?, keepdims: Bool = false) throws(Failure) -> Tensor {
        try pick(x, axis.map { .one($0) } ?? .all, keepdims, "argmax", index: true) { $0 > $1 }
    }

    public static func argmin(_ x: Tensor, axis: Int?, keepdims: Bool = false) throws(Failure) -> Tensor {
        try pick(x, axis.map { .one($0) } ?? .all, keepdims, "argmin", index: true) { $0 < $1 }
    }

    private static func pick(
        _ x: Tensor, _ axes: Axes, _ keepdims: Bool, _ name: String, index wanted: Bool,
        _ beats: (Double, Double) -> Bool
    ) throws(Failure) -> Tensor {
        let layout = try ReductionLayout(x, axes, keepdims: keepdims, rows: true)
        try layout.refuseNothing(name)
        let result = try Tensor(uninitialized: layout.shape, wanted ? .float64 : x.dtype)
        let (n, source) = (layout.length, layout.source.block)
        for row in 0..<layout.count {
            let best: Int
            switch source.dtype {
            case .float64: best = first(source.float64 + row * n, n, beats)
            case .float32: best = first(source.float32 + row * n, n) { beats(Double($0), Double($1)) }
            case .uint8, .bool:
                best = first(source.bytes + row * n, n) { beats(Double($0), Double($1)) }
            }
            if wanted {
                result.block.float64[row] = Double(best)
            } else {
                let size = x.dtype.size
                (result.block.data + row * size)
                    .copyMemory(from: source.data + (row * n + best) * size, byteCount: size)
            }
        }
        return result
    }

    @inline(__always)
    private static func first<Element: Comparable>(
        _ row: UnsafePointer<Element>, _ count: Int, _ beats: (Element, Element) -> Bool
    ) -> Int {
        var best = 0
        for index in 0..<count {
            // Only NaN differs from itself: the first one wins and stays.
            if row[index] != row[index] { return index }
            if beats(row[index], row[best]) { best = index }
        }
        return best
    }
}
