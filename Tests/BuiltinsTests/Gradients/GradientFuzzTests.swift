import Builtins
import Language
import Testing

/// Every function of the prelude with arguments that are followed, sensible or not: it gives something or says what is
/// wrong, and what it gives can be differentiated once more.
@Test(arguments: Catalogue.builtins.map(\.name).filter { !["help", "fetch"].contains($0) })
func `any function takes followed arguments or refuses them`(_ name: String) {
    let forms = [
        "x", "x, x", "x, 1", "1, x", "x, 2, 1", "x, x, x", "[x, x]", "list(x, 2)", "(x, [1, 2])", "{\"a\": x}", "x, [1, 2]", "[1, 2], x",
        "v -> v * x, [1, 2]", "[1, 2], v -> v > x", "x, axis=0", "x, axis=-1", "x, \"a\"", "\"a\", x", "x, none", "zip(x, x)", "",
    ]
    let calls = forms.map { "try { use(\(name)(\($0))) } catch e { s += e.message }" }.joined(separator: "\n")
    for argument in ["0.5", "[0.5, 1]", "[1, 2; 3, 4.5]", "zeros(0)"] {
        let code = """
            fn use(r) {
                try { s = sum(r) + 0 } catch e { str(r) }
                try { r * 2 } catch e { none }
                none
            }
            fn f(x) {
                s = ""
                \(calls)
                sum(x)
            }
            \(argument == "[0.5, 1]" ? "hessian(f)" : "∇f")(\(argument));
            """
        let text = shown(code)
        #expect(!text.hasPrefix("error"), "\(name): \(text)")
    }
}
