import Diagnostics

extension Lexer {
    /// `3`, `0.5`, `.5`, `1e-3`, `1_000`, `0xff`, `0b101`, `0o17`
    mutating func number() {
        let start = position
        if bytes[start] == UInt8(ascii: "0"), let mark = byte(start + 1), let radix = Lexer.radix(mark) {
            return radixNumber(radix, start)
        }
        digits()
        if byte(position) == UInt8(ascii: "."), byte(position + 1) != UInt8(ascii: "."), !nameStarts(position + 1) {
            position += 1
            digits()
        }
        if let mark = byte(position), mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            var after = position + 1
            if let sign = byte(after), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { after += 1 }
            if isDigit(after) {
                position = after
                digits()
            }
        }
        let spelling = text(start, position).filter { $0 != "_" }
        let value = Double(spelling.last == "." ? spelling + "0" : spelling) ?? .nan
        if value.isInfinite {
            mistake("this number is too large for a double", start, position, help: "infinity is written `inf`")
        }
        finish(value, start)
    }

    private static func radix(_ mark: UInt8) -> Int? {
        switch mark | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "b"): 2
        case UInt8(ascii: "o"): 8
        default: nil
        }
    }

    private mutating func radixNumber(_ radix: Int, _ start: Int) {
        position += 2
        var value = 0.0
        var count = 0
        while let byte = byte(position) {
            if byte == UInt8(ascii: "_") {
                position += 1
                continue
            }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { break }
            value = value * Double(radix) + Double(digit)
            count += 1
            position += 1
        }
        if count == 0 {
            mistake("digits must follow `\(text(start, start + 2))`", start, position)
            return emit(.invalid, start)
        }
        finish(value, start)
    }

    /// Nothing that could be a name may follow a number directly.
    private mutating func finish(_ value: Double, _ start: Int) {
        guard nameStarts(position) || isDigit(position) else { return emit(.number(value), start) }
        let end = position
        while position < bytes.count {
            let (next, length) = scalar(position)
            guard Characters.continuesName(next) else { break }
            position += length
        }
        let number = text(start, end)
        let rest = text(end, position)
        let isImaginary = rest == "j" || rest == "J"
        mistake(
            "a number is followed by letters", start, position,
            help: isImaginary ? "there are no complex numbers" : "a product is written `\(number) * \(rest)`")
        emit(.invalid, start)
    }

    private mutating func digits() {
        while isDigit(position) || (byte(position) == UInt8(ascii: "_") && isDigit(position + 1)) { position += 1 }
    }

    private func nameStarts(_ index: Int) -> Bool {
        index < bytes.count && Characters.startsName(scalar(index).0)
    }
}
