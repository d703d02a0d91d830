/// Numbers as `print` and `repr` write them.
public enum Numerals {
    /// To 15 significant digits, integers up to 2^53 in full, `-0` as `0`: `0.1 + 0.2` is `0.3`.
    public static func printed(_ number: Double) -> String { text(number, digits: 15) }

    /// To so many significant digits, without zeros at the end.
    static func text(_ number: Double, digits: Int) -> String {
        if let whole = whole(number) { return whole }
        return Format.printed(number, digits, "g")
    }

    /// The shortest digits that read back as the same number.
    public static func exact(_ number: Double) -> String {
        if let whole = whole(number) { return whole }
        return shortened("\(number)")
    }

    /// A float32 by its own shortest digits.
    static func exact(_ number: Float) -> String {
        if let whole = whole(Double(number)) { return whole }
        return shortened("\(number)")
    }

    /// What is written without a point: whole numbers and those that are none.
    private static func whole(_ number: Double) -> String? {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        guard number.magnitude <= 9_007_199_254_740_992, let whole = Int(exactly: number) else { return nil }
        return String(whole)
    }

    private static func shortened(_ text: String) -> String {
        var text = text
        if text.hasSuffix(".0") { text.removeLast(2) }
        return text
    }
}
