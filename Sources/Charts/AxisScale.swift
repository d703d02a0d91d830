#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// How one axis maps numbers to places: `lower` to 0 and `upper` to 1, on a linear or logarithmic scale.
struct AxisScale: Sendable {
    let kind: Axis.Scale
    let lower: Double
    let upper: Double
    /// All the data are whole numbers: no ticks between them.
    let isIntegral: Bool

    private let start: Double
    private let span: Double

    init(kind: Axis.Scale, lower: Double, upper: Double, isIntegral: Bool = false) {
        self.kind = kind
        self.lower = lower
        self.upper = upper
        self.isIntegral = isIntegral
        start = kind == .log ? log10(lower) : lower
        span = (kind == .log ? log10(upper) : upper) - start
    }

    /// 0 at the lower end, 1 at the upper one; nil for what has no place on this axis.
    func unit(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        guard kind == .log else { return (value - start) / span }
        return value > 0 ? (log10(value) - start) / span : nil
    }

    /// The axis for data, with a margin of a twentieth at the ends that are free. What the scale cannot show is passed
    /// over; without data it goes from 0 to 1 (1 to 10 on a logarithmic scale), and data of one value stand in its middle.
    static func fitting(_ axis: Axis, _ data: some Sequence<Double>, tight: Bool = false) -> AxisScale {
        let isLog = axis.scale == .log
        var (low, high) = (Double.infinity, -Double.infinity)
        var isIntegral = true
        for value in data where value.isFinite && (!isLog || value > 0) {
            low = min(low, value)
            high = max(high, value)
            if isIntegral, value != value.rounded() { isIntegral = false }
        }
        let isEmpty = low > high
        if isEmpty { (low, high) = isLog ? (1, 10) : (0, 1) }
        // Half of the largest number, so that the difference of the ends is finite.
        let limit = 4e307
        (low, high) = (max(low, -limit), min(high, limit))
        if isLog {
            (low, high) = (log10(low), log10(high))
            if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }
            let margin = isEmpty || tight ? 0 : (high - low) / 20
            (low, high) = (pow(10, max(low - margin, -307)), pow(10, min(high + margin, 307)))
        } else {
            if high - low <= max(abs(low), abs(high)) * 1e-12 {
                let half = low == 0 ? 1 : abs(low) / 2
                (low, high) = (low - half, high + half)
            } else if !isEmpty && !tight {
                let margin = (high - low) / 20
                (low, high) = (low - margin, high + margin)
            }
        }
        // A fixed end beyond the data moves the free one, so that something is left between them.
        func beyond(_ end: Double, _ direction: Double) -> Double {
            isLog ? end * pow(10, direction) : end + direction * max(abs(end), 1) / 10
        }
        let lower = axis.lower ?? axis.upper.map { $0 > low ? low : beyond($0, -1) } ?? low
        let upper = axis.upper ?? axis.lower.map { $0 < high ? high : beyond($0, 1) } ?? high
        // Limits that the scale cannot have fall back to the data's.
        let isUsable =
            lower.isFinite && upper.isFinite && (upper - lower).isFinite && lower != upper
            && (!isLog || (lower > 0 && upper > 0))
            && abs(upper - lower) > max(abs(lower), abs(upper)) * 1e-13
        return AxisScale(
            kind: axis.scale, lower: isUsable ? lower : low, upper: isUsable ? upper : high,
            isIntegral: isIntegral && !isEmpty)
    }
}
