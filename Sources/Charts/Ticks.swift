#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where an axis is marked, and with what words.
struct Ticks: Sendable {
    struct Tick: Sendable, Equatable {
        var value: Double
        var label: String
    }
    var major: [Tick] = []
    /// Unlabelled, between the major ones of a logarithmic scale.
    var minor: [Double] = []
    /// The power of ten by which all labels are to be multiplied: 6 for `×10⁶`; 0 for none.
    var exponent = 0

    /// Ticks at 1, 2 or 5 times a power of ten, about `count` of them and never more than twice that.
    init(for scale: AxisScale, count: Int) {
        let lower = min(scale.lower, scale.upper)
        let upper = max(scale.lower, scale.upper)
        if scale.kind == .log, let ticks = Ticks.logarithmic(lower, upper, count) {
            self = ticks
        } else {
            self = Ticks.linear(lower, upper, count, whole: scale.isIntegral)
        }
    }

    private init() {}

    private static func linear(_ lower: Double, _ upper: Double, _ count: Int, whole: Bool) -> Ticks {
        var ticks = Ticks()
        let range = upper - lower
        guard range > 0, range.isFinite else { return ticks }
        let rough = range / Double(max(count, 1))
        var power = Decimal.exponent(of: rough)
        let lead = rough / Decimal.pow10(power)
        // The nearest of 1, 2, 5, 10.
        var step = lead < 1.5 ? 1.0 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10
        if step == 10 { (step, power) = (1, power + 1) }
        if whole, power < 0 { (step, power) = (1, 0) }

        // Multiples of the step are counted as whole numbers and scaled once, so that no error adds up.
        func value(_ index: Double) -> Double {
            power >= 0 ? index * step * Decimal.pow10(power) : index * step / Decimal.pow10(-power)
        }
        let unit = value(1)
        let first = (lower / unit - 1e-9).rounded(.up)
        let last = (upper / unit + 1e-9).rounded(.down)
        guard unit > 0, last - first < Double(4 * max(count, 1) + 4) else { return ticks }
        var values: [Double] = []
        var index = first
        while index <= last, abs(index) < 9e15 {
            values.append(value(index) + 0)
            index += 1
        }
        let largest = values.reduce(0) { max($0, abs($1)) }
        let size = Decimal.exponent(of: largest)
        if largest > 0, size >= 5 || size <= -4 { ticks.exponent = size }
        let digits = max(0, ticks.exponent - power)
        let factor = Decimal.pow10(-ticks.exponent)
        ticks.major = values.map {
            Tick(value: $0, label: Decimal.fixed(ticks.exponent == 0 ? $0 : $0 * factor, digits).replacingMinus)
        }
        return ticks
    }

    /// Whole decades if there are two or more, 1, 2 and 5 times them where there is one; nil where that gives too few.
    private static func logarithmic(_ lower: Double, _ upper: Double, _ count: Int) -> Ticks? {
        var ticks = Ticks()
        let first = Int((log10(lower) - 1e-9).rounded(.up))
        let last = Int((log10(upper) + 1e-9).rounded(.down))
        let decades = last - first
        let stride = max(1, Int((Double(decades) / Double(max(count, 1))).rounded(.up)))
        let isPlain = first >= -4 && last <= 4
        func label(_ factor: Int, _ power: Int) -> String {
            if isPlain { return Decimal.fixed(Double(factor) * Decimal.pow10(power), max(0, -power)) }
            return (factor == 1 ? "" : "\(factor)·") + "10" + Decimal.superscript(power)
        }
        for power in (first - 1)...(last + 1) {
            for factor in 1...9 {
                let value = Double(factor) * Decimal.pow10(power)
                guard value >= lower * (1 - 1e-9), value <= upper * (1 + 1e-9) else { continue }
                let isMajor = decades >= 2 ? factor == 1 && (power - first) % stride == 0 : [1, 2, 5].contains(factor)
                if isMajor {
                    ticks.major.append(Tick(value: value, label: label(factor, power)))
                } else if stride == 1 || factor == 1 {
                    ticks.minor.append(value)
                }
            }
        }
        return ticks.major.count >= 2 ? ticks : nil
    }
}

extension String {
    /// With the true minus sign, as wide as the plus.
    var replacingMinus: String { first == "-" ? "−" + dropFirst() : self }
}
