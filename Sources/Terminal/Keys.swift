import CEdit

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What the keys do beyond libedit's own.
package enum Keys {
    static func bind(_ handle: OpaquePointer) {
        nnb_el_add(handle, "nnb-newline", "Open a further line") { handle, _ in
            Keys.with(handle) { editor in
                editor.insert("\n" + Indentation.next(after: editor.line.beforeCursor))
                return CC_REFRESH
            }
        }
        nnb_el_add(handle, "nnb-complete", "Complete the name before the cursor") { handle, _ in
            Keys.with(handle, Keys.complete)
        }
        nnb_el_add(handle, "nnb-paste", "Take what is pasted as it is") { handle, _ in
            Keys.with(handle) { editor in
                editor.insert(Keys.pasted { editor.readScalar() })
                return CC_REFRESH
            }
        }
        nnb_el_add(handle, "nnb-close", "Insert a brace, less indented where it begins its line") { handle, _ in
            Keys.with(handle) { editor in
                if Indentation.isAlone(editor.line.beforeCursor) { editor.delete("    ") }
                editor.insert("}")
                return CC_REFRESH
            }
        }
        for (key, function) in keys { nnb_el_bind(handle, key, function) }
    }

    private static let keys = [
        ("\u{1B}\r", "nnb-newline"), ("\u{1B}\n", "nnb-newline"), ("}", "nnb-close"), ("\t", "nnb-complete"), ("\u{1B}[200~", "nnb-paste"),
        ("^R", "em-inc-search-prev"), ("\u{1B}[3~", "ed-delete-next-char"),
        ("\u{1B}[H", "ed-move-to-beg"), ("\u{1B}[F", "ed-move-to-end"), ("\u{1B}[1~", "ed-move-to-beg"), ("\u{1B}[4~", "ed-move-to-end"),
        ("\u{1B}[1;5C", "em-next-word"), ("\u{1B}[1;5D", "ed-prev-word"),
    ]

    private static func with(_ handle: OpaquePointer?, _ action: (LineEditor) -> Int32) -> UInt8 {
        guard let handle, let editor = LineEditor.of(handle) else { return UInt8(CC_ERROR) }
        return UInt8(truncatingIfNeeded: action(editor))
    }

    private static func complete(_ editor: LineEditor) -> Int32 {
        let before = editor.line.beforeCursor
        switch editor.complete(before) {
        case .nothing:
            return CC_REFRESH_BEEP
        case .replace(let count, let text):
            editor.delete(before.suffix(count))
            editor.insert(text)
            return CC_REFRESH
        case .list(let candidates):
            let text = "\n" + Columns.text(of: candidates, width: 80)
            _ = write(STDOUT_FILENO, text, text.utf8.count)
            return CC_REDISPLAY
        }
    }

    /// What the terminal sends up to the sign that the paste is over. Its lines end in CR or CR LF.
    package static func pasted(_ next: () -> Unicode.Scalar?) -> String {
        var scalars = String.UnicodeScalarView()
        let end = Array("\u{1B}[201~".unicodeScalars)
        while let scalar = next() {
            scalars.append(scalar)
            if scalar == "~", scalars.suffix(end.count).elementsEqual(end) {
                scalars.removeLast(end.count)
                break
            }
        }
        var text = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in scalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\r", "\n": text.append("\n")
            case "\t": text.append(contentsOf: "    ".unicodeScalars)
            // Other control characters would be obeyed by the terminal when the line is drawn.
            case "\u{0}"..<" ", "\u{7F}": break
            default: text.append(scalar)
            }
            previous = scalar
        }
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}

package enum Indentation {
    /// That of the last line, and four spaces more behind an opening bracket.
    package static func next(after text: String) -> String {
        let line = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? ""[...].utf8
        let indentation = String(repeating: " ", count: line.prefix { $0 == UInt8(ascii: " ") }.count)
        let last = line.last { $0 != UInt8(ascii: " ") }
        let opens = last.map { "{([".utf8.contains($0) } ?? false
        return indentation + (opens ? "    " : "")
    }

    /// Whether nothing but an indentation stands on the last line.
    package static func isAlone(_ text: String) -> Bool {
        let line = text.utf8.reversed().prefix { $0 != UInt8(ascii: "\n") }
        return line.count >= 4 && line.count < text.utf8.count && line.allSatisfy { $0 == UInt8(ascii: " ") }
    }
}

package enum Columns {
    /// The words in columns, at most 100 of them, down and then across.
    package static func text(of words: [String], width: Int) -> String {
        let shown = Array(words.prefix(100))
        let column = (shown.map(\.count).max() ?? 0) + 2
        let across = max(1, width / column)
        let rows = (shown.count + across - 1) / across
        var text = ""
        for row in 0..<rows {
            var line = ""
            for index in stride(from: row, to: shown.count, by: rows) {
                line += shown[index]
                if index + rows < shown.count { line += String(repeating: " ", count: column - shown[index].count) }
            }
            text += line + "\n"
        }
        return words.count > shown.count ? text + "... and \(words.count - shown.count) more\n" : text
    }
}
