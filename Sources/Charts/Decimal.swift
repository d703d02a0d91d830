#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Numbers as text for charts: few digits, no surprises.
package enum Decimal {
    /// `value` with so many digits after the point. Values beyond 10^15 are written by their shortest digits.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let digits = min(max(digits, 0), 15)
        let scale = power(digits)
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let whole = Int(scaled)
        let sign = value < 0 && whole != 0 ? "-" : ""
        if digits == 0 { return sign + String(whole) }
        let unit = Int(scale)
        let fraction = String(whole % unit)
        return sign + String(whole / unit) + "." + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
    }

    /// As `fixed`, without zeros at the end: for coordinates.
    static func short(_ value: Double, _ digits: Int = 1) -> String {
        var text = fixed(value, digits)
        if text.contains(".") && !text.contains("e") {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text
    }

    /// About `digits` significant digits, for notes: `0.0123`, `1.5e+09`.
    package static func significant(_ value: Double, _ digits: Int) -> String {
        guard value != 0, value.isFinite else { return short(value, 0) }
        let exponent = exponent(of: value)
        if exponent < -4 || exponent > 9 {
            let mantissa = value / pow10(exponent)
            return short(mantissa, digits - 1) + "e" + String(exponent)
        }
        return short(value, max(0, digits - 1 - exponent))
    }

    /// The power of ten of the first digit: floor(log10 |value|), exact at powers of ten. 0 for 0.
    package static func exponent(of value: Double) -> Int {
        let size = abs(value)
        guard size > 0, size.isFinite else { return 0 }
        var exponent = Int(log10(size).rounded(.down))
        if pow10(exponent + 1) <= size { exponent += 1 }
        if pow10(exponent) > size { exponent -= 1 }
        return exponent
    }

    /// 10^exponent, exact where the type can hold it.
    static func pow10(_ exponent: Int) -> Double {
        exponent >= 0 ? power(exponent) : exponent >= -22 ? 1 / power(-exponent) : exp10(Double(exponent))
    }

    private static func power(_ exponent: Int) -> Double {
        guard exponent <= 22 else { return exp10(Double(exponent)) }
        var value = 1.0
        for _ in 0..<exponent { value *= 10 }
        return value
    }

    private static func exp10(_ exponent: Double) -> Double { pow(10, exponent) }

    /// `⁻¹²` for -12.
    static func superscript(_ number: Int) -> String {
        let signs: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
            "9": "⁹",
        ]
        return String(String(number).compactMap { signs[$0] })
    }
}
