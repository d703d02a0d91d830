import Diagnostics
import Tensors

/// What `Places` looks for.
enum PlaceRule: UInt8 {
    /// The first of the greatest and of the least; NaN counts as both.
    case greatest, least
    /// All, in order; NaN last, equal ones as they stood.
    case ascending, descending
}

/// Where along an axis the greatest, the least, or all in order stand, as offsets in the flat operand: the axis has
/// the length 1, or stays as it is. Flat everywhere, so nothing flows back through the offsets.
enum Places: Primitive {
    static func shape(_ arguments: Arguments, _ tape: Tape) throws(Failure) -> [Int] {
        var dims = tape.shape(arguments.first)
        let axis = Int(arguments.detail >> 2)
        guard dims.indices.contains(axis) else { throw Failure(.index, "there is no axis \(axis)") }
        guard arguments.detail & 3 < PlaceRule.ascending.rawValue else { return dims }
        let others = dims.indices.reduce(1) { $1 == axis ? $0 : $0 * dims[$1] }
        guard dims[axis] > 0 || others == 0 else {
            throw Failure(.value, "the \(arguments.detail & 3 == 0 ? "maximum" : "minimum") of nothing")
        }
        dims[axis] = 1
        return dims
    }

    static func forward(_ node: Node, _ tape: Tape) {
        let x = tape.operand(node)
        guard let rule = PlaceRule(rawValue: node.detail & 3) else { return }
        let (outer, length, inner) = x.around(Int(node.detail >> 2))
        for block in 0..<outer {
            for column in 0..<inner {
                let start = block * length * inner + column
                switch rule {
                case .greatest, .least:
                    let best = first(x.data, start, length, inner, rule == .greatest)
                    node.data[block * inner + column] = Double(best)
                case .ascending, .descending:
                    sort(x.data, start, length, inner, rule == .descending, node.data)
                }
            }
        }
    }

    private static func first(
        _ x: UnsafePointer<Double>, _ start: Int, _ length: Int, _ step: Int, _ greatest: Bool
    ) -> Int {
        var best = start
        for place in 0..<length {
            let offset = start + place * step
            if x[offset].isNaN { return offset }
            if greatest ? x[offset] > x[best] : x[offset] < x[best] { best = offset }
        }
        return best
    }

    private static func sort(
        _ x: UnsafePointer<Double>, _ start: Int, _ length: Int, _ step: Int, _ descending: Bool,
        _ out: UnsafeMutablePointer<Double>
    ) {
        let order = (0..<length).sorted { a, b in
            let (left, right) = (x[start + a * step], x[start + b * step])
            if left == right || left.isNaN && right.isNaN { return a < b }
            if left.isNaN || right.isNaN { return right.isNaN }
            return descending ? left > right : left < right
        }
        for (place, source) in order.enumerated() { out[start + place * step] = Double(start + source * step) }
    }

    static func derivative(_ node: Variable, _ upstream: Variable, _ reverse: inout ReversePass) throws(Failure) {}
}
