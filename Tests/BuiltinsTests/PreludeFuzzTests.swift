import Builtins
import Language
import Testing

/// Functions of the prelude called with anything: each call ends with a value or an error that says something, also where
/// the value is shown.
@Test(arguments: 0..<8)
func `no arguments break the prelude`(_ part: Int) {
    let kept: Set<String> = ["load", "fetch", "read_csv", "load_idx", "save", "load_net", "replicate", "fit"]
    let names = Catalogue.builtins.map(\.name).filter { !kept.contains($0) }
    let values = [
        "0", "-1", "2.5", "3", "1e300", "-1e300", "nan", "inf", "-inf", "true", "none", "\"r\"", "\"\"", "\"añb\"", "[]", "[1]", "[1, 2, 3]",
        "[nan, 1]", "[1, 2; 3, 4]", "[1; 2; 3]", "zeros(0, 2)", "zeros(3, 0)", "zeros(2, 2, 2)", "zeros(2, 1, 3)", "zeros(1, 1, 1, 1)",
        "[1e308, -1e308]", "astype([1, 2, 3], \"uint8\")", "astype([0.1, 2], \"float32\")", "[true, false]", "[\"a\", \"b\", \"a\"]", "[\"a\", 1]",
        "[[1, 2], [3]] ", "(1, 2)", "()", "range(4)", "range(0)", "{\"a\": 1}", "{}", "x -> x", "x -> \"a\"", "() -> 1", "(x, y) -> x + y", "tanh", "sum",
        "adam(0.1)", "dense(2)", "sequential(input(2), dense(1))", "o", "o.m", "K", "zip([1], [2])", "∇(x -> x^2)", "mse", "relu", "list(list(1))",
    ]
    var random = Dice(seed: UInt64(100 + part))
    for _ in 0..<250 {
        var call = RandomCall(of: names, with: values, most: 4, &random)
        let start = "class K { fn init() { self.w = [1.0] } fn m(x) { x } }; o = K(); "
        var code = call.code
        // Half of them within a gradient, with something that is followed in the place of one argument.
        if random.below(2) == 0, !call.arguments.isEmpty {
            let place = random.below(call.arguments.count)
            if !call.arguments[place].contains("=") { call.arguments[place] = ["x", "[x, x]", "list(x, 1)", "x[0]", "o.w"][random.below(5)] }
            code = "grad((o, x) -> { y = \(call.code); sum(o.w) + (try { sum(y) } catch e { 0 }) }, [0, 1])(o, [1, 2.5])"
        }
        let text = shown(start + code)
        #expect(text != "error: none given" && !text.hasPrefix("error: error"), "\(code)")
    }
}
