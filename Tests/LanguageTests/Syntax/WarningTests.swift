import Diagnostics
import Language
import Testing

/// The warnings of a text: line, the words under the carets, the message and the help.
private func warnings(_ text: String) -> [String] {
    let source = Source(name: "test", text: text)
    return Warnings.find(Parser.parse(source).program).map { warning in
        let place = warning.labels.first.map { source.text($0.span) } ?? ""
        return "\(place): \(warning.message)" + warning.help.map { " = " + $0 }.joined()
    }
}

@Test(
    "a result that is thrown away",
    arguments: [
        ("sorted(xs)\nxs", "sorted(xs): the result of `sorted` is thrown away; it leaves its argument as it was = write `xs = sorted(...)`, or xs.sort()"),
        ("s.upper()\nx = 1", "s.upper(): the result of `upper` is thrown away; it leaves its argument as it was = write `s = upper(...)`"),
        ("x\ny", "x: this value is thrown away = only the last expression of a cell shows: print(x)"),
        ("x == 3\ny = 1", "x == 3: this value is thrown away = an assignment is written `=`"),
        ("x <- 3\nx", "x <- 3: this value is thrown away = an assignment is written `x = 3`"),
        ("fn f(a) { a + 1; b = 2; b }", ""),
        ("fn f(a) {\n a + 1\n b = 2\n b\n}", "a + 1: this value is thrown away = `return a + 1` gives it back"),
        ("fn f() {\n \"\"\"Doc.\"\"\"\n 1\n}", "\"\"\"Doc.\"\"\": a string on its own does nothing = documentation is written `## text`, a comment `# text`"),
        ("for x in xs { x + 1 }", "x + 1: this value is thrown away = only the last expression of a cell shows: print(x + 1)"),
        ("if a { b } else { c }\nd", "b: this value is thrown away = only the last expression of a cell shows: print(b); c: this value is thrown away = only the last expression of a cell shows: print(c)"),
        ("map(xs, x -> { x * 2\n x })\n1", "x * 2: this value is thrown away = `return x * 2` gives it back"),
    ])
func thrownAway(_ text: String, _ expected: String) { #expect(warnings(text).joined(separator: "; ") == expected) }

@Test(
    "a change of a copy",
    arguments: [
        ("fn add(xs) { xs.push(1) }", "xs.push(1): the parameter `xs` is changed and never read again = return it, `xs` as the last line, or keep it in an object"),
        ("fn reset(x) {\n x[0] = 0\n}", "x[0] = 0: the parameter `x` is changed and never read again = return it, `x` as the last line, or keep it in an object"),
        ("fn f(n) { n += 1 }", "n += 1: the parameter `n` is changed and never read again = return it, `n` as the last line, or keep it in an object"),
        ("for x in xs { x *= 2 }", "x *= 2: the loop variable `x` is changed and never read again = write into the whole: `xs[i] = ...`, or build a new one: `[f(x) for x in xs]`"),
        ("for row in X {\n print(row)\n row[0] = 1\n}", "row[0] = 1: the loop variable `row` is changed and never read again = write into the whole: `xs[i] = ...`, or build a new one: `[f(x) for x in xs]`"),
        ("(xs, y) -> { xs.push(y) }", "xs.push(y): the parameter `xs` is changed and never read again = return it, `xs` as the last line, or keep it in an object"),
    ])
func lostChange(_ text: String, _ expected: String) { #expect(warnings(text).joined(separator: "; ") == expected) }

@Test(
    "what is meant as it stands gives no warning",
    arguments: [
        "xs", "x;", "x = 1; x", "print(x)\nplot(y)\nx", "xs.sort()\nxs", "f(x)\nx", "fn f(xs) { xs.push(1); xs }",
        "fn f(xs) { xs.push(1); return xs }", "fn f(n) { while n > 0 { n -= 1 } }", "fn f(w) { for x in xs { w += x }; w }",
        "fn f(w) {\n for i in range(3) {\n  print(w)\n  w += 1\n }\n}", "for x in xs { x *= 2; ys.push(x) }",
        "fn f(xs) { xs.push(1); () -> xs }", "fn f(net) { net.w[0] = 1 }", "fn f(net) { net.rate = 1 }",
        "class Stack { fn push(x) { self.xs.push(x) } }\nfn f(s) { s.push(1) }", "for _ in range(3) { _ = 1 }",
        "fn f(xs) { y = xs.pop(); y }", "sorted(x) = x\nsorted(3)\n1", "x |> f\n1", "fn f(x) { if x > 0 { 1 } else { 2 } }",
        "fn f(x) { try { g(x) } catch e { 0 } }", "X[0] = 1\nX", "net.fit(X)\n1",
    ])
func noWarning(_ text: String) { #expect(warnings(text) == []) }
