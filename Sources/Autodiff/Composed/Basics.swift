import Diagnostics
import Tensors

/// Operations made of primitives: what a program calls, in the language's own words and rules.
extension Tape {
    /// Σ over some axes, or all.
    public func sum(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        if axes == nil, !keepdims { return self[x].rank == 0 ? x : try number(.sumTo, x) }
        let dims = shape(x)
        let reduced = try resolved(axes, dims.count)
        let kept = dims.indices.map { reduced.contains($0) ? 1 : dims[$0] }
        let total = try sum(x, to: kept)
        return keepdims ? total : try reshape(total, dims.indices.filter { !reduced.contains($0) }.map { dims[$0] })
    }

    /// Σ / n.
    public func mean(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        let total = try sum(x, axes, keepdims: keepdims)
        let (all, left) = (self[x].count, self[total].count)
        guard all > 0 else { throw Failure(.value, "the mean of nothing") }
        return try apply(.divide, total, leaf(Double(all / max(left, 1))))
    }

    /// Σ over the axes along which a value of that shape would be stretched to that of `x`.
    public func sum(_ x: Variable, to dims: [Int]) throws(Failure) -> Variable {
        shape(x) == dims ? x : try record(.sumTo, Arguments(x, list: dims.isEmpty ? [] : dims))
    }

    /// The same, to the shape of `y`, which is known to be so.
    func sum(_ x: Variable, like y: Variable) throws(Failure) -> Variable {
        self[y].rank == 0 ? try number(.sumTo, x) : try append(.sumTo, like: self[y], x)
    }

    /// Stretched to that shape, by the rule of operators.
    public func expand(_ x: Variable, to dims: [Int]) throws(Failure) -> Variable {
        shape(x) == dims ? x : try record(.expand, Arguments(x, list: dims))
    }

    /// The same, to the shape of `y`, which is known to fit.
    func expand(_ x: Variable, like y: Variable) throws(Failure) -> Variable {
        self[x].hasShape(of: self[y]) ? x : try append(.expand, like: self[y], x)
    }

    public func reshape(_ x: Variable, _ dims: [Int]) throws(Failure) -> Variable {
        shape(x) == dims ? x : try view(.reshape, x, dims)
    }

    /// The same, to the shape of `y`, which is known to fit.
    func reshape(_ x: Variable, like y: Variable) throws(Failure) -> Variable {
        self[x].hasShape(of: self[y]) ? x : try view(.reshape, x, like: self[y])
    }

    /// The same value as a variable of its own.
    public func alias(_ x: Variable) throws(Failure) -> Variable { try view(.alias, x, like: self[x]) }

    /// The axes in another order; reversed where none is given.
    public func transpose(_ x: Variable, _ order: [Int]? = nil) throws(Failure) -> Variable {
        let order = order ?? Array((0..<shape(x).count).reversed())
        return order == Array(0..<order.count) ? x : try record(.transpose, Arguments(x, list: order))
    }

    /// `x[indices]`.
    public func index(_ x: Variable, _ indices: [Index]) throws(Failure) -> Variable {
        let (dims, offsets) = try Indexing.offsets(indices, of: shape(x))
        return try record(.gather, Arguments(x, list: offsets, dims: dims))
    }

    /// `x` with `x[indices] = value`; of repeated indices the last one counts.
    public func assign(_ x: Variable, _ indices: [Index], _ value: Variable) throws(Failure) -> Variable {
        let dims = shape(x)
        let (place, offsets) = try Indexing.offsets(indices, of: dims)
        if offsets.count > 1, Set(offsets).count < offsets.count {
            var last: [Int: Int] = [:]
            for (position, offset) in offsets.enumerated() { last[offset] = position }
            let kept = last.sorted { $0.key < $1.key }
            let flat = try record(.gather, Arguments(expand(value, to: place), list: kept.map(\.value), dims: [kept.count]))
            let unique = kept.map { Double($0.key) }
            return try reshape(
                assign(reshape(x, [self[x].count]), [.gather(Tensor(unique))], flat), dims)
        }
        let kept = try constant(like: x) { _ in 1 }
        // The same at every replay: the places follow from shapes alone.
        for offset in offsets { self[kept].data[offset] = 0 }
        let written = try record(.scatter, Arguments(expand(value, to: place), list: offsets, dims: dims))
        return try select(kept, x, written)
    }

    /// `x` with `x[indices] += change`; repeated indices accumulate.
    public func accumulate(_ x: Variable, _ indices: [Index], _ change: Variable) throws(Failure) -> Variable {
        let dims = shape(x)
        let (place, offsets) = try Indexing.offsets(indices, of: dims)
        return try apply(.add, x, record(.scatter, Arguments(expand(change, to: place), list: offsets, dims: dims)))
    }

    /// `a @ b` in all its forms.
    public func product(_ a: Variable, _ b: Variable) throws(Failure) -> Variable {
        // Two matrices need no arrays.
        if self[a].rank == 2, self[b].rank == 2, self[a].dims[1] == self[b].dims[0] { return try matrices(a, b) }
        var (x, y) = (shape(a), shape(b))
        if x.isEmpty || y.isEmpty { return try apply(.multiply, a, b) }
        let inner = x[x.count - 1], other = y[max(y.count - 2, 0)]
        guard inner == other else {
            throw Failure(
                .shape, "the product of \(Tensor.text(of: x)) and \(Tensor.text(of: y)) needs \(inner) = \(other)",
                label: "{0} is \(Tensor.text(of: x)), {1} is \(Tensor.text(of: y))")
        }
        let (isRow, isColumn) = (x.count == 1, y.count == 1)
        if isRow { x = [1] + x }
        if isColumn { y += [1] }
        let rows = x[x.count - 2], columns = y[y.count - 1]
        let stack = y.count == 2 ? Array(x.dropLast(2)) : try Broadcast.shape(Array(x.dropLast(2)), Array(y.dropLast(2)), "@")
        let result: Variable
        if y.count == 2 {
            // A stack of matrices on the left of one matrix is one tall matrix.
            result = try matrices(
                reshape(a, [x.dropLast().reduce(1, *), inner]), reshape(b, y))
        } else {
            result = try matrices(
                expand(reshape(a, x), to: stack + [rows, inner]), expand(reshape(b, y), to: stack + [inner, columns]))
        }
        return try reshape(result, stack + (isRow ? [] : [rows]) + (isColumn ? [] : [columns]))
    }

    /// Matrices, or stacks of as many, with either taken transposed.
    func matrices(
        _ a: Variable, _ b: Variable, transposeFirst: Bool = false, transposeSecond: Bool = false
    ) throws(Failure) -> Variable {
        let detail: UInt8 = (transposeFirst ? 1 : 0) | (transposeSecond ? 2 : 0)
        let (x, y) = (self[a], self[b])
        guard x.rank == 2, y.rank == 2, x.dims[transposeFirst ? 0 : 1] == y.dims[transposeSecond ? 1 : 0] else {
            return try record(.product, Arguments(a, b, detail: detail))
        }
        return try matrix(
            .product, x.dims[transposeFirst ? 1 : 0], y.dims[transposeSecond ? 0 : 1], a, b, detail: detail)
    }

    func resolved(_ axes: [Int]?, _ rank: Int) throws(Failure) -> [Int] {
        var result: [Int] = []
        for axis in axes ?? Array(0..<rank) { result.append(try Axes.resolved(axis, rank: rank)) }
        return result
    }
}
