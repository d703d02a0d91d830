import Diagnostics
import Tensors

/// Operations that bring elements into another shape or order.
extension Tape {
    /// A value that nothing flows back through.
    public func constant(_ x: Tensor) throws(Failure) -> Variable { try leaf(x) }

    /// What an operation that only moves elements makes of `x` (flip, roll, tile, repeat, a diagonal): it is asked once
    /// with offsets for elements. An offset of -1 stands for 0, as in padding.
    public func rearranged(_ x: Variable, _ move: (Tensor) throws(Failure) -> Tensor) throws(Failure) -> Variable {
        let offsets = try Tensor(uninitialized: shape(x))
        for offset in 0..<offsets.count { offsets.block.float64[offset] = Double(offset) }
        let moved = try move(offsets)
        var list: [Int] = []
        list.reserveCapacity(moved.count)
        for index in 0..<moved.count { list.append(Int(exactly: moved.block.number(at: index)) ?? -1) }
        return try record(.gather, Arguments(x, list: list, dims: moved.shape))
    }

    /// With so many more places before and behind along each axis, filled with a number.
    public func padded(
        _ x: Variable, _ widths: [(before: Int, after: Int)], value: Double = 0
    ) throws(Failure) -> Variable {
        let spread = try rearranged(x) { offsets throws(Failure) in try Shaping.pad(offsets, widths, value: -1) }
        guard value != 0 else { return spread }
        let margin = try Shaping.pad(Making.full(shape(x), 0), widths, value: value)
        return try apply(.add, spread, leaf(margin))
    }

    func join(_ a: Variable, _ b: Variable, axis: Int) throws(Failure) -> Variable {
        try record(.join, Arguments(a, b, detail: UInt8(truncatingIfNeeded: axis)))
    }

    /// One after the other along an axis.
    public func concatenate(_ parts: [Variable], axis: Int = 0) throws(Failure) -> Variable {
        guard let first = parts.first else { throw Failure(.value, "there is nothing to join") }
        let axis = try Axes.resolved(axis, rank: shape(first).count)
        // Neighbours first, so that an element is copied log n times and not n times.
        var level = parts
        while level.count > 1 {
            var next: [Variable] = []
            for place in stride(from: 0, to: level.count, by: 2) {
                next.append(place + 1 < level.count ? try join(level[place], level[place + 1], axis: axis) : level[place])
            }
            level = next
        }
        return level[0]
    }

    /// As many along a new axis.
    public func stack(_ parts: [Variable], axis: Int = 0) throws(Failure) -> Variable {
        guard let first = parts.first else { throw Failure(.value, "there is nothing to stack") }
        let dims = shape(first)
        let place = try Axes.resolved(axis, rank: dims.count + 1)
        var wide: [Variable] = []
        for part in parts {
            guard shape(part) == dims else {
                throw Failure(
                    .shape,
                    "tensors of the shapes \(Tensor.text(of: dims)) and \(Tensor.text(of: shape(part))) cannot be stacked")
            }
            wide.append(try reshape(part, dims[..<place] + [1] + dims[place...]))
        }
        return try concatenate(wide, axis: place)
    }
}
