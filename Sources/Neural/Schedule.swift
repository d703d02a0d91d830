import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A learning rate that changes while training goes on: a function of t, which counts from 0 the steps made, or the epochs
/// begun before this one.
public struct Schedule: Sendable {
    public enum Unit: String, Sendable, CaseIterable {
        case step, epoch

        /// How t is called in a formula.
        var letter: String { self == .step ? "t" : "epoch" }
    }

    indirect enum Kind: Sendable {
        case constant(Double)
        /// α = rate factor^⌊t / every⌋
        case steps(Double, every: Double, factor: Double)
        /// α = rate factor^(t / every)
        case exponential(Double, every: Double, factor: Double)
        /// From rate to least along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).
        case cosine(Double, over: Double, least: Double)
        /// Up a straight line for so long, then another schedule from its beginning.
        case warmup(Double, then: Schedule)
    }

    let kind: Kind
    public let unit: Unit

    private init(_ kind: Kind, _ unit: Unit) {
        self.kind = kind
        self.unit = unit
    }

    public static func constant(_ rate: Double, per unit: Unit = .step) throws(Failure) -> Schedule {
        try check(rate, "rate of constant_rate")
        return Schedule(.constant(rate), unit)
    }

    public static func steps(
        _ rate: Double, every: Double, factor: Double, per unit: Unit = .step
    ) throws(Failure) -> Schedule {
        try check(rate, "rate of step_decay")
        try check(every, "every of step_decay")
        try check(factor, "factor of step_decay")
        return Schedule(.steps(rate, every: every, factor: factor), unit)
    }

    public static func exponential(
        _ rate: Double, every: Double, factor: Double, per unit: Unit = .step
    ) throws(Failure) -> Schedule {
        try check(rate, "rate of exponential_decay")
        try check(every, "every of exponential_decay")
        try check(factor, "factor of exponential_decay")
        return Schedule(.exponential(rate, every: every, factor: factor), unit)
    }

    public static func cosine(
        _ rate: Double, over: Double, least: Double = 0, per unit: Unit = .step
    ) throws(Failure) -> Schedule {
        try check(rate, "rate of cosine_decay")
        try check(over, "steps of cosine_decay")
        guard least >= 0, least <= rate else {
            throw Failure(.value, "least of cosine_decay must be from 0 to the rate, not \(NumberText.plain(least))")
        }
        return Schedule(.cosine(rate, over: over, least: least), unit)
    }

    public static func warmup(_ duration: Double, then schedule: Schedule) throws(Failure) -> Schedule {
        try check(duration, "steps of warmup")
        return Schedule(.warmup(duration, then: schedule), schedule.unit)
    }

    private static func check(_ value: Double, _ name: String) throws(Failure) {
        guard value.isFinite, value > 0 else {
            throw Failure(.value, "\(name) must be above 0, not \(NumberText.plain(value))")
        }
    }

    /// The rate of a step, both counted from 0.
    public func rate(step: Int, epoch: Int) -> Double { rate(at: Double(unit == .step ? step : epoch)) }

    public func rate(at t: Double) -> Double {
        switch kind {
        case .constant(let rate): rate
        case .steps(let rate, let every, let factor): rate * pow(factor, (t / every).rounded(.down))
        case .exponential(let rate, let every, let factor): rate * pow(factor, t / every)
        case .cosine(let rate, let over, let least): least + 0.5 * (rate - least) * (1 + cos(.pi * min(t, over) / over))
        case .warmup(let duration, let then):
            t < duration ? then.rate(at: 0) * min(1, (t + 1) / duration) : then.rate(at: t - duration)
        }
    }

    /// As it is written: `step_decay(0.1, every=10, factor=0.5)`.
    public var text: String {
        let number = NumberText.plain, end = unit == .step ? ")" : ", per=\"epoch\")"
        switch kind {
        case .constant(let rate): return "constant_rate(\(number(rate))\(end)"
        case .steps(let rate, let every, let factor):
            return "step_decay(\(number(rate)), every=\(number(every)), factor=\(number(factor))\(end)"
        case .exponential(let rate, let every, let factor):
            return "exponential_decay(\(number(rate)), every=\(number(every)), factor=\(number(factor))\(end)"
        case .cosine(let rate, let over, let least):
            return "cosine_decay(\(number(rate)), steps=\(number(over)), least=\(number(least))\(end)"
        case .warmup(let duration, let then): return "warmup(\(then.text), steps=\(number(duration)))"
        }
    }

    /// What is computed: `0.1 0.5^⌊t / 10⌋`.
    public var formula: String { formula(unit.letter) }

    private func formula(_ t: String) -> String {
        let number = NumberText.plain
        switch kind {
        case .constant(let rate): return number(rate)
        case .steps(let rate, let every, let factor): return "\(number(rate)) \(number(factor))^⌊\(t) / \(number(every))⌋"
        case .exponential(let rate, let every, let factor): return "\(number(rate)) \(number(factor))^(\(t) / \(number(every)))"
        case .cosine(let rate, let over, let least):
            return "\(number(least)) + \(number(rate - least)) (1 + cos(π min(\(t), \(number(over))) / \(number(over)))) / 2"
        case .warmup(let duration, let then):
            return "\(number(then.rate(at: 0))) (\(t) + 1) / \(number(duration)) while \(t) < \(number(duration)), then with \(t) counted from there: "
                + then.formula(t)
        }
    }
}
