import Diagnostics

/// The same elements in another arrangement. Results are new tensors (or the operand itself where nothing changes).
public enum Shaping {
    /// Under another shape of as many elements; one length may be -1 and is worked out.
    public static func reshape(_ x: Tensor, _ shape: [Int]) throws(Failure) -> Tensor {
        var shape = shape
        var known = 1
        var open: Int?
        for (axis, length) in shape.enumerated() {
            if length == -1 {
                if open != nil { throw Failure(.shape, "only one length of a shape can be -1") }
                open = axis
            } else {
                guard length >= 0 else { throw Failure(.shape, "an axis cannot have the negative length \(length)") }
                let (product, over) = known.multipliedReportingOverflow(by: length)
                known = over ? -1 : product
                if over { break }
            }
        }
        let asked = Tensor.text(of: shape)
        if let open, known > 0, x.count % known == 0 {
            shape[open] = x.count / known
            known = x.count
        }
        guard known == x.count, !shape.contains(-1) else {
            throw Failure(
                .shape, "\(x.count) elements cannot have the shape \(asked)",
                label: "{0} is \(Tensor.text(of: x.shape))", help: reshapeHelp(shape, x.count))
        }
        if shape == x.shape { return x }
        return Tensor(adopting: try x.block.copy(as: shape, Heap.current))
    }

    private static func reshapeHelp(_ shape: [Int], _ count: Int) -> String? {
        guard let last = shape.last, shape.count == 2, last > 0, count % last == 0 else { return nil }
        return "reshape(-1, \(last)) gives \(Tensor.text(of: [count / last, last]))"
    }

    public static func ravel(_ x: Tensor) throws(Failure) -> Tensor {
        x.rank == 1 ? x : Tensor(adopting: try x.block.copy(as: [x.count], Heap.current))
    }

    /// The axes in another order; reversed where none is given.
    public static func transpose(_ x: Tensor, _ order: [Int]? = nil) throws(Failure) -> Tensor {
        let rank = x.rank
        var axes: [Int] = []
        for axis in order ?? Array((0..<rank).reversed()) { axes.append(try Axes.resolved(axis, rank: rank)) }
        guard Set(axes).count == rank, axes.count == rank else {
            throw Failure(.shape, "the order of axes must name each of 0 to \(rank - 1) once")
        }
        if axes == Array(0..<rank) { return x }
        return Tensor(adopting: try transpose(x.block, axes, Heap.current))
    }

    /// `Xᵀ`: the axes reversed.
    public static func transpose(_ a: TensorBlock, _ heap: Heap) throws(Failure) -> TensorBlock {
        if a.rank < 2 {
            a.retain()
            return a
        }
        if a.rank == 2 {
            let result = try TensorBlock.make(like: a, a.dtype, heap)
            (result.dims[0], result.dims[1]) = (a.dims[1], a.dims[0])
            StridedCopy.transpose(a, into: result)
            return result
        }
        return try transpose(a, Array((0..<a.rank).reversed()), heap)
    }

    private static func transpose(_ a: TensorBlock, _ axes: [Int], _ heap: Heap) throws(Failure) -> TensorBlock {
        let dims = a.shape
        let strides = Broadcast.strides(of: dims, over: dims)
        let result = try TensorBlock.make(axes.map { dims[$0] }, a.dtype, heap)
        StridedCopy.copy(from: a, offset: 0, strides: axes.map { strides[$0] }, into: result)
        return result
    }

    /// Without axes of length 1: the given one, or all.
    public static func squeeze(_ x: Tensor, axis: Int? = nil) throws(Failure) -> Tensor {
        var shape = x.shape
        if let axis {
            let resolved = try Axes.resolved(axis, rank: x.rank)
            guard shape[resolved] == 1 else {
                throw Failure(
                    .shape, "axis \(axis) has the length \(shape[resolved]), only one of length 1 can be squeezed",
                    label: "{0} is \(Tensor.text(of: shape))")
            }
            shape.remove(at: resolved)
        } else {
            shape.removeAll { $0 == 1 }
        }
        return try reshape(x, shape)
    }

    /// With a new axis of length 1 at that place.
    public static func expand(_ x: Tensor, axis: Int) throws(Failure) -> Tensor {
        var shape = x.shape
        shape.insert(1, at: try Axes.resolved(axis, rank: x.rank + 1))
        return try reshape(x, shape)
    }

    /// Reversed along the axes.
    public static func flip(_ x: Tensor, _ axes: Axes = .all) throws(Failure) -> Tensor {
        var strides = Broadcast.strides(of: x.shape, over: x.shape)
        var offset = 0
        let result = try Tensor(uninitialized: x.shape, x.dtype)
        for axis in try axes.resolved(rank: x.rank) where x.shape[axis] > 0 {
            offset += (x.shape[axis] - 1) * strides[axis]
            strides[axis] = -strides[axis]
        }
        StridedCopy.copy(from: x.block, offset: offset, strides: strides, into: result.block)
        return result
    }

    /// Moved on along an axis by `shift` places, what leaves comes in again; over the flat tensor without an axis.
    public static func roll(_ x: Tensor, _ shift: Int, axis: Int? = nil) throws(Failure) -> Tensor {
        guard let axis else { return try reshape(roll(ravel(x), shift, axis: 0), x.shape) }
        let resolved = try Axes.resolved(axis, rank: x.rank)
        let length = x.shape[resolved]
        guard length > 1 else { return x }
        // What stands at the end comes to the front. The remainder first: a shift may be huge.
        let cut = (length - shift % length) % length
        return try Joining.concatenate(
            [
                take(x, axis: resolved, from: cut, to: length), take(x, axis: resolved, from: 0, to: cut),
            ], axis: resolved)
    }

    /// The part of an axis from `start` up to but not including `end`; both within it.
    static func take(_ x: Tensor, axis: Int, from start: Int, to end: Int) throws(Failure) -> Tensor {
        let index = [Index](repeating: .all, count: axis) + [.slice(start: start, stop: end)]
        return try Indexing.get(x, index)
    }

    /// With `before` and `after` more places along each axis, filled with a number.
    public static func pad(
        _ x: Tensor, _ widths: [(before: Int, after: Int)], value: Double = 0
    ) throws(Failure) -> Tensor {
        guard widths.count == x.rank else {
            throw Failure(.argument, "\(widths.count) widths for a tensor of \(x.rank) axes")
        }
        var shape: [Int] = []
        for (axis, width) in widths.enumerated() {
            guard width.before >= 0, width.after >= 0 else {
                throw Failure(.value, "a width of padding cannot be negative")
            }
            let (some, over) = x.shape[axis].addingReportingOverflow(width.before)
            let (all, overAll) = some.addingReportingOverflow(width.after)
            guard !over, !overAll else { throw Failure(.memory, "the padding is too wide") }
            shape.append(all)
        }
        let result = try Making.full(shape, value, x.dtype)
        let place = widths.enumerated().map { axis, width in
            Index.slice(start: width.before, stop: width.before + x.shape[axis])
        }
        try Indexing.set(result.block, place, x.block, Heap.current)
        return result
    }

    /// Repeated as a whole along each axis.
    public static func tile(_ x: Tensor, _ counts: [Int]) throws(Failure) -> Tensor {
        var result = x
        if counts.count > x.rank {
            result = try reshape(x, [Int](repeating: 1, count: counts.count - x.rank) + x.shape)
        }
        let lead = result.rank - counts.count
        for (place, count) in counts.enumerated() where count != 1 {
            guard count >= 0 else { throw Failure(.value, "a tensor cannot be repeated \(count) times") }
            result = try repeated(result, count, axis: lead + place, asWhole: true)
        }
        return result
    }

    /// Each element repeated `count` times along an axis, in the flat tensor without one.
    public static func repeated(_ x: Tensor, _ count: Int, axis: Int? = nil) throws(Failure) -> Tensor {
        try repeated(x, count, axis: axis, asWhole: false)
    }

    /// Each element, or all that lie along the axis one after the other.
    private static func repeated(
        _ x: Tensor, _ count: Int, axis: Int?, asWhole: Bool
    ) throws(Failure) -> Tensor {
        guard count >= 0 else { throw Failure(.value, "an element cannot be repeated \(count) times") }
        guard let axis else { return try repeated(ravel(x), count, axis: 0) }
        let resolved = try Axes.resolved(axis, rank: x.rank)
        // A new axis along which nothing moves, before or behind the one that is repeated.
        let place = asWhole ? resolved : resolved + 1
        let strides = Broadcast.strides(of: x.shape, over: x.shape)
        var shape = x.shape
        shape.insert(count, at: place)
        let result = try Tensor(uninitialized: shape, x.dtype)
        StridedCopy.copy(
            from: x.block, offset: 0, strides: strides[..<place] + [0] + strides[place...],
            into: result.block)
        shape.remove(at: place)
        shape[resolved] = x.shape[resolved] * count
        return try reshape(result, shape)
    }
}
