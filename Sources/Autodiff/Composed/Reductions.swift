import Diagnostics
import Tensors

/// Reductions beyond the sum, and what goes along an axis.
extension Tape {
    /// Σ (x - mean)² / n
    public func variance(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        let centred = try apply(.subtract, x, mean(x, axes, keepdims: true))
        return try mean(apply(.square, centred), axes, keepdims: keepdims)
    }

    /// √(Σ (x - mean)² / n); where all are equal its gradient is taken as 0.
    public func deviation(_ x: Variable, _ axes: [Int]? = nil, keepdims: Bool = false) throws(Failure) -> Variable {
        try root(variance(x, axes, keepdims: keepdims))
    }

    /// (Σ |x|^order)^(1 / order), the greatest |x| for infinity. Where all are 0 the gradient of Euclid's is taken as 0.
    public func norm(
        _ x: Variable, order: Double = 2, _ axes: [Int]? = nil, keepdims: Bool = false
    ) throws(Failure) -> Variable {
        switch order {
        case 2: return try root(sum(apply(.square, x), axes, keepdims: keepdims))
        case 1: return try sum(apply(.abs, x), axes, keepdims: keepdims)
        case .infinity: return try greatest(apply(.abs, x), axes, keepdims: keepdims)
        default:
            guard order > 0 else { throw Failure(.value, "the order of a norm is above 0, not \(NumberText.plain(order))") }
            let powers = try sum(apply(.power, apply(.abs, x), leaf(order)), axes, keepdims: keepdims)
            return try apply(.power, powers, leaf(1 / order))
        }
    }

    /// √x, with the slope 0 where x is 0.
    private func root(_ x: Variable) throws(Failure) -> Variable {
        let isZero = try compare(.equal, x, leaf(0))
        let safe = try select(isZero, leaf(1), x)
        return try select(isZero, leaf(0), apply(.sqrt, safe))
    }

    /// Π over some axes, or all: halves are multiplied with each other, so that no division is in the gradient.
    public func product(_ x: Variable, over axes: [Int]?, keepdims: Bool = false) throws(Failure) -> Variable {
        var (rows, reduced) = try rows(x, axes)
        let lead = [Index](repeating: .all, count: shape(rows).count - 1)
        var length = shape(rows).last ?? 1
        if length == 0 { rows = try constant(Making.full(shape(rows).dropLast() + [1], 1)) }
        while length > 1 {
            let half = length / 2
            var next = try apply(
                .multiply, index(rows, lead + [.slice(start: 0, stop: half)]),
                index(rows, lead + [.slice(start: half, stop: 2 * half)]))
            if length % 2 == 1 { next = try join(next, index(rows, lead + [.slice(start: length - 1)]), axis: lead.count) }
            rows = next
            length = half + length % 2
        }
        return try reshape(rows, kept(shape(x), reduced, keepdims))
    }

    /// Running sums along an axis.
    public func cumulativeSum(_ x: Variable, axis: Int) throws(Failure) -> Variable {
        let axis = try Axes.resolved(axis, rank: shape(x).count)
        return try record(.cumulativeSum, Arguments(x, detail: UInt8(truncatingIfNeeded: axis << 1)))
    }

    /// Running products along an axis, in ⌈log₂ n⌉ rounds.
    public func cumulativeProduct(_ x: Variable, axis: Int) throws(Failure) -> Variable {
        let dims = shape(x)
        let axis = try Axes.resolved(axis, rank: dims.count)
        let lead = [Index](repeating: .all, count: axis)
        var result = x
        var step = 1
        while step < dims[axis] {
            let front = try index(result, lead + [.slice(start: 0, stop: step)])
            let later = try apply(
                .multiply, index(result, lead + [.slice(start: step)]),
                index(result, lead + [.slice(start: 0, stop: dims[axis] - step)]))
            result = try join(front, later, axis: axis)
            step *= 2
        }
        return result
    }

    // MARK: softmax and its kin

    /// exp(x) / Σ exp(x) along an axis.
    public func softmax(_ x: Variable, axis: Int = -1) throws(Failure) -> Variable {
        let axis = try Axes.resolved(axis, rank: shape(x).count)
        return try record(.softmax, Arguments(x, detail: UInt8(truncatingIfNeeded: axis)))
    }

    /// ln Σ exp(x) along an axis, without overflow.
    public func logSumExp(_ x: Variable, axis: Int = -1, keepdims: Bool = false) throws(Failure) -> Variable {
        let dims = shape(x)
        let axis = try Axes.resolved(axis, rank: dims.count)
        let found = try record(.logSumExp, Arguments(x, detail: UInt8(truncatingIfNeeded: axis)))
        return try reshape(found, kept(dims, [axis], keepdims))
    }

    /// x - ln Σ exp(x) along an axis.
    public func logSoftmax(_ x: Variable, axis: Int = -1) throws(Failure) -> Variable {
        try apply(.subtract, x, logSumExp(x, axis: axis, keepdims: true))
    }
}
