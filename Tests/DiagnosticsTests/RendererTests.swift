import Diagnostics
import Testing

private func source(_ text: String, _ name: String = "cell 7") -> Source { Source(name: name, text: text) }

/// A label under the first occurrence of a word.
private func label(_ source: Source, _ word: String, _ text: String = "") -> Diagnostic.Label {
    let bytes = Array(word.utf8)
    let start = source.bytes.indices.first { Array(source.bytes[$0...].prefix(bytes.count)) == bytes } ?? 0
    return .init(source, Span(start, start + bytes.count), text)
}

private func render(_ diagnostic: Diagnostic, colour: Bool = false, columns: Int = 120) -> String {
    Renderer(colour: colour, columns: columns).text(diagnostic)
}

@Test func `a diagnostic reads as in the language's description`() {
    let cell = source("X = zeros(4, 3); W1 = zeros(4, 2)\nH = X @ W1\nH")
    let diagnostic = Diagnostic(
        .error, .shape, "the product of (4, 3) and (4, 2) needs 3 = 4",
        labels: [label(cell, "X @ W1", "X is (4, 3), W1 is (4, 2)")],
        help: ["X.T @ W1 is (3, 2); or make W1 with 3 rows"])
    #expect(
        render(diagnostic) == """
            error[shape]: the product of (4, 3) and (4, 2) needs 3 = 4
              ┌ cell 7, line 2
            2 │ H = X @ W1
              │     ^^^^^^  X is (4, 3), W1 is (4, 2)
              = help: X.T @ W1 is (3, 2); or make W1 with 3 rows
            """)
}

@Test func `labels of several lines and sources stand from above to below, each source under its name`() {
    let text = (1...11).map { "line\($0) = \($0)" }.joined(separator: "\n")
    let cell = source(text)
    let module = source("fn f(x) { y }", "som.nnb")
    let diagnostic = Diagnostic(
        .warning, .name, "several",
        labels: [label(cell, "line10", "here"), label(cell, "line2", "first"), label(cell, "= 10"), label(module, "y", "there")])
    #expect(
        render(diagnostic) == """
            warning[name]: several
               ┌ cell 7, line 2
             2 │ line2 = 2
               │ -----  first
               ·
            10 │ line10 = 10
               │ ^^^^^^  here
               │        ----
               ┌ som.nnb, line 1
             1 │ fn f(x) { y }
               │           -  there
            """)
}

@Test func `carets stand under wide, combining and tab characters by their width`() {
    let cell = source("\té = 日本 + y\u{302} + 👩‍🔬 @ z")
    func carets(_ word: String) -> String {
        let lines = render(Diagnostic(.error, .name, "m", labels: [label(cell, word)])).split(separator: "\n")
        return String(lines[3].dropFirst(4))
    }
    #expect(render(Diagnostic(.error, .name, "m", labels: [label(cell, "é")])).split(separator: "\n")[2] == "1 │     é = 日本 + y\u{302} + 👩‍🔬 @ z")
    #expect(carets("é") == "    ^")
    #expect(carets("日本") == "        ^^^^")
    #expect(carets("y\u{302}") == "               ^")
    #expect(carets("👩‍🔬") == "                   ^^")
    #expect(carets("z") == "                        ^")
}

@Test func `a place of several lines is marked on its first, an empty one by one caret`() {
    let cell = source("f(1,\n  2)\n")
    let whole = Diagnostic(.error, .type, "m", labels: [.init(cell, Span(0, 9))])
    #expect(render(whole) == "error[type]: m\n  ┌ cell 7, line 1\n1 │ f(1,\n  │ ^^^^")
    let end = Diagnostic(.error, .syntax, "m", labels: [.init(cell, Span(4, 4), "here")])
    #expect(render(end) == "error[syntax]: m\n  ┌ cell 7, line 1\n1 │ f(1,\n  │     ^  here")
    let outside = Diagnostic(.error, .syntax, "m", labels: [.init(cell, Span(900, 901))])
    #expect(render(outside) == "error[syntax]: m\n  ┌ cell 7, line 3\n3 │\n  │ ^")
    let empty = Diagnostic(.error, .syntax, "m", labels: [.init(source(""), Span(0, 0))])
    #expect(render(empty) == "error[syntax]: m\n  ┌ cell 7, line 1\n1 │\n  │ ^")
}

@Test func `a long line is cut around the place`() {
    let cell = source(String(repeating: "a + ", count: 50) + "here + " + String(repeating: "b + ", count: 50))
    let text = render(Diagnostic(.error, .name, "m", labels: [label(cell, "here", "x")]), columns: 44)
    #expect(
        text == """
            error[name]: m
              ┌ cell 7, line 1
            1 │ … + a + a + a here + b + b + b + b + b …
              │              ^^^^  x
            """ || text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 44 })
    let lines = text.split(separator: "\n").map(String.init)
    let caret = Array(lines[3]).firstIndex(of: "^") ?? 0
    #expect(String(Array(lines[2])[caret...].prefix(4)) == "here")
    let start = render(Diagnostic(.error, .name, "m", labels: [.init(cell, Span(0, 1))]), columns: 44)
    #expect(start.contains("1 │ a + a") && start.contains("…\n  │ ^"))
    let end = render(Diagnostic(.error, .name, "m", labels: [.init(cell, Span(cell.bytes.count - 4, cell.bytes.count - 3))]), columns: 44)
    #expect(end.contains("│ …"))
}

@Test func `calls are listed only when there is more than one, and the middle of many is left out`() {
    let cell = source("f(3)\ng()\nh()")
    func frames(_ count: Int) -> [Diagnostic.Frame] {
        (0..<count).map { .init(function: $0 == count - 1 ? "" : "f\($0)", source: cell, span: Span($0 == 0 ? 5 : 0, 6)) }
    }
    var diagnostic = Diagnostic(.error, .value, "m", calls: frames(1))
    #expect(render(diagnostic) == "error[value]: m")
    diagnostic.calls = frames(2)
    #expect(render(diagnostic) == "error[value]: m\n  = in f0, cell 7, line 2\n  = in cell 7, line 1")
    diagnostic.calls = frames(1000)
    let lines = render(diagnostic).split(separator: "\n")
    #expect(lines.count == 14 && lines[7] == "  = … 988 more calls …")
}

@Test func `colour is an addition: without its codes the text is the same`() {
    let cell = source("a = b")
    let diagnostic = Diagnostic(.error, .name, "unknown name b", labels: [label(cell, "b")], help: ["did you mean a?"])
    let coloured = render(diagnostic, colour: true)
    #expect(coloured.contains("\u{1b}[1;31m"))
    var plain = ""
    var isCode = false
    for character in coloured {
        if character == "\u{1b}" { isCode = true } else if isCode { isCode = character != "m" } else { plain.append(character) }
    }
    #expect(plain == render(diagnostic))
}

@Test func `control characters of a source do not reach the terminal`() {
    let cell = source("a\u{1b}[31m = 1")
    #expect(!render(Diagnostic(.error, .lexical, "m", labels: [label(cell, "a")])).contains("\u{1b}"))
}
