import Tensors

/// What a node of the tape is made by. Each case has its file in `Primitives/` and its line in `Catalogue`.
public enum Operation: UInt8, Sendable, CaseIterable {
    /// A value from outside; `Node.detail` is 1 where its numbers are somebody else's.
    case leaf
    /// Of two operands element by element; `isElementwise` goes by the place here.
    case add, subtract, multiply, divide, power, maximum, minimum, floorDivide, modulo
    /// A function of one number; `Node.detail` says which.
    case elementary
    /// 0 or 1 by comparing two operands; `Node.detail` says how.
    case compare
    case select
    /// The same numbers under another name, or another shape.
    case alias, reshape
    case transpose, expand, sumTo
    case product
    case gather, scatter
    /// Offsets that follow from the numbers, and what is picked and put by them.
    case places, gatherBy, scatterBy
    case cumulativeSum
    case join
    case softmax, logSumExp
    case inverse, solve, determinant
    /// A function of somebody else's, and its derivative.
    case foreign, foreignDerivative

    @inline(__always)
    var isElementwise: Bool { rawValue <= Operation.modulo.rawValue && self != .leaf }
}

/// A value on a tape. It is good as long as the tape is not reset.
public struct Variable: Hashable, Sendable {
    let index: Int32
}

/// One step of a computation: which operation made it, of what, and its value in the arena.
///
/// Invariant: operands come before the nodes that are made of them.
struct Node {
    var operation: Operation
    /// What else the operation is told in a byte: a function, flags, an axis.
    var detail: UInt8 = 0
    var rank: UInt8
    /// -1 where there is none.
    var first: Int32 = -1
    var second: Int32 = -1
    var third: Int32 = -1
    /// Where the longer arguments of the operation stand in the tape's table; -1 without any.
    var attribute: Int32 = -1
    var count: Int
    var dims: UnsafeMutablePointer<Int>
    var data: UnsafeMutablePointer<Double>

    var shape: [Int] { Array(UnsafeBufferPointer(start: dims, count: Int(rank))) }

    @inline(__always)
    func hasShape(of other: Node) -> Bool {
        guard rank == other.rank, count == other.count else { return false }
        for axis in 0..<Int(rank) where dims[axis] != other.dims[axis] { return false }
        return true
    }

    /// Seen as [outer, length, inner] with that axis in the middle.
    func around(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
        var outer = 1, inner = 1
        for place in 0..<axis { outer *= dims[place] }
        for place in (axis + 1)..<max(Int(rank), axis + 1) { inner *= dims[place] }
        return (outer, axis < Int(rank) ? dims[axis] : 1, inner)
    }
}
