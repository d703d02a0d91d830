import Diagnostics

/// How two operands of different shapes run over their common result.
///
/// Shapes are aligned at the right. Between equal ranks an axis of length 1 stretches, on either side; between
/// different ranks the result must have the shape of the operand of the higher rank. Everything else is an error:
/// NumPy's silent `[n] - [n, 1] -> [n, n]` costs beginners days.
package struct Broadcast {
    /// The shape of the result.
    package let shape: [Int]
    /// The longest run at the end in which one loop serves, and which operands run in it (`NNB_BOTH_RUN` ...).
    package let run: Int
    package let form: Int32
    /// The axes before the run, and how far each operand moves along them, in elements.
    package let outer: [(length: Int, left: Int, right: Int)]

    package init(_ a: [Int], _ b: [Int], _ symbol: String) throws(Failure) {
        shape = try Broadcast.shape(a, b, symbol)
        let rank = shape.count
        // Strides with 0 where an operand stretches.
        let left = Broadcast.strides(of: a, over: shape)
        let right = Broadcast.strides(of: b, over: shape)
        // Axes of length 1 fit any run; the others must keep to the form of the innermost.
        var run = 1
        var form: Int32 = 0
        var decided = false
        var axis = rank
        while axis > 0 {
            let length = shape[axis - 1]
            if length != 1 {
                let here: Int32 = left[axis - 1] == 0 ? 2 : right[axis - 1] == 0 ? 1 : 0
                if decided, here != form { break }
                form = here
                decided = true
                run *= length
            }
            axis -= 1
        }
        self.run = run
        self.form = form
        var outer: [(length: Int, left: Int, right: Int)] = []
        for axis in 0..<axis where shape[axis] != 1 { outer.append((shape[axis], left[axis], right[axis])) }
        self.outer = outer
    }

    /// Calls `body(offset in the left, in the right, in the result)` for every run.
    @inline(__always)
    package func forEachRun(_ body: (Int, Int, Int) -> Void) {
        if shape.contains(0) { return }
        var position = [Int](repeating: 0, count: outer.count)
        var (left, right, out) = (0, 0, 0)
        while true {
            body(left, right, out)
            out += run
            var axis = outer.count - 1
            while axis >= 0 {
                position[axis] += 1
                left += outer[axis].left
                right += outer[axis].right
                if position[axis] < outer[axis].length { break }
                left -= outer[axis].left * outer[axis].length
                right -= outer[axis].right * outer[axis].length
                position[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    package static func strides(of shape: [Int], over result: [Int]) -> [Int] {
        var strides = [Int](repeating: 0, count: result.count)
        var step = 1
        let lead = result.count - shape.count
        for axis in stride(from: shape.count - 1, through: 0, by: -1) {
            if shape[axis] != 1 || result[lead + axis] == 1 { strides[lead + axis] = step }
            step *= shape[axis]
        }
        return strides
    }

    /// The shape of what two operands make, by the rule above.
    package static func shape(_ a: [Int], _ b: [Int], _ symbol: String) throws(Failure) -> [Int] {
        let rank = max(a.count, b.count)
        var result = [Int](repeating: 0, count: rank)
        for axis in 1...max(rank, 1) where axis <= rank {
            let left = axis <= a.count ? a[a.count - axis] : 1
            let right = axis <= b.count ? b[b.count - axis] : 1
            if left != right, left != 1, right != 1 {
                throw BroadcastFailure.mismatch(a, b, symbol, left, right, axis: rank - axis)
            }
            result[rank - axis] = left == 1 ? right : left
        }
        if a.count != b.count, result != (a.count > b.count ? a : b) {
            throw BroadcastFailure.accident(a, b, symbol, result)
        }
        return result
    }
}
