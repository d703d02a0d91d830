import Diagnostics
import Foundation
import Language
import Testing

/// Each file of the folder `Misuse` is a misuse, what is said of it stands in the line itself after `#!` (in the next
/// line after `#^` where a comment would be part of the mistake): the message, then ` = ` and the help. With
/// NNB_UPDATE=1 the expectations are written anew, and with them `Misuse.txt`, which shows them as a user sees them.
private enum Misuse {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Misuse")
    static let gallery = folder.deletingLastPathComponent().appendingPathComponent("Misuse.txt")
    static let isUpdating = ProcessInfo.processInfo.environment["NNB_UPDATE"] == "1"

    static var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".nnb") }.sorted()
    }

    static func read(_ file: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
    }

    static func diagnostics(_ text: String, _ file: String = "test") -> [Diagnostic] {
        Parser.parse(Source(name: file, text: text)).diagnostics
    }

    static func said(_ diagnostic: Diagnostic) -> String {
        ([diagnostic.message] + diagnostic.help).joined(separator: " = ")
    }

    static func said(of text: String) -> [Int: String] {
        var result: [Int: String] = [:]
        for diagnostic in diagnostics(text) {
            guard let label = diagnostic.labels.first else { continue }
            result[label.source.line(of: label.span)] = said(diagnostic)
        }
        return result
    }

    /// The text without its expectations, and these by line of that text.
    static func split(_ text: String) -> (code: String, expected: [Int: String]) {
        var lines: [String] = []
        var expected: [Int: String] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("#^ ") {
                expected[lines.count - 1] = String(line.dropFirst(3))
            } else if let mark = line.range(of: "  #! ") {
                lines.append(String(line[..<mark.lowerBound]))
                expected[lines.count - 1] = String(line[mark.upperBound...])
            } else {
                lines.append(line)
            }
        }
        return (lines.joined(separator: "\n"), expected)
    }

    static func update(_ file: String) throws {
        let code = split(read(file)).code
        let said = said(of: code)
        var lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (line, words) in said.sorted(by: { $0.key > $1.key }) {
            var marked = lines
            marked[line] += "  #! " + words
            let bare = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var alone = bare
            alone[line] += "  #! " + words
            if self.said(of: alone.joined(separator: "\n")) == said {
                lines = marked
            } else {
                lines.insert("#^ " + words, at: line + 1)
            }
        }
        try lines.joined(separator: "\n").write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
    }

    static func picture() -> String {
        var text = ""
        for file in files {
            for diagnostic in diagnostics(split(read(file)).code, file) { text += Renderer().text(diagnostic) + "\n\n" }
        }
        return text
    }
}

@Test("what is said of a misuse", arguments: Misuse.files)
func misuse(_ file: String) throws {
    if Misuse.isUpdating { try Misuse.update(file) }
    let (code, expected) = Misuse.split(Misuse.read(file))
    #expect(Misuse.said(of: code) == expected)
    #expect(!expected.isEmpty)
}

@Test func `misuses are shown as in the gallery`() throws {
    let picture = Misuse.picture()
    if Misuse.isUpdating { try picture.write(to: Misuse.gallery, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOf: Misuse.gallery, encoding: .utf8) == picture)
}
