import Diagnostics

extension Lexer {
    /// A string whose opening quote stands at `position`; `start` is where its prefix began.
    mutating func string(_ start: Int, prefix: String) {
        position = start + prefix.utf8.count
        let quote = bytes[position]
        let isTriple = byte(position + 1) == quote && byte(position + 2) == quote
        position += isTriple ? 3 : 1
        let isRaw = prefix.contains("r")
        if prefix.contains("f") {
            emit(.formatStart, start)
            formats.append(FormatString(quote: quote, isTriple: isTriple, isRaw: isRaw, start: start))
            return
        }
        var content: [UInt8] = []
        while true {
            guard let byte = byte(position), isTriple || byte != 0x0a else {
                mistake(
                    isTriple ? "this string is never closed" : "this string is not closed on its line", start,
                    isTriple ? start + prefix.utf8.count + 3 : position,
                    help: isTriple ? nil : "a string of several lines stands between \"\"\" and \"\"\"")
                if isTriple { tokens.hasOpenString = true }
                break
            }
            if closes(quote, isTriple) { break }
            character(byte, isRaw, &content)
        }
        emit(.string(String(decoding: content, as: UTF8.self)), start)
    }

    /// Reads the text of an f-string up to its next hole or its end.
    mutating func formatText() {
        guard let format = formats.last else { return }
        let start = position
        var content: [UInt8] = []
        while true {
            guard let byte = byte(position), format.isTriple || byte != 0x0a else {
                // An open triple-quoted one is reported at the end of the text.
                if !format.isTriple {
                    mistake("this f-string is not closed on its line", format.start, position)
                    emitText(content, start)
                    closeFormat()
                }
                return
            }
            if closes(format.quote, format.isTriple) {
                emitText(content, start)
                return closeFormat()
            }
            if byte == UInt8(ascii: "{") {
                if self.byte(position + 1) == byte {
                    content.append(byte)
                    position += 2
                    continue
                }
                emitText(content, start)
                let brace = position
                position += 1
                emit(.holeStart, brace)
                formats[formats.count - 1].depth = 0
                formats[formats.count - 1].holeStart = position
                return
            }
            if byte == UInt8(ascii: "}") {
                if self.byte(position + 1) == byte {
                    position += 1
                } else {
                    mistake("a `}` stands alone in this f-string", position, position + 1, help: "a brace itself is written `}}`")
                }
                content.append(byte)
                position += 1
                continue
            }
            character(byte, format.isRaw, &content)
        }
    }

    private mutating func emitText(_ content: [UInt8], _ start: Int) {
        if !content.isEmpty { emit(.formatText(String(decoding: content, as: UTF8.self)), start) }
    }

    /// Ends the innermost f-string, and its hole where one is open.
    mutating func closeFormat() {
        guard let format = formats.popLast() else { return }
        if format.depth >= 0 { emit(.holeEnd(Token.Hole()), position) }
        emit(.formatEnd, position)
    }

    /// At a sign outside brackets in a hole: reads what ends the hole, if this does.
    mutating func endsHole() -> Bool {
        guard let format = formats.last else { return false }
        let start = position
        var at = position
        var hole = Token.Hole()
        func skipSpaces() { while byte(at) == 0x20 { at += 1 } }
        if byte(at) == UInt8(ascii: "="), byte(at + 1) != UInt8(ascii: "=") {
            at += 1
            skipSpaces()
            guard let next = byte(at), next == UInt8(ascii: "}") || next == UInt8(ascii: ":") || next == UInt8(ascii: "!")
            else { return false }
            hole.label = text(format.holeStart, at)
            hole.isRepr = next != UInt8(ascii: ":")
        }
        if byte(at) == UInt8(ascii: "!"), let conversion = byte(at + 1),
            byte(at + 2) == UInt8(ascii: "}") || byte(at + 2) == UInt8(ascii: ":")
        {
            guard conversion == UInt8(ascii: "r") || conversion == UInt8(ascii: "s") else { return false }
            hole.isRepr = conversion == UInt8(ascii: "r")
            at += 2
        }
        if byte(at) == UInt8(ascii: ":") {
            let specification = at + 1
            at = specification
            while let next = byte(at), next != UInt8(ascii: "}"), next != 0x0a, next != UInt8(ascii: "{") { at += 1 }
            if byte(at) == UInt8(ascii: "}") {
                switch Format.parse(text(specification, at)) {
                case .success(let format): hole.format = format
                case .failure(let reason): mistake(reason.message, specification, at, help: reason.help)
                }
            } else if byte(at) == UInt8(ascii: "{") {
                mistake(
                    "a format holds no expressions", at, at + 1,
                    help: "write its width and precision as numbers: `{x:8.3f}`")
                var depth = 0
                while let next = byte(at), next != 0x0a {
                    if next == UInt8(ascii: "{") { depth += 1 }
                    if next == UInt8(ascii: "}") {
                        if depth == 0 { break }
                        depth -= 1
                    }
                    at += 1
                }
            }
        }
        guard byte(at) == UInt8(ascii: "}") else {
            // Without its `}`: the rest of the line is text again, and the string most likely ends there.
            guard at > start, byte(at) == nil || byte(at) == 0x0a else { return false }
            position = at
            return true
        }
        position = at + 1
        formats[formats.count - 1].depth = -1
        emit(.holeEnd(hole), at)
        return true
    }

    private mutating func closes(_ quote: UInt8, _ isTriple: Bool) -> Bool {
        guard byte(position) == quote else { return false }
        if !isTriple {
            position += 1
            return true
        }
        guard byte(position + 1) == quote, byte(position + 2) == quote else { return false }
        position += 3
        return true
    }

    /// One byte of a string, or one escape.
    private mutating func character(_ byte: UInt8, _ isRaw: Bool, _ content: inout [UInt8]) {
        if byte == 0x0a { tokens.lineStarts.append(position + 1) }
        guard byte == UInt8(ascii: "\\"), let next = self.byte(position + 1) else {
            content.append(byte)
            position += 1
            return
        }
        if isRaw {
            // A backslash keeps the quote after it from closing the string, and stays.
            content.append(byte)
            position += 1
            if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") || next == byte {
                content.append(next)
                position += 1
            }
            return
        }
        let start = position
        position += 2
        switch next {
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "0"): content.append(0)
        case UInt8(ascii: "a"): content.append(7)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "e"): content.append(27)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "v"): content.append(11)
        case byte, UInt8(ascii: "\""), UInt8(ascii: "'"): content.append(next)
        case 0x0a: tokens.lineStarts.append(position)
        case UInt8(ascii: "x"): code(2, start, &content)
        case UInt8(ascii: "u"): code(4, start, &content)
        case UInt8(ascii: "U"): code(8, start, &content)
        default:
            while let more = self.byte(position), more & 0xc0 == 0x80 { position += 1 }
            mistake(
                "`\(text(start, position))` is no escape", start, position,
                help: "a backslash itself is written `\\\\`; in r\"…\" it needs nothing (r\"$\\theta$\")")
        }
    }

    /// The hexadecimal digits of `\x41`, `\u00e9`, `\U0001F600`.
    private mutating func code(_ count: Int, _ start: Int, _ content: inout [UInt8]) {
        var value: UInt32 = 0
        var read = 0
        while read < count, let byte = byte(position), let digit = Character(Unicode.Scalar(byte)).hexDigitValue {
            value = value &* 16 &+ UInt32(digit)
            position += 1
            read += 1
        }
        guard read == count, let scalar = Unicode.Scalar(value) else {
            mistake(
                "`\(text(start, position))` is no character", start, position,
                help: "\(count) hexadecimal digits follow `\(text(start, start + 2))`")
            return
        }
        content.append(contentsOf: Array(String(scalar).utf8))
    }
}
