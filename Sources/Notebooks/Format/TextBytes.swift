import Diagnostics

/// The bytes of a text file, before its lines have a meaning.
enum TextBytes {
    /// Without a byte order mark; with LF where every line ends in CR LF.
    static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let carriageReturn = UInt8(ascii: "\r")
        var previous: UInt8 = 0
        var hasLines = false
        for byte in bytes {
            if byte == newline {
                guard previous == carriageReturn else { return bytes }
                hasLines = true
            }
            previous = byte
        }
        guard hasLines else { return bytes }
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == newline { lines.removeLast() }
            lines.append(byte)
        }
        return lines
    }

    /// Where each line lies, without its newline; a newline at the very end opens no further line.
    static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (offset, byte) in bytes.enumerated() where byte == newline {
            lines.append(start..<offset)
            start = offset + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }

    /// What is wrong where the bytes are not UTF-8.
    static func mistake(in bytes: [UInt8], name: String) -> Diagnostic? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var codec = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = codec.decode(&iterator) { offset += UTF8.width(scalar) }
        let source = Source(name: name, text: String(decoding: bytes, as: UTF8.self))
        return Diagnostic(
            .error, .syntax, "this is not a text in UTF-8", labels: [Diagnostic.Label(source, Span(offset, offset + 1))],
            help: ["save the file as UTF-8"])
    }
}
