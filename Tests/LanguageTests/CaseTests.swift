import Builtins
import Diagnostics
import Foundation
import Language
import Tensors
import Testing

/// The files of `Cases`: pieces of code, each ended by a line that says what it gives.
///
///     1 + 1                # -> 2
///     print("a")           # prints a
///     x = 1                # nothing
///     1 + "a"              # error: type `+` does not go with a number and a string
///
/// A piece may have several lines; the expectation stands on its last. `\n` stands for a new line in it. `// help: ...`
/// behind an error gives its help. With NNB_UPDATE=1 in the environment the expectations are written anew.
@Suite struct CaseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".nnb") }.sorted()

    @Test(arguments: files)
    func `a case gives what it says`(_ file: String) throws {
        let url = CaseTests.folder.appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        let recorder = Recorder()
        #if DEBUG
        let before = Heap.current.liveBlocks
        #endif
        var rewritten: [String] = []
        do {
            let interpreter = Interpreter(builtins: Catalogue.builtins, host: recorder)
            var piece: [String] = []
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let (code, expected) = CaseTests.split(String(line))
                piece.append(code)
                guard let expected else {
                    rewritten.append(String(line))
                    continue
                }
                let given = CaseTests.run(piece.joined(separator: "\n"), interpreter, recorder, expected)
                if given != expected { Issue.record("\(file), line \(number + 1): expected \(expected)\n  given \(given)") }
                rewritten.append(code.padded(to: 40) + "# " + given)
                piece = []
            }
        }
        #if DEBUG
        #expect(Heap.current.liveBlocks == before, "blocks that were not given back")
        #endif
        if ProcessInfo.processInfo.environment["NNB_UPDATE"] == "1" {
            try rewritten.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
        }
    }

    static func split(_ line: String) -> (code: String, expected: String?) {
        for mark in ["# -> ", "# prints ", "# nothing", "# error: "] {
            if let range = line.range(of: mark) {
                return (String(line[..<range.lowerBound]), String(line[range.lowerBound...].dropFirst(2)))
            }
        }
        return (line, nil)
    }

    static func run(_ code: String, _ interpreter: Interpreter, _ recorder: Recorder, _ expected: String) -> String {
        recorder.written = ""
        let outcome = interpreter.run(Source(name: "case", text: code))
        defer { outcome.value.release() }
        var given = outcomeText(outcome, interpreter)
        if expected.contains(" // help: "), let help = outcome.diagnostics.first(where: { $0.severity == .error })?.help.first {
            given += " // help: \(help)"
        }
        if !recorder.written.isEmpty {
            var lines = recorder.written
            if lines.hasSuffix("\n") { lines.removeLast() }
            let written = "prints " + lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
            given = given == "nothing" ? written : written + " " + given
        }
        return given
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        if text.isEmpty { return text }
        return text.count < width ? text + String(repeating: " ", count: width - text.count) : text + "  "
    }
}
