import Diagnostics
import Language

/// What `for` runs through.
enum SequenceFunctions {
    static let builtins: [Builtin] = [range, zip, enumerate]

    static let range = Builtin(
        "range", "whole numbers from `start` up to, but not including, `stop`",
        [
            Builtin.Parameter("bounds", "integers", .required, .variadic, "stop; or start, stop; or start, stop, step")
        ],
        formula: "start, start + step, start + 2 step, ... < stop", example: "list(range(2, 5))  # list(2, 3, 4)", tracing: .constant
    ) { call throws(Failure) in
        let bounds = try call.rest.enumerated().map { (index, value) throws(Failure) in
            guard value.isNumber else {
                throw Failure(.type, "`range` takes whole numbers, not \(value.inWords)", argument: index)
            }
            guard let whole = value.int, whole.magnitude < 1 << 53 else {
                throw Failure(
                    .value, "`range` takes whole numbers, not \(call.interpreter.text(value, .print))",
                    help: "arange(start, stop, step) and linspace(start, stop, n) give tensors of any numbers", argument: index)
            }
            return whole
        }
        let (start, stop, step): (Int, Int, Int)
        switch bounds.count {
        case 1: (start, stop, step) = (0, bounds[0], 1)
        case 2: (start, stop, step) = (bounds[0], bounds[1], 1)
        case 3: (start, stop, step) = (bounds[0], bounds[1], bounds[2])
        default: throw Failure(.argument, "`range` takes one to three numbers, \(bounds.count) were given")
        }
        guard step != 0 else { throw Failure(.value, "the step of a range cannot be 0", argument: 2) }
        let distance = step > 0 ? stop - start : start - stop
        let count = distance > 0 ? (distance - 1) / abs(step) + 1 : 0
        return Value(rangeFrom: Double(start), step: Double(step), count: count)
    }

    static let zip = Builtin(
        "zip", "runs through several things side by side, up to the end of the shortest",
        [Builtin.Parameter("sequences", "anything that `for` runs through", .required, .variadic, "what is run through side by side")],
        example: "for x, t in zip([1, 2], [3, 4]) { print(x + t) }", tracing: .itself
    ) { call throws(Failure) in
        guard !call.rest.isEmpty else { throw Failure(.argument, "`zip` takes one thing or more to run through") }
        for (index, value) in call.rest.enumerated() { try check(value, "zip", index) }
        return Value(zip: call.rest.map(\.retained))
    }

    static let enumerate = Builtin(
        "enumerate", "runs through something with the number of each element",
        [
            Builtin.Parameter("sequence", "anything that `for` runs through", .required, .positional, "what is run through"),
            Builtin.Parameter("start", "number", .number(0), .positional, "the first number"),
        ],
        example: "for i, x in enumerate([\"a\", \"b\"]) { print(i, x) }", tracing: .itself
    ) { call throws(Failure) in
        try check(call[0], "enumerate", 0)
        return Value(enumerate: call[0].retained, from: try call.number(1))
    }

    private static func check(_ value: Value, _ name: String, _ index: Int) throws(Failure) {
        guard value.isIterable else {
            throw Failure(
                .type, "`\(name)` runs through lists, tensors, ranges and the like, not \(value.inWords)", argument: index)
        }
    }
}
