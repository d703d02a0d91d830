/// Lines of a body that would be taken for something else, and how they are told apart: behind their first characters
/// they carry one backslash more than is meant.
enum Escape {
    static let marker: [UInt8] = Array("%%".utf8)
    static let conflictStart: [UInt8] = Array("<<<<<<<".utf8)
    static let conflictEnd: [UInt8] = Array(">>>>>>>".utf8)
    private static let signs = [marker, conflictStart, conflictEnd, Array("=======".utf8)]

    /// Whether the line is that sign, bare, and then a space or the line's end.
    static func isBare(_ sign: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: sign) && line.dropFirst(sign.count).first ?? UInt8(ascii: " ") == UInt8(ascii: " ")
    }

    static func written(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = Array(line)
        if let place = place(in: line) { bytes.insert(UInt8(ascii: "\\"), at: place.offset) }
        return bytes
    }

    static func read(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = Array(line)
        if let place = place(in: line), place.isEscaped { bytes.remove(at: place.offset) }
        return bytes
    }

    /// If the line begins with one of the signs, then any number of backslashes, then a space or the line's end: the
    /// offset behind the sign, and whether there is a backslash.
    private static func place(in line: ArraySlice<UInt8>) -> (offset: Int, isEscaped: Bool)? {
        guard let sign = signs.first(where: { line.starts(with: $0) }) else { return nil }
        let rest = line.dropFirst(sign.count)
        let behind = rest.drop { $0 == UInt8(ascii: "\\") }
        guard behind.first ?? UInt8(ascii: " ") == UInt8(ascii: " ") else { return nil }
        return (sign.count, behind.count < rest.count)
    }
}
