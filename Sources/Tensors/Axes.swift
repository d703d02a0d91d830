import Diagnostics

/// The axes that an operation runs over: `axis=none`, a number or a tuple.
public enum Axes: Sendable {
    case all
    case some([Int])

    public static func one(_ axis: Int) -> Axes { .some([axis]) }

    /// The axes of a tensor of this rank, ascending, from 0; an error for one that it does not have.
    func resolved(rank: Int) throws(Failure) -> [Int] {
        guard case .some(let given) = self else { return Array(0..<rank) }
        var result: [Int] = []
        for axis in given {
            let resolved = try Axes.resolved(axis, rank: rank)
            if result.contains(resolved) { throw Failure(.index, "axis \(axis) is named twice") }
            result.append(resolved)
        }
        return result.sorted()
    }

    /// One axis, counted from the end where negative.
    public static func resolved(_ axis: Int, rank: Int) throws(Failure) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        guard resolved >= 0, resolved < rank else {
            let has = rank == 0 ? "a number has none" : rank == 1 ? "it has only axis 0" : "it has axes 0 to \(rank - 1)"
            throw Failure(.index, "there is no axis \(axis): \(has)")
        }
        return resolved
    }
}

/// A tensor seen as [outer, length, inner] with the reduced axes in the middle.
struct ReductionLayout {
    let source: Tensor
    let outer: Int
    let length: Int
    let inner: Int
    /// With and without the reduced axes (as length 1).
    let shape: [Int]

    /// Reduced axes that are not neighbours are brought to the end by a copy; so are all with `rows`, which makes
    /// `inner` 1.
    init(_ x: Tensor, _ axes: Axes, keepdims: Bool, rows: Bool = false) throws(Failure) {
        let dims = x.shape
        let reduced = try axes.resolved(rank: dims.count)
        var shape: [Int] = []
        for (axis, length) in dims.enumerated() {
            if !reduced.contains(axis) { shape.append(length) } else if keepdims { shape.append(1) }
        }
        self.shape = shape
        length = reduced.reduce(1) { $0 * dims[$1] }
        let first = reduced.first ?? dims.count
        let after = first + reduced.count
        if (reduced.last ?? first - 1) == after - 1, !rows || dims[after...].allSatisfy({ $0 == 1 }) {
            source = x
            outer = dims[..<first].reduce(1, *)
            inner = dims[after...].reduce(1, *)
        } else {
            let kept = dims.indices.filter { !reduced.contains($0) }
            source = try Shaping.transpose(x, kept + reduced)
            outer = kept.reduce(1) { $0 * dims[$1] }
            inner = 1
        }
    }

    /// The number of elements of the result.
    var count: Int { outer * inner }

    /// The reductions that have no value for nothing.
    func refuseNothing(_ name: String) throws(Failure) {
        if length == 0, count > 0 {
            throw Failure(.value, "the \(name) of nothing", label: "{0} is \(Tensor.text(of: source.shape))")
        }
    }
}
