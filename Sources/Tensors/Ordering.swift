import Diagnostics

/// Sorting and what follows from it. NaN comes last, as in NumPy.
public enum Ordering {
    @inline(__always)
    private static func precedes(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }

    /// Ascending along one axis, the last by default.
    public static func sort(_ x: Tensor, axis: Int = -1, descending: Bool = false) throws(Failure) -> Tensor {
        let axis = try Axes.resolved(axis, rank: x.rank)
        try MemoryLimit.check(16 * x.count)
        let sorted = try alongRows(x, axis) { row, out in
            var numbers = Array(row)
            numbers.sort(by: precedes)
            if descending { numbers.reverse() }
            for (index, number) in numbers.enumerated() { out[index] = number }
        }
        return try sorted.stored(as: x.dtype)
    }

    /// The indices that sort along one axis; equal elements keep their order.
    public static func argsort(_ x: Tensor, axis: Int = -1, descending: Bool = false) throws(Failure) -> Tensor {
        let axis = try Axes.resolved(axis, rank: x.rank)
        try MemoryLimit.check(16 * x.count)
        return try alongRows(x, axis) { row, out in
            var places = Array(0..<row.count)
            // The place decides between equals: `sort` alone promises no order for them.
            places.sort { a, b in
                let (first, second) = (row[a], row[b])
                if descending ? precedes(second, first) : precedes(first, second) { return true }
                if descending ? precedes(first, second) : precedes(second, first) { return false }
                return a < b
            }
            for (index, place) in places.enumerated() { out[index] = Double(place) }
        }
    }

    /// The distinct elements, ascending, and how often each occurs.
    public static func unique(_ x: Tensor) throws(Failure) -> (values: Tensor, counts: Tensor) {
        try MemoryLimit.check(32 * x.count)
        let sorted = x.numbers.sorted(by: precedes)
        var values: [Double] = [], counts: [Double] = []
        for number in sorted {
            if let last = values.last, last == number || (last.isNaN && number.isNaN) {
                counts[counts.count - 1] += 1
            } else {
                values.append(number)
                counts.append(1)
            }
        }
        return (try Tensor(values, shape: [values.count], x.dtype), try Tensor(counts))
    }

    public static func median(_ x: Tensor, _ axes: Axes = .all, keepdims: Bool = false) throws(Failure) -> Tensor {
        try percentile(x, 50, axes, keepdims: keepdims, name: "median")
    }

    /// The value below which `percent` of the elements lie, between two of them by linear interpolation.
    public static func percentile(
        _ x: Tensor, _ percent: Double, _ axes: Axes = .all, keepdims: Bool = false, name: String = "percentile"
    ) throws(Failure) -> Tensor {
        guard percent >= 0, percent <= 100 else {
            throw Failure(.value, "a percentile is between 0 and 100, not \(NumberText.plain(percent))")
        }
        try ReductionLayout(x, axes, keepdims: keepdims).refuseNothing(name)
        return try Reduction.byRows(x, axes, keepdims) { row in
            if row.contains(where: { $0.isNaN }) { return .nan }
            let sorted = row.sorted()
            let place = percent / 100 * Double(sorted.count - 1)
            let below = Int(place)
            guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
            let (low, high, part) = (sorted[below], sorted[below + 1], place - Double(below))
            if part == 0 { return low }
            // From the nearer end, as NumPy: exact at both.
            return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
        }
    }

    /// Calls `body` with every row along the axis as float64 and a row of the result, which has the shape of `x`.
    private static func alongRows(
        _ x: Tensor, _ axis: Int, _ body: (UnsafeBufferPointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) throws(Failure) -> Tensor {
        let order = (0..<x.rank).filter { $0 != axis } + [axis]
        let rows = try Shaping.transpose(x, order).float64()
        let result = try Tensor(uninitialized: rows.shape)
        let length = x.shape[axis]
        if x.count > 0 {
            for row in 0..<(x.count / length) {
                body(
                    UnsafeBufferPointer(start: rows.block.float64 + row * length, count: length),
                    result.block.float64 + row * length)
            }
        }
        var back = [Int](repeating: 0, count: x.rank)
        for (place, axis) in order.enumerated() { back[axis] = place }
        return try Shaping.transpose(result, back)
    }
}
