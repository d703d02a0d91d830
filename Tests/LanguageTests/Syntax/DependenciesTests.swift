import Diagnostics
import Language
import Testing

private func dependencies(_ text: String) -> Dependencies {
    Dependencies(of: Parser.parse(Source(name: "test", text: text)).program) { name in
        switch name {
        case "mean", "zeros", "sum": .init([("x", .computes)])
        case "print", "list": .init([("values", .passes)])
        case "fit": .init([("network", .changes), ("X", .computes), ("optimizer", .changes)])
        case "grad": .init([("f", .changes)])
        default: nil
        }
    }
}

private func sorted(_ names: Set<String>) -> String { names.sorted().joined(separator: " ") }

@Test(
    "what a cell defines and reads",
    arguments: [
        ("x = 3; y = x + z", "x y", "z"),
        ("y = x; x = 1", "x y", "x"),
        ("w += 1", "w", "w"),
        ("a[0] = b", "a", "a b"),
        ("a.n = b", "", "a b"),
        ("f(x) = x + k", "f", "k"),
        ("k = 2; f(x) = x + k", "f k", ""),
        ("fn f(x) { y = x; for i in y { z = i }; y + z + w }", "f", "w"),
        ("if c { x = 1 }; x", "x", "c x"),
        ("for i in xs { s = i }\nprint(s, i)", "i s", "i s xs"),
        ("[x * k for x in xs if x > m]", "", "k m xs"),
        ("f\"{x:.3f} {y}\"", "", "x y"),
        ("class A { fn init(n) { self.n = n * scale } }", "A", "scale"),
        ("import som; from metrics import f1", "f1 som", ""),
        ("try { x = f() } catch e { print(e) }", "e x", "e f"),
        ("a, (b, c) = t", "a b c", "t"),
        ("g = y -> y + k", "g", "k"),
        ("m = mean(X)", "m", "X"),
        ("fn f() { fn g() { h() }; g() }", "f", "h"),
        ("fn f(n=d) { n }", "f", "d"),
    ])
func names(_ text: String, _ defines: String, _ reads: String) {
    let found = dependencies(text)
    #expect(sorted(found.defines) == defines)
    #expect(sorted(found.reads) == reads)
}

@Test(
    "what a cell may change, and what may be reached through what it defines",
    arguments: [
        ("fit(net, X)", "net", ""), ("fit(net, X, opt)", "net opt", ""), ("fit(net, optimizer=opt)", "net opt", ""),
        ("net.fit(X)", "net", ""),
        ("mean(X) + X.sum()", "", ""),
        ("a = net", "", "net"),
        ("a = X @ w + 1", "", ""),
        ("pair = list(net, opt)", "", "net opt"),
        ("train(net)", "net train", ""),
        ("f(x) = net.predict(x * k)", "", "net"),
        ("net.rate = r", "net", "r"),
        ("[n.fit(X) for n in nets]", "nets", ""),
        ("[n + 1 for n in nets]", "", "nets"),
        ("x |> net", "net x", ""),
        ("∇loss(w)", "loss w", ""),
        ("print(net)", "", "net"),
    ])
func changes(_ text: String, _ changes: String, _ keeps: String) {
    let found = dependencies(text)
    #expect(sorted(found.changes) == changes)
    #expect(sorted(found.keeps) == keeps)
}
