import Diagnostics
import Tensors

/// Where a failure arose and through which calls it has come so far.
final class Trace {
    let failure: Failure
    let source: Source
    let span: Span
    /// The spans of the failing instruction's operands.
    let operands: [Span]
    /// The function it arose in.
    let function: String
    /// Calls, innermost first: the function that was left and the place that it was called from.
    var calls: [Diagnostic.Frame] = []

    init(failure: Failure, source: Source, span: Span, operands: [Span], function: String) {
        self.failure = failure
        self.source = source
        self.span = span
        self.operands = operands
        self.function = function
    }
}

/// What `catch e` gives.
final class CaughtError: NativeObject {
    let failure: Failure
    let message: String
    let help: String?

    init(_ failure: Failure, message: String, help: String?) {
        self.failure = failure
        self.message = message
        self.help = help
    }

    override var typeName: String { "error" }
    override var fieldNames: [String] { ["kind", "message", "help"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "kind": Value(string: failure.kind.rawValue)
        case "message": Value(string: message)
        case "help": help.map { Value(string: $0) } ?? Value.none
        default: nil
        }
    }
    override var description: String { "\(failure.kind.rawValue) error: \(message)" }
}

extension Machine {
    /// The number of the instruction that `pc` lies behind.
    static func number(of pc: UnsafeMutablePointer<Instruction>, in code: UnsafeMutablePointer<Code>) -> Int {
        var number = pc - code.pointee.instructions - 1
        while number > 0, code.pointee.instructions[number].op == .extra { number -= 1 }
        return max(number, 0)
    }

    /// Leaves frames up to the nearest `catch` of the failure, where the loop goes on; false when Swift's code made the
    /// call that is left last.
    @inline(never)
    func unwind() -> Bool {
        let s = state
        var failure = s.pointee.failure ?? Failure(.internal, "stopped without a reason")
        // A builtin that was stopped cannot know why.
        if failure.kind == .interrupt, Interruption.isRequested, Interruption.failure.kind != .interrupt {
            failure = Failure(Interruption.failure.kind, "\(Interruption.failure.message): \(failure.message)")
            s.pointee.failure = failure
        }
        note(failure)
        while true {
            let code = s.pointee.code
            let info = code.pointee.info
            let number = Machine.number(of: s.pointee.pc, in: code)
            if failure.kind != .interrupt, failure.kind != .timeout,
                let handler = info.handlers.first(where: { $0.start <= number && number < $0.end })
            {
                clear(from: handler.temporaries, to: code.pointee.registerCount)
                let caught = CaughtError(
                    failure, message: Machine.filled(failure.message, s.pointee.trace),
                    help: failure.help.map { Machine.filled($0, s.pointee.trace) })
                put(s.pointee.registers + handler.register, Value(native: caught))
                s.pointee.pc = code.pointee.instructions + handler.target
                s.pointee.failure = nil
                s.pointee.trace = nil
                return true
            }
            clear(from: code.pointee.isMain ? Interpreter.globalCapacity : 0, to: code.pointee.registerCount)
            let frame = s.pointee.frame - 1
            s.pointee.frame = frame
            guard let back = frame.pointee.pc else { return false }
            let name = info.name
            s.pointee.pc = back
            s.pointee.registers = frame.pointee.registers
            s.pointee.code = frame.pointee.code
            let caller = frame.pointee.code.pointee.info
            let place = Machine.number(of: back, in: frame.pointee.code)
            if let trace = s.pointee.trace, trace.calls.count < 100, place < caller.spans.count,
                !caller.source.bytes.isEmpty
            {
                trace.calls.append(Diagnostic.Frame(function: name, source: caller.source, span: caller.spans[place]))
            }
        }
    }

    private func clear(from start: Int, to end: Int) {
        let registers = state.pointee.registers
        for index in start..<max(end, start) {
            let value = registers[index]
            if value.isObject {
                registers[index] = .none
                value.release(heap)
            }
        }
    }

    /// Begins the trace of a failure that has none yet.
    private func note(_ failure: Failure) {
        let s = state
        if let trace = s.pointee.trace, trace.failure === failure { return }
        let code = s.pointee.code
        let info = code.pointee.info
        let number = Machine.number(of: s.pointee.pc, in: code)
        var span = number < info.spans.count ? info.spans[number] : Span(0, 0)
        var operands = info.operandSpans[number] ?? []
        // Of a call, `argument` and `{0}` count from the first argument; the spans have the callee before them.
        if isCall(code.pointee.instructions[number].op) {
            operands = Array(operands.dropFirst())
            if let keyword = failure.keyword, let place = operands.last(where: { info.source.text($0) == keyword }) {
                span = place
            } else if let argument = failure.argument, operands.count > argument {
                span = operands[argument]
            }
        }
        s.pointee.trace = Trace(
            failure: failure, source: info.source, span: span, operands: operands, function: info.name)
    }

    private func isCall(_ op: Op) -> Bool {
        switch op {
        case .call, .callGlobal, .invoke: true
        default: false
        }
    }

    /// `{0}` and `{1}` replaced by the source text of the operands, in parentheses where code around it needs them.
    static func filled(_ text: String, _ trace: Trace?) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")), let trace else { return text }
        var result = text
        for (number, span) in trace.operands.prefix(8).enumerated() {
            let words = trace.source.text(span)
            if words.utf8.count <= 40, !words.contains("\n") {
                result = replaced(result, "{\(number)}", words, isTight: isTight(words))
            } else {
                result = replaced(result, "{\(number)}", number == 0 ? "the left side" : "the right side", isTight: true)
            }
        }
        return result
    }

    private static func replaced(_ text: String, _ mark: String, _ words: String, isTight: Bool) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            if rest[start...].hasPrefix(mark) {
                rest = rest[rest.index(start, offsetBy: mark.count)...]
                let isBefore = [".T", ".r", "[", "(", " @ ", " * "].contains { rest.hasPrefix($0) }
                let isOperand = isBefore || result.hasSuffix(" @ ") || result.hasSuffix(" * ")
                result += isTight || !isOperand ? words : "(\(words))"
            } else {
                result += "{"
                rest = rest[rest.index(after: start)...]
            }
        }
        return result + rest
    }

    /// Whether no operator stands outside the brackets of an expression.
    private static func isTight(_ words: String) -> Bool {
        var depth = 0
        for scalar in words.unicodeScalars {
            switch scalar {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case " ", "+", "-", "*", "/", "%", "^", "@", "&", "|", "<", ">", "=", "!", "·", "⊙", "−", "√", "∇", "≤", "≥", "≠":
                if depth == 0 { return false }
            default: break
            }
        }
        return true
    }

    /// The failure with its place, for the front end.
    func diagnostic(_ failure: Failure) -> Diagnostic {
        let trace = state.pointee.trace
        var labels: [Diagnostic.Label] = []
        if let trace {
            labels = [Diagnostic.Label(trace.source, trace.span, Machine.filled(failure.label ?? "", trace))]
        }
        var calls = trace?.calls ?? []
        if !calls.isEmpty, let trace {
            calls.insert(Diagnostic.Frame(function: trace.function, source: trace.source, span: trace.span), at: 0)
            // Each entry names the function that its place lies in.
            for index in calls.indices.dropFirst() where index + 1 < calls.count { calls[index].function = calls[index + 1].function }
            calls[calls.count - 1].function = ""
        }
        return Diagnostic(
            .error, failure.kind, Machine.filled(failure.message, trace), labels: labels,
            help: failure.help.map { [Machine.filled($0, trace)] } ?? [], calls: calls)
    }

    // MARK: the commonest failures

    func unbound(_ symbol: Int) -> Failure {
        let name = state.pointee.interpreter.symbols.name(symbol)
        let isFunction = !state.pointee.code.pointee.isMain
        return Failure(
            .name, "`\(name)` has no value yet",
            help: isFunction
                ? "this function assigns `\(name)`, so here the name is its own; give it a value before this line, or take it as a parameter"
                : "the line that gives it a value has not run yet")
    }

    func unbound(slot: Int) -> Failure {
        let name = state.pointee.interpreter.name(ofSlot: slot)
        return Failure(
            .name, "`\(name)` has no value yet", help: "a line that gives it a value has to run before this function is called")
    }

    func notABool(_ value: Value, isNot: Bool) -> Failure {
        let what = isNot ? "`not` takes true or false" : "a condition is true or false"
        var help: String?
        if value.isObject(.tensor) || value.isTraced && !value.tracedObject.shape.isEmpty {
            help = isNot ? "of a mask, `M == false` is the opposite; all(...) and any(...) give one bool"
                : "all(...) and any(...) make one bool of a tensor; masks are combined by & and |"
        } else if value.isNumber || value.isTraced {
            help = "compare: {0} != 0"
        } else if value.isObject, Iteration.length(value) != nil {
            help = "compare: len({0}) > 0"
        } else if value.isNone {
            help = "compare: {0} == none"
        }
        return Failure(.type, "\(what), not \(value.inWords)", help: help)
    }
}
