#if !canImport(Darwin)
@_spi(_Unicode) import Swift
#endif

/// Which characters make names, and the one spelling under which names are compared.
enum Characters {
    /// A letter or `_`; the raised T is the transpose and never part of a name.
    static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "_" || (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z")
        }
        if scalar == "ᵀ" { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return true
        default: return folded(scalar) != scalar
        }
    }

    /// A letter, `_`, a digit, a combining mark or a subscript digit.
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return startsName(scalar) || (scalar >= "0" && scalar <= "9") }
        if startsName(scalar) || (scalar >= "₀" && scalar <= "₉") { return true }
        switch scalar.properties.generalCategory {
        case .decimalNumber, .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\u{c}" || scalar == "\u{feff}"
            || (!scalar.isASCII && scalar.properties.isWhitespace)
    }

    /// Signs that keyboards and slides use for letters.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{b5}": "μ"
        case "\u{2206}": "Δ"
        case "\u{2211}": "Σ"
        default: scalar
        }
    }

    /// The name as it is compared: look-alikes folded, then NFC.
    static func canonical(_ name: String) -> String {
        if name.utf8.allSatisfy({ $0 < 128 }) { return name }
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { scalars.append(folded(scalar)) }
        #if canImport(Darwin)
        // The normal form is not reachable there without Foundation; strings compare by it in any case.
        return String(scalars)
        #else
        var composed = String.UnicodeScalarView()
        for scalar in String(scalars)._nfc { composed.append(scalar) }
        return String(composed)
        #endif
    }
}
