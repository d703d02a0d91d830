import Diagnostics
import Language
import Neural
import Tensors

/// Learning rates that change while training goes on: `adam(cosine_decay(0.01, steps=1000))`.
enum ScheduleFunctions {
    static let builtins: [Builtin] = [constantRate, cosineDecay, exponentialDecay, stepDecay, warmup]

    private static let rate = Builtin.Parameter("rate", "number > 0", .required, .positional, "the learning rate at the beginning")
    private static let per = Builtin.Parameter("per", "string", .string("step"), .keyword, "what t counts: \"step\", or \"epoch\" of fit")
    private static let example = "formula(sgd(cosine_decay(0.1, steps=100)))"

    static let constantRate = Builtin(
        "constant_rate", "A learning rate that stays.", [rate], formula: "α(t) = rate", example: "sgd(constant_rate(0.1))"
    ) { call throws(Failure) in Value(native: ScheduleObject(try .constant(call.number(0)))) }

    static let stepDecay = Builtin(
        "step_decay", "A learning rate that falls in steps.",
        [
            rate, .init("every", "number > 0", .required, .positional, "how long each step lasts"),
            .init("factor", "number > 0", .number(0.5), .positional, "what it is multiplied by at each"), per,
        ],
        formula: "α(t) = rate factor^⌊t / every⌋, t from 0", example: "sgd(step_decay(0.1, every=10, per=\"epoch\"))"
    ) { call throws(Failure) in
        Value(
            native: ScheduleObject(
                try .steps(call.number(0), every: call.number(1), factor: call.number(2), per: call.unit(3))))
    }

    static let exponentialDecay = Builtin(
        "exponential_decay", "A learning rate that falls all the time.",
        [
            rate, .init("every", "number > 0", .required, .positional, "after how long the factor is reached"),
            .init("factor", "number > 0", .number(0.5), .positional, "what it is multiplied by in that time"), per,
        ],
        formula: "α(t) = rate factor^(t / every), t from 0", example: "sgd(exponential_decay(0.1, every=100, factor=0.9))"
    ) { call throws(Failure) in
        Value(
            native: ScheduleObject(
                try .exponential(call.number(0), every: call.number(1), factor: call.number(2), per: call.unit(3))))
    }

    static let cosineDecay = Builtin(
        "cosine_decay", "A learning rate that falls along half a cosine and then stays.",
        [
            rate, .init("steps", "number > 0", .required, .positional, "how long it falls"),
            .init("least", "number", .number(0), .positional, "where it ends"), per,
        ],
        formula: "α(t) = least + (rate - least) (1 + cos(π min(t, steps) / steps)) / 2", example: example,
        source: "Loshchilov and Hutter 2017, arXiv:1608.03983"
    ) { call throws(Failure) in
        Value(
            native: ScheduleObject(
                try .cosine(call.number(0), over: call.number(1), least: call.number(2), per: call.unit(3))))
    }

    static let warmup = Builtin(
        "warmup", "A learning rate that rises along a straight line, and then is another schedule from its beginning.",
        [
            .init("schedule", "schedule or number", .required, .positional, "what comes after"),
            .init("steps", "number > 0", .required, .positional, "how long it rises"),
        ],
        formula: "α(t) = after(0) (t + 1) / steps while t < steps, then after(t - steps)",
        example: "adam(warmup(cosine_decay(0.001, steps=1000), steps=100))"
    ) { call throws(Failure) in
        let after: Schedule
        if let object = call[0].native as? ScheduleObject {
            after = object.schedule
        } else if call[0].isNumber {
            after = try .constant(call.number(0))
        } else {
            throw call.unexpected(0, "a schedule or a number")
        }
        return Value(native: ScheduleObject(try .warmup(call.number(1), then: after)))
    }
}

/// A schedule as a value. Called it gives the rate at t.
final class ScheduleObject: NativeObject {
    let schedule: Schedule

    init(_ schedule: Schedule) { self.schedule = schedule }

    override var typeName: String { "schedule" }
    override var description: String { schedule.text }
    override var isCallable: Bool { true }
    override var callParameters: [Builtin.Parameter] { [.init("t", "number")] }
    override func call(_ call: borrowing Call) throws(Failure) -> Value {
        let t = try call.number(0)
        guard t >= 0 else { throw call.refused(0, "must be 0 or more") }
        return Value(schedule.rate(at: t))
    }
}

extension Call {
    fileprivate func unit(_ index: Int) throws(Failure) -> Schedule.Unit {
        if let unit = Schedule.Unit(rawValue: try string(index)) { return unit }
        throw refused(index, "must be \"step\" or \"epoch\"")
    }
}
