/// Numbers as tables hold them.
package enum CSVNumber {
    /// The number of a text, correctly rounded; nil where it is none. No thousands separators, no hexadecimals.
    package static func parse(_ bytes: ArraySlice<UInt8>, point: UInt8 = UInt8(ascii: ".")) -> Double? {
        guard let first = bytes.first, bytes.count < 400 else { return nil }
        var digits: UInt64 = 0
        var count = 0
        var scale = 0
        var place = bytes.startIndex
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { place += 1 }
        var hasDigit = false
        var hasPoint = false
        while place < bytes.endIndex {
            let byte = bytes[place]
            if byte >= 48, byte <= 57 {
                hasDigit = true
                if count < 18 {
                    digits = digits * 10 + UInt64(byte - 48)
                    if digits > 0 { count += 1 }
                } else {
                    count = 99
                }
                if hasPoint { scale += 1 }
            } else if byte == point, !hasPoint {
                hasPoint = true
            } else {
                break
            }
            place += 1
        }
        guard hasDigit else { return special(bytes) }
        if place < bytes.endIndex {
            guard bytes[place] | 0x20 == UInt8(ascii: "e") else { return nil }
            var exponent = place + 1
            if exponent < bytes.endIndex, bytes[exponent] == UInt8(ascii: "-") || bytes[exponent] == UInt8(ascii: "+") {
                exponent += 1
            }
            guard exponent < bytes.endIndex, bytes[exponent...].allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        } else if digits < 1 << 53, count < 18, scale <= 22 {
            // Both are exact in a double, so the one division rounds correctly (Clinger 1990).
            let value = Double(digits) / powers[scale]
            return isNegative ? -value : value
        }
        let text = String(decoding: bytes.lazy.map { $0 == point ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        return Double(text)
    }

    /// What stands for a number that is missing. `?` is the UCI repository's.
    package static func isMissing(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty || (bytes.count <= 4 && missing.contains(String(decoding: bytes, as: UTF8.self)))
    }

    private static let missing: Set<String> = ["?", "NA", "N/A", "NaN", "nan", "NAN", "null", "NULL", "None", "none", "-"]

    private static func special(_ bytes: ArraySlice<UInt8>) -> Double? {
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "inf", "+inf", "infinity": .infinity
        case "-inf", "-infinity": -.infinity
        default: nil
        }
    }

    private static let powers: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1.0) { value, _ in value * 10 } }
}
