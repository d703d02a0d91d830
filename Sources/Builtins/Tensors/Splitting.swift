import Diagnostics
import Language
import Tensors

/// Parts of a string or of a tensor.
enum Splitting {
    static let builtins: [Builtin] = [split]

    static let split = Builtin(
        "split", "the parts of a string between separators, or of a tensor along an axis",
        [
            .init("x", "string or tensor", .required, .positional, "what is divided"),
            .init(
                "by", "string, integer or numbers", .none, .positional,
                "a string's separator, white space without one; a tensor's number of equal parts, or where it is cut"),
            TensorParameter.axis(0, "the axis of a tensor that is divided"),
        ],
        shapes: "[6, d], 3 -> 3 of [2, d]", example: "split(\"a,b,c\", \",\")  # [\"a\", \"b\", \"c\"]",
        tracing: .moves
    ) { call throws(Failure) in
        if let text = call[0].string {
            return Value(list: try pieces(text, call.optionalString(1), call).map { Value(string: $0) })
        }
        let x = try call.tensor(0)
        let parts = try call[1].isNumber
            ? Joining.split(x, into: call.int(1), axis: call.int(2))
            : Joining.split(x, at: call.ints(1), axis: call.int(2))
        return Value(list: parts.map { Value(tensor: $0) })
    }

    /// Between separators, empty pieces among them; between runs of white space without one.
    private static func pieces(
        _ text: String, _ separator: String?, _ call: borrowing Call
    ) throws(Failure) -> [String] {
        guard let separator else { return text.split(whereSeparator: \.isWhitespace).map(String.init) }
        let bytes = Array(text.utf8), mark = Array(separator.utf8)
        guard let first = mark.first else { throw call.refused(1, "cannot be empty", help: "list(s) gives the characters") }
        var pieces: [String] = []
        var start = 0, index = 0
        while index + mark.count <= bytes.count {
            if bytes[index] == first, bytes[index..<(index + mark.count)].elementsEqual(mark) {
                pieces.append(String(decoding: bytes[start..<index], as: UTF8.self))
                // A piece is a block of its own besides.
                if pieces.count & 0xFFFFF == 0 {
                    try Interruption.check()
                    try MemoryLimit.check(160 * pieces.count)
                }
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }
}
