import Diagnostics
import Language
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Functions that belong to the language itself.
enum CoreFunctions {
    static let builtins: [Builtin] = [print, type, error, seed, clock]

    static let print = Builtin(
        "print", "writes its arguments on a line, with spaces between them",
        [
            Builtin.Parameter("values", "anything", .absent, .variadic, "what is written"),
            Builtin.Parameter("sep", "string", .string(" "), .keyword, "what stands between two values"),
            Builtin.Parameter("end", "string", .string("\n"), .keyword, "what follows the last value"),
        ],
        example: "print(\"loss\", 0.25)  # loss 0.25", tracing: .itself
    ) { call throws(Failure) in
        if call.interpreter.isTracing { try call.tracing.tape.marks.insert(.printed) }
        let separator = try call.string(1)
        var line = ""
        for (index, value) in call.rest.enumerated() {
            if index > 0 { line += separator }
            line += call.interpreter.text(value, .print)
        }
        call.interpreter.host.write(line + (try call.string(2)))
        return .none
    }

    static let type = Builtin(
        "type", "the name of a value's type", [Builtin.Parameter("value", "anything", .required, .positional, "the value")], example: "type([1, 2])  # \"tensor\"", tracing: .itself
    ) { call throws(Failure) in Value(string: call[0].typeName) }

    static let error = Builtin(
        "error", "stops with an error of kind `error`; what `catch e` gave is raised again as it was",
        [Builtin.Parameter("message", "string", .required, .positional, "what went wrong, or what `catch` gave")], example: "try { error(\"too few samples\") } catch e { e.message }  # \"too few samples\"", tracing: .itself
    ) { call throws(Failure) in
        if let again = CaughtFailure.of(call[0]) { throw again }
        throw Failure(.error, call[0].string ?? call.interpreter.text(call[0], .print))
    }

    static let seed = Builtin(
        "seed", "sets the seed of all random numbers from here on, in this cell and those after it",
        [Builtin.Parameter("n", "integer >= 0", .required, .positional, "the seed")], example: "seed(42)"
    ) { call throws(Failure) in
        let number = try call.int(0)
        guard let seed = UInt64(exactly: number) else { throw call.refused(0, "must be 0 or more") }
        call.interpreter.reseed(seed)
        return .none
    }

    static let clock = Builtin(
        "clock", "seconds since some moment, for measuring how long something takes", [],
        example: "start = clock(); clock() - start < 1  # true"
    ) { _ throws(Failure) in
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Value(Double(now.tv_sec) + Double(now.tv_nsec) / 1e9)
    }
}
