import Diagnostics
import Language
import Testing

private func mistakes(_ text: String) -> [Diagnostic] { Parser.parse(Source(name: "test", text: text)).diagnostics }

@Test(
    "deep nesting is an error, never a crash",
    arguments: ["(", "[", "{", "f(", "x[", "-", "not ", "∇", "√", "x -> ", "if a {", "fn f() {", "f\"{", "class A {", "2^", "a and (", "(a, (", "for (", "try {", "1 + ["])
func nesting(_ piece: String) {
    for count in [150, 300, 20_000] {
        let text = String(repeating: piece, count: count)
        #expect(!mistakes(text).isEmpty)
    }
}

@Test("a nest that is closed properly is refused past its limit and accepted before")
func closedNesting() {
    func nest(_ count: Int) -> String { String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) }
    #expect(mistakes(nest(150)).isEmpty)
    #expect(mistakes(nest(5_000)).first?.message == "this is nested deeper than 200 levels")
}

@Test("long chains are refused past their limit, whatever they are made of", arguments: [" + a", ".a", "(a)", "[a]", " |> a", "ᵀ"])
func chains(_ link: String) {
    #expect(mistakes("a" + String(repeating: link, count: 900)).isEmpty)
    #expect(mistakes("a" + String(repeating: link, count: 20_000)).count == 1)
}

@Test("the height of the tree counts nested chains together")
func nestedChains() {
    var text = "a"
    for _ in 0..<10 { text = "(" + text + String(repeating: " + a", count: 300) + ")" }
    #expect(!mistakes(text).isEmpty)
}

@Test("an else-if chain may be long")
func longConditional() {
    #expect(mistakes("if a { 1 }" + String(repeating: " else if b { 2 }", count: 3_000)).isEmpty)
}

@Test("a large text of mistakes gives a bounded number of diagnostics", arguments: ["§ ", ") ", "}\n", "(\n", "x y\n", "\"\n", "f\"{\n", "{ x\n"])
func garbage(_ piece: String) {
    let found = mistakes(String(repeating: piece, count: 50_000))
    #expect(!found.isEmpty && found.count <= 20)
}
