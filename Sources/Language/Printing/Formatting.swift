#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Format {
    /// A string in this format; nil where only a number could be shown so.
    public func text(of string: String) -> String? {
        guard !isNumeric else { return nil }
        return padded(precision.map { String(string.prefix($0)) } ?? string, sign: "", standard: .left)
    }

    /// A number in this format. `plain` is how `print` writes it, used where the format names neither type nor
    /// precision. Nil where the type wants an integer and the number is none, or for `s`.
    public func text(of number: Double, plain: String) -> String? {
        let magnitude = number.magnitude
        let isNegative = number.sign == .minus && !number.isNaN && number != 0
        let sign = isNegative ? "-" : self.sign == "-" ? "" : String(self.sign)
        guard number.isFinite else {
            let isUpper = type == "F" || type == "E" || type == "G"
            let word = number.isNaN ? "nan" : "inf"
            let fill = self.fill == "0" ? " " : self.fill
            return padded((isUpper ? word.uppercased() : word) + (type == "%" ? "%" : ""), sign: sign, standard: .right, fill: fill)
        }
        let digits: String
        var prefix = ""
        switch type {
        case nil:
            if let precision {
                digits = Format.general(magnitude, precision, isAlternate)
            } else {
                digits = plain.hasPrefix("-") ? String(plain.dropFirst()) : plain
            }
        case "f", "F": digits = Format.printed(magnitude, precision ?? 6, "f")
        case "e", "E": digits = Format.printed(magnitude, precision ?? 6, type == "E" ? "E" : "e")
        case "g", "G", "n": digits = Format.printed(magnitude, precision ?? 6, type == "G" ? "G" : isAlternate ? "#g" : "g")
        case "%": digits = Format.printed(magnitude * 100, precision ?? 6, "f") + "%"
        case "d": 
            guard number == number.rounded() else { return nil }
            digits = Format.printed(magnitude, 0, "f")
        case "b", "o", "x", "X", "c":
            guard let integer = UInt64(exactly: magnitude) else { return nil }
            if type == "c" {
                guard !isNegative, let code = UInt32(exactly: integer), let scalar = Unicode.Scalar(code) else { return nil }
                return padded(String(scalar), sign: "", standard: .left)
            }
            digits = String(integer, radix: type == "b" ? 2 : type == "o" ? 8 : 16, uppercase: type == "X")
            if isAlternate { prefix = type == "b" ? "0b" : type == "o" ? "0o" : type == "X" ? "0X" : "0x" }
        default: return nil
        }
        return padded(grouped(digits), sign: sign + prefix, standard: .right)
    }

    private func padded(_ body: String, sign: String, standard: Alignment, fill: Character? = nil) -> String {
        let missing = width - sign.count - body.count
        guard missing > 0 else { return sign + body }
        func run(_ count: Int) -> String { String(repeating: fill ?? self.fill, count: count) }
        switch alignment ?? standard {
        case .left: return sign + body + run(missing)
        case .right: return run(missing) + sign + body
        case .center: return run(missing / 2) + sign + body + run(missing - missing / 2)
        case .afterSign: return sign + run(missing) + body
        }
    }

    /// Thousands apart, before the point or exponent; binary and hexadecimal digits by four.
    private func grouped(_ digits: String) -> String {
        guard let grouping else { return digits }
        let isBinary = type == "b" || type == "o" || type == "x" || type == "X"
        let whole = isBinary ? digits[...] : digits.prefix { $0.isNumber }
        let size = isBinary ? 4 : 3
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % size == 0 { result.append(grouping) }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }

    /// `precision` significant digits, as a bare `.3` asks for; like `g`, but with a point left in `1e+10`'s place.
    private static func general(_ magnitude: Double, _ precision: Int, _ isAlternate: Bool) -> String {
        printed(magnitude, max(precision, 1), isAlternate ? "#g" : "g")
    }

    /// C's conversion of one non-negative finite number.
    static func printed(_ magnitude: Double, _ precision: Int, _ conversion: String) -> String {
        let flag = conversion.hasPrefix("#") ? "#" : ""
        let pattern = "%\(flag).\(precision)\(conversion.hasPrefix("#") ? String(conversion.dropFirst()) : conversion)"
        // 309 digits before the point, as many after it as asked for.
        var buffer = [CChar](repeating: 0, count: 340 + precision)
        let count = buffer.count
        let written = withVaList([magnitude]) { vsnprintf(&buffer, count, pattern, $0) }
        return String(decoding: buffer.prefix(max(0, min(Int(written), count - 1))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
