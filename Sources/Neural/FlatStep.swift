import Diagnostics
import Tensors

extension Optimizer {
    /// One step on numbers that somebody else keeps, in double precision; `owner` says whose they are, for the averages.
    /// The gradient may be scaled where it is clipped. After a step of nag they stand at the point looked ahead to.
    public func step(
        _ x: UnsafeMutablePointer<Double>, gradient: UnsafeMutablePointer<Double>, count: Int, of owner: AnyObject
    ) throws(Failure) {
        try prepare(for: owner, count: count, .float64)
        guard count > 0 else { return }
        let table = Kernels(.float64).table.pointee
        if let clipValue { table.clip(count, clipValue, gradient) }
        if let clipNorm {
            let length = table.squares(count, gradient).squareRoot()
            if length > clipNorm { table.scale(count, clipNorm / length, gradient) }
        }
        next(.float64).apply(rows: 1, columns: count, stride: count, x: x, g: gradient, byteOffset: 0)
    }
}
