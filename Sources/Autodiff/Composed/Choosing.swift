import Diagnostics
import Tensors

/// Operations that compare and choose. What they choose follows the numbers, at every replay anew.
extension Tape {
    /// 1 where the comparison holds, else 0, by the rule of operators; nothing flows back.
    public func compare(_ rule: ComparisonRule, _ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        try record(.compare, Arguments(a, b, detail: rule.rawValue))
    }

    /// Elements of `a` where the mask is not 0, of `b` elsewhere, all of one shape or one number. Nothing flows to the mask.
    public func select(_ mask: Variable, _ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        try record(.select, Arguments(mask, a, b))
    }

    /// `where(mask, a, b)`: as `select`, its operands stretched by the rule of operators.
    public func choose(_ mask: Variable, _ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        var dims = try Broadcast.shape(shape(a), shape(b), "where")
        dims = try Broadcast.shape(shape(mask), dims, "where")
        func fitted(_ x: Variable) throws(Failure) -> Variable { self[x].count == 1 ? x : try expand(x, to: dims) }
        return try expand(select(fitted(mask), fitted(a), fitted(b)), to: dims)
    }

    /// The greatest element along some axes, or of all; the gradient goes to the first of equals.
    public func greatest(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        try extreme(x, axes, keepdims, .greatest)
    }

    /// The least element along some axes, or of all; the gradient goes to the first of equals.
    public func least(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        try extreme(x, axes, keepdims, .least)
    }

    private func extreme(
        _ x: Variable, _ axes: [Int]?, _ keepdims: Bool, _ rule: PlaceRule
    ) throws(Failure) -> Variable {
        let (rows, reduced) = try rows(x, axes)
        let places = try record(.places, Arguments(rows, detail: rule.rawValue | UInt8(truncatingIfNeeded: (shape(rows).count - 1) << 2)))
        let found = try record(.gatherBy, Arguments(rows, places))
        return try reshape(found, kept(shape(x), reduced, keepdims))
    }

    /// In order along an axis; the gradient goes back to where each element stood.
    public func sort(_ x: Variable, axis: Int = -1, descending: Bool = false) throws(Failure) -> Variable {
        let axis = try Axes.resolved(axis, rank: shape(x).count)
        let rule = descending ? PlaceRule.descending : .ascending
        let places = try record(.places, Arguments(x, detail: rule.rawValue | UInt8(truncatingIfNeeded: axis << 2)))
        return try record(.gatherBy, Arguments(x, places))
    }

    /// The value below which `percent` of the elements lie, by linear interpolation between two of them.
    public func percentile(
        _ x: Variable, _ percent: Double, _ axes: [Int]? = nil, keepdims: Bool = false
    ) throws(Failure) -> Variable {
        guard percent >= 0, percent <= 100 else {
            throw Failure(.value, "a percentile is between 0 and 100, not \(NumberText.plain(percent))")
        }
        let (rows, reduced) = try rows(x, axes)
        let length = shape(rows).last ?? 1
        guard length > 0 else { throw Failure(.value, "the percentile of nothing") }
        let sorted = try sort(rows)
        let place = percent / 100 * Double(length - 1)
        let below = Int(place)
        let lead = [Index](repeating: .all, count: shape(rows).count - 1)
        let low = try index(sorted, lead + [.at(below)])
        let high = try index(sorted, lead + [.at(min(below + 1, length - 1))])
        let step = try apply(.multiply, apply(.subtract, high, low), leaf(place - Double(below)))
        let found = place == Double(below) ? low : try apply(.add, low, step)
        return try reshape(found, kept(shape(x), reduced, keepdims))
    }

    public func median(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        try percentile(x, 50, axes, keepdims: keepdims)
    }

    // MARK: rows

    /// The reduced axes as one axis at the end.
    func rows(_ x: Variable, _ axes: [Int]?) throws(Failure) -> (rows: Variable, reduced: [Int]) {
        let dims = shape(x)
        let reduced = try resolved(axes, dims.count)
        let outer = dims.indices.filter { !reduced.contains($0) }
        let moved = try transpose(x, outer + reduced.sorted())
        return (try reshape(moved, outer.map { dims[$0] } + [reduced.reduce(1) { $0 * dims[$1] }]), reduced)
    }

    func kept(_ dims: [Int], _ reduced: [Int], _ keepdims: Bool) -> [Int] {
        dims.indices.filter { keepdims || !reduced.contains($0) }.map { reduced.contains($0) ? 1 : dims[$0] }
    }
}
