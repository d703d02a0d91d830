/// About how wide a text is in a common sans-serif face, in parts of the font size. Only spacing depends on it.
enum TextWidth {
    static func of(_ text: String) -> Double { text.reduce(0) { $0 + width($1) } }

    static func of(_ text: MathText) -> Double {
        text.runs.reduce(0) { $0 + of($1.text) * ($1.level == .base ? 1 : 0.7) }
    }

    private static func width(_ sign: Character) -> Double {
        if "ijlI.,:;'|!()[] ".contains(sign) { return 0.32 }
        if "mwMW".contains(sign) { return 0.85 }
        guard let first = sign.unicodeScalars.first else { return 0 }
        if first.value >= 0x2E80 { return 1 }
        return sign.isUppercase ? 0.7 : 0.57
    }
}
