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

/// The two ways in which shapes do not fit, with what to write instead.
enum BroadcastFailure {
    private static func call(_ symbol: String) -> String { symbol.first?.isLetter == true ? "`\(symbol)`" : "`\(symbol)`" }

    static func label(_ a: [Int], _ b: [Int]) -> String {
        "{0} is \(Tensor.text(of: a)), {1} is \(Tensor.text(of: b))"
    }

    /// Two lengths that differ and of which neither is 1.
    static func mismatch(_ a: [Int], _ b: [Int], _ symbol: String, _ left: Int, _ right: Int, axis: Int) -> Failure {
        let (x, y) = (Tensor.text(of: a), Tensor.text(of: b))
        return Failure(
            .shape, "\(call(symbol)) of \(x) and \(y) needs \(left) = \(right)", label: label(a, b),
            help: helpForMismatch(a, b, symbol))
    }

    private static func helpForMismatch(_ a: [Int], _ b: [Int], _ symbol: String) -> String? {
        if a.count == 2, b.count == 2, a[0] == b[1], a[1] == b[0] {
            return "{1}.T is \(Tensor.text(of: a))"
        }
        if ["*"].contains(symbol), a.count == 2, b.count <= 2, a[1] == b.first {
            return "{0} @ {1} is the product of matrices"
        }
        // A vector as long as the matrix has rows.
        if b.count == 1, a.count == 2, b[0] == a[0] {
            return "{1}[:, new] is \(Tensor.text(of: [b[0], 1])) and gives each row its own element"
        }
        if a.count == 1, b.count == 2, a[0] == b[0] {
            return "{0}[:, new] is \(Tensor.text(of: [a[0], 1])) and gives each row its own element"
        }
        if a.count == b.count, a.count == 1 { return nil }
        return "axes are matched from the right; {0}.reshape(...) or [:, new] changes a shape"
    }

    /// Shapes that NumPy would stretch on both sides.
    static func accident(_ a: [Int], _ b: [Int], _ symbol: String, _ result: [Int]) -> Failure {
        let (x, y) = (Tensor.text(of: a), Tensor.text(of: b))
        return Failure(
            .shape, "\(call(symbol)) of \(x) and \(y) would stretch both to \(Tensor.text(of: result))", label: label(a, b),
            help: helpForAccident(a, b, symbol, result))
    }

    private static func helpForAccident(_ a: [Int], _ b: [Int], _ symbol: String, _ result: [Int]) -> String {
        let high = a.count > b.count ? a : b
        let (highName, lowName) = a.count > b.count ? ("{0}", "{1}") : ("{1}", "{0}")
        let low = a.count > b.count ? b : a
        guard low.count == 1, high.count == 2, high[1] == 1 else {
            return "give both the same number of axes with [:, new], or make one {0}.ravel()"
        }
        let function = symbol.first?.isLetter == true ? "\(symbol)(x, y)" : "x \(symbol) y"
        let outer = "outer({0}.ravel(), {1}.ravel(), (x, y) -> \(function))"
        if high[0] == low[0] {
            return "\(highName).ravel() gives \(Tensor.text(of: low)), \(lowName)[:, new] gives \(Tensor.text(of: high)); "
                + "all pairs are \(outer)"
        }
        return "all pairs are \(outer)"
    }
}
