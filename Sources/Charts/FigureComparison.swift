/// Whether two SVG pictures show the same: for checking a notebook against its stored outputs.
public enum FigureComparison {
    /// What differs first, or nil if all words are equal and all numbers of the drawing lie within `tolerance` pixels.
    /// Numbers inside texts (ticks, labels) are words.
    public static func difference(_ first: String, _ second: String, tolerance: Double = 0.25) -> String? {
        if first == second { return nil }
        var (a, b) = (Substring(first), Substring(second))
        while true {
            let (wordA, wordB) = (upToNumber(&a), upToNumber(&b))
            if wordA != wordB { return "\"\(tail(wordA))\" against \"\(tail(wordB))\"" }
            if a.isEmpty || b.isEmpty { return a.isEmpty == b.isEmpty ? nil : "one has more in it" }
            let isText = wordA.last == ">"
            let (numberA, numberB) = (number(&a), number(&b))
            if numberA == numberB { continue }
            guard !isText, let x = Double(numberA), let y = Double(numberB), abs(x - y) <= tolerance else {
                return "\(numberA) against \(numberB) after \"\(tail(wordA))\""
            }
        }
    }

    private static func isDigit(_ sign: UInt8) -> Bool { sign >= 48 && sign <= 57 }

    private static func upToNumber(_ text: inout Substring) -> Substring {
        let end = text.utf8.firstIndex(where: isDigit) ?? text.endIndex
        defer { text = text[end...] }
        // The sign belongs to the word: crossing zero is told by the words, as are all else but digits.
        return text[..<end]
    }

    private static func number(_ text: inout Substring) -> Substring {
        let end = text.utf8.firstIndex { !isDigit($0) && $0 != 46 } ?? text.endIndex
        defer { text = text[end...] }
        return text[..<end]
    }

    private static func tail(_ text: Substring) -> Substring { text.suffix(24) }
}
