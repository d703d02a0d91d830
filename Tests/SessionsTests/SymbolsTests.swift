import Sessions
import Testing

@Suite struct SymbolsTests {
    @Test(arguments: [
        ("\\alpha", "α", 6), ("x = \\sigma", "σ", 6), ("\\Sigma", "Σ", 6), ("\\alp", "α", 4), ("\\nabla", "∇", 6),
        ("y\\hat", "ŷ", 5), ("3 * y\\hat", "ŷ", 5), ("w\\bar", "w\u{304}", 5), ("W\\T", "ᵀ", 2), ("w\\_1", "₁", 3), ("\\in", "∈", 3),
        ("\\eta", "η", 4),
    ])
    func `a name behind a backslash becomes its sign`(text: String, sign: String, replaced: Int) {
        #expect(Session().completion(of: text) == Completion(replaced: replaced, candidates: [sign]))
    }

    @Test func `the beginning of several names lists them`() {
        #expect(Session().completion(of: "\\th") == Completion(replaced: 3, candidates: ["θ"]))
        #expect(Session().completion(of: "\\no").candidates == ["\\notin"] || Session().completion(of: "\\no").candidates == ["∉"])
        #expect(Session().completion(of: "2\\ep") == Completion(replaced: 3, candidates: ["ε"]))
        #expect(Session().completion(of: "\\be") == Completion(replaced: 3, candidates: ["β"]))
        #expect(Session().completion(of: "\\o").candidates == ["\\odot", "\\omega"])
    }

    @Test(arguments: ["\\qqq", "\\hat"])
    func `what names no sign completes to nothing`(text: String) {
        #expect(Session().completion(of: text).candidates.allSatisfy { $0.hasPrefix("\\") })
    }

    @Test func `the accent joins its letter to one character`() throws {
        let sign = try #require(Session().completion(of: "y\\hat").candidates.first)
        #expect(Array(sign.unicodeScalars) == ["ŷ"])
    }
}
