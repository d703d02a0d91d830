import Diagnostics

/// Reads the text of a notebook. It gives what it could read and all that was wrong with the rest, each with its place;
/// a notebook with any error is not to be run or written.
public struct NotebookReader {
    /// A marker with the lines that follow it.
    private struct Section {
        var marker: Marker
        var attributes: Attributes
        var line: Int
        var body: Range<Int>
    }

    private let source: Source
    private let bytes: [UInt8]
    private let lines: [Range<Int>]
    private var diagnostics: [Diagnostic] = []
    private var notebook = Notebook()
    private var ids: [String: Span] = [:]
    /// The lines of each code cell.
    private var codeBodies: [Range<Int>] = []

    /// - Parameter name: how diagnostics name the file.
    public static func read(_ bytes: [UInt8], name: String) -> (notebook: Notebook, diagnostics: [Diagnostic]) {
        let bytes = TextBytes.normalized(bytes)
        if let mistake = TextBytes.mistake(in: bytes, name: name) { return (Notebook(), [mistake]) }
        var reader = NotebookReader(bytes, name: name)
        reader.read()
        let sorted = reader.diagnostics.sorted { ($0.labels.first?.span.start ?? 0) < ($1.labels.first?.span.start ?? 0) }
        return (reader.notebook, Array(sorted.prefix(20)))
    }

    /// The code cells alone, with empty lines in the place of all else, so that every line keeps its number.
    public static func code(of bytes: [UInt8], name: String) -> (code: String, diagnostics: [Diagnostic]) {
        let bytes = TextBytes.normalized(bytes)
        if let mistake = TextBytes.mistake(in: bytes, name: name) { return ("", [mistake]) }
        var reader = NotebookReader(bytes, name: name)
        reader.read()
        var code: [UInt8] = []
        var line = 0
        for body in reader.codeBodies {
            code += [UInt8](repeating: newline, count: max(0, body.lowerBound - line))
            for index in body { code += Escape.read(bytes[reader.lines[index]]) + [newline] }
            line = body.upperBound
        }
        return (String(decoding: code, as: UTF8.self), reader.diagnostics)
    }

    private init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        source = Source(name: name, text: String(decoding: bytes, as: UTF8.self))
        lines = TextBytes.lines(of: bytes)
    }

    // MARK: - Sections

    private mutating func read() {
        guard !refuseConflict() else { return }
        let marked = lines.indices.filter { Escape.isBare(Escape.marker, bytes[lines[$0]]) }
        guard let first = marked.first else {
            codeBodies = [lines.indices]
            notebook.cells = [Cell(.code, text(of: lines.indices))]
            notebook.isScript = true
            return
        }
        for line in 0..<first where !bytes[lines[line]].isEmpty {
            report("text before the first marker", at: lines[line], help: "begin the file with `%% nnb 1`, and the cell with `%% code`")
            break
        }
        var sections: [Section] = []
        for (index, line) in marked.enumerated() {
            let end = index + 1 < marked.count ? marked[index + 1] : lines.count
            if let section = section(at: line, body: line + 1..<end) { sections.append(section) }
        }
        for (index, section) in sections.enumerated() {
            take(
                section, next: index + 1 < sections.count ? sections[index + 1].marker : nil,
                isFirst: section.line == first)
        }
    }

    /// A half-merged file is shown to nobody as if it were whole.
    private mutating func refuseConflict() -> Bool {
        let starts = lines.filter { Escape.isBare(Escape.conflictStart, bytes[$0]) }
        let ends = lines.filter { Escape.isBare(Escape.conflictEnd, bytes[$0]) }
        guard let start = starts.first, !ends.isEmpty else { return false }
        let others = (starts.dropFirst() + ends).map { Diagnostic.Label(source, Span($0.lowerBound, $0.upperBound)) }
        diagnostics.append(
            Diagnostic(
                .error, .syntax, "this file holds an unfinished merge of git",
                labels: [Diagnostic.Label(source, Span(start.lowerBound, start.upperBound))] + others,
                help: ["choose between the two sides and delete the lines of git's marks"]))
        return true
    }

    private mutating func section(at line: Int, body: Range<Int>) -> Section? {
        let range = lines[line]
        let rest = bytes[range].dropFirst(3)
        let word = rest.prefix { $0 != UInt8(ascii: " ") }
        guard let marker = Marker(rawValue: String(decoding: word, as: UTF8.self)) else {
            let isMarker = Marker(rawValue: String(decoding: word.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)) != nil
            report(
                "no marker of a notebook", at: range,
                help: isMarker
                    ? "behind the word stands a tab or the end of a line of another system (\\r); a blank is meant, and lines end in \\n alone or all in \\r\\n"
                    : "after `%% ` stands one of \(Marker.allCases.map(\.rawValue).joined(separator: ", ")); a line of text that begins so is written `%%\\ `")
            return nil
        }
        var parser = AttributeParser(bytes, from: range.lowerBound + 3 + word.count, to: range.upperBound)
        do {
            if marker == .nnb { try parser.version() }
            let attributes = try parser.attributes(of: marker)
            return Section(marker: marker, attributes: attributes, line: line, body: body)
        } catch {
            report(error.message, at: error.range, help: error.help)
            return nil
        }
    }

    private mutating func take(_ section: Section, next: Marker?, isFirst: Bool) {
        let place = lines[section.line]
        if isFirst && section.marker != .nnb {
            report("the first marker of a notebook is `%% nnb 1`", at: place)
        }
        if notebook.run != nil { report("nothing may follow `%% run`, which is the last marker", at: place) }
        switch section.marker {
        case .nnb:
            if !isFirst { report("`%% nnb` stands only at the beginning", at: place) }
            notebook.attributes = section.attributes
            refuseText(in: section, help: "begin a cell with `%% code` or `%% md`")
        case .run:
            notebook.run = section.attributes
            refuseText(in: section, help: "begin the cell before `%% run`, with `%% code` or `%% md`")
        case .code, .md, .raw:
            guard let kind = section.marker.cellKind else { return }
            checkIdentifier(of: section)
            var body = section.body
            if let next, next.hasBlankLineBefore, let last = body.last, bytes[lines[last]].isEmpty { body.removeLast() }
            if kind == .code { codeBodies.append(body) }
            notebook.cells.append(Cell(kind, text(of: body), attributes: section.attributes))
        case .out, .att:
            guard let index = notebook.cells.indices.last, section.marker == .att || notebook.cells[index].kind == .code else {
                report("an output stands below a code cell, an attachment below a cell", at: place)
                return
            }
            let output = Output(attributes: section.attributes, text: outputText(of: section))
            if section.marker == .out {
                notebook.cells[index].outputs.append(output)
            } else {
                notebook.cells[index].attachments.append(output)
            }
        }
    }

    private mutating func checkIdentifier(of section: Section) {
        guard let id = section.attributes["id"]?.string else { return }
        let place = Span(lines[section.line].lowerBound, lines[section.line].upperBound)
        if let earlier = ids.updateValue(place, forKey: id) {
            diagnostics.append(
                Diagnostic(
                    .error, .syntax, "two cells have the id \"\(id)\"",
                    labels: [Diagnostic.Label(source, place), Diagnostic.Label(source, earlier, "the first one")]))
        }
    }

    // MARK: - Bodies

    private func text(of body: Range<Int>) -> String {
        let text = body.map { Escape.read(bytes[lines[$0]]) }.joined(separator: [newline])
        return String(decoding: Array(text), as: UTF8.self)
    }

    private mutating func refuseText(in section: Section, help: String) {
        if let line = section.body.first(where: { !bytes[lines[$0]].isEmpty }) {
            report("text that belongs to no cell", at: lines[line], help: help)
        }
    }

    private mutating func outputText(of section: Section) -> String {
        var body = section.body
        while let last = body.last, bytes[lines[last]].isEmpty { body.removeLast() }
        var text: [UInt8] = []
        for line in body {
            let content = bytes[lines[line]]
            if content.first == UInt8(ascii: "|"), content.count == 1 || content.dropFirst().first == UInt8(ascii: " ") {
                text += content.dropFirst(2)
                text.append(newline)
            } else if content.elementsEqual([UInt8(ascii: "\\")]), line == body.last, !text.isEmpty {
                text.removeLast()
            } else {
                report("each line of an output begins with `| `", at: lines[line])
                break
            }
        }
        if section.attributes["file"] != nil, let line = body.first {
            report("an output whose text is in a file has no lines of its own", at: lines[line])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func report(_ message: String, at range: Range<Int>, help: String? = nil) {
        diagnostics.append(
            Diagnostic(
                .error, .syntax, message, labels: [Diagnostic.Label(source, Span(range.lowerBound, range.upperBound))],
                help: help.map { [$0] } ?? []))
    }
}
