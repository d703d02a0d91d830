import Diagnostics

/// The two ways in which shapes do not fit, with what to write instead.
enum BroadcastFailure {
    static func label(_ a: [Int], _ b: [Int]) -> String {
        "{0} is \(Tensor.text(of: a)), {1} is \(Tensor.text(of: b))"
    }

    /// Two lengths that differ and of which neither is 1.
    static func mismatch(_ a: [Int], _ b: [Int], _ symbol: String, _ left: Int, _ right: Int, axis: Int) -> Failure {
        let (x, y) = (Tensor.text(of: a), Tensor.text(of: b))
        return Failure(
            .shape, "`\(symbol)` of \(x) and \(y) needs \(left) = \(right)", label: label(a, b),
            help: helpForMismatch(a, b, symbol))
    }

    private static func helpForMismatch(_ a: [Int], _ b: [Int], _ symbol: String) -> String? {
        if a.count == 2, b.count == 2, a[0] == b[1], a[1] == b[0] {
            return "{1}.T is \(Tensor.text(of: a))"
        }
        if symbol == "*", a.count == 2, b.count <= 2, a[1] == b.first {
            return "{0} @ {1} is the product of matrices"
        }
        let (low, high, name) = a.count > b.count ? (b, a, "{1}") : (a, b, "{0}")
        // A vector as long as the matrix has rows, and the like.
        if !low.isEmpty, low.count < high.count, Array(high.prefix(low.count)) == low {
            let more = high.count - low.count
            let index = (low.count == 1 ? ":" : "...") + String(repeating: ", new", count: more)
            let each = high.count == 2 ? "each row" : "each \(Tensor.text(of: Array(high.suffix(more)))) part"
            return "\(name)[\(index)] is \(Tensor.text(of: low + Array(repeating: 1, count: more))) and gives \(each) its own element"
        }
        if a.count == 2, b.count == 2, a[1] == b[1], symbol.first?.isLetter != true {
            return "all pairs of rows are {0}[:, new] \(symbol) {1}[new], \(Tensor.text(of: [a[0], b[0], a[1]]))"
        }
        if a.count == b.count, a.count == 1 { return nil }
        return "axes are matched from the right; two lengths go together if they are the same or one of them is 1"
    }

    /// Shapes that NumPy would stretch on both sides.
    static func accident(_ a: [Int], _ b: [Int], _ symbol: String, _ result: [Int]) -> Failure {
        let (x, y) = (Tensor.text(of: a), Tensor.text(of: b))
        return Failure(
            .shape, "`\(symbol)` of \(x) and \(y) would stretch both to \(Tensor.text(of: result))", label: label(a, b),
            help: helpForAccident(a, b, symbol, result))
    }

    private static func helpForAccident(_ a: [Int], _ b: [Int], _ symbol: String, _ result: [Int]) -> String {
        let (low, high, lowName, highName) = a.count > b.count ? (b, a, "{1}", "{0}") : (a, b, "{0}", "{1}")
        guard low.count == 1, high.count == 2, high[1] == 1 else {
            // Of equal ranks both may stretch.
            let more = high.count - low.count
            let index = Array(repeating: "new", count: more).joined(separator: ", ")
            let shape = Tensor.text(of: Array(repeating: 1, count: more) + low)
            return "\(lowName)[\(index)] is \(shape) and gives \(Tensor.text(of: result))"
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
