/// Makes the text of a notebook: the one spelling that `NotebookReader` reads back to the same notebook.
public enum NotebookWriter {
    public static func write(_ notebook: Notebook) -> [UInt8] {
        var bytes: [UInt8] = []
        mark(.nnb, notebook.attributes, word: Marker.version, to: &bytes)
        for cell in notebook.cells { write(cell, to: &bytes) }
        if let run = notebook.run { mark(.run, run, to: &bytes) }
        return bytes
    }

    private static func write(_ cell: Cell, to bytes: inout [UInt8]) {
        let marker: Marker =
            switch cell.kind {
            case .code: .code
            case .md: .md
            case .raw: .raw
            }
        mark(marker, cell.attributes, to: &bytes)
        let source = Array(cell.source.utf8)
        if !source.isEmpty {
            for line in source.split(separator: newline, omittingEmptySubsequences: false) {
                bytes += Escape.written(line)
                bytes.append(newline)
            }
        }
        for attachment in cell.attachments { write(attachment, .att, to: &bytes) }
        for output in cell.outputs { write(output, .out, to: &bytes) }
    }

    private static func write(_ output: Output, _ marker: Marker, to bytes: inout [UInt8]) {
        mark(marker, output.attributes, to: &bytes)
        var text = Array(output.text.utf8)
        guard !text.isEmpty else { return }
        let isEnded = text.last == newline
        if isEnded { text.removeLast() }
        for line in text.split(separator: newline, omittingEmptySubsequences: false) {
            bytes += [UInt8(ascii: "|"), UInt8(ascii: " ")]
            bytes += line
            bytes.append(newline)
        }
        if !isEnded { bytes += [UInt8(ascii: "\\"), newline] }
    }

    private static func mark(_ marker: Marker, _ attributes: Attributes, word: String? = nil, to bytes: inout [UInt8]) {
        var line = marker.hasBlankLineBefore ? "\n%% " : "%% "
        line += marker.rawValue
        if let word { line += " " + word }
        for (key, value) in attributes.ordered(first: marker.firstKeys) { line += " \(key)=\(value.text)" }
        bytes += Array(line.utf8)
        bytes.append(newline)
    }
}

let newline = UInt8(ascii: "\n")
