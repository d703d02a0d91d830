import Builtins
import Language
import Testing

/// Functions on data and charts, called with anything: each call ends with a value or an error that says something.
@Test func noArgumentsBreakChartsOrData() throws {
    let names = [
        "plot", "scatter", "imshow", "boundary", "figure", "subplot", "show", "head", "tail", "moons", "circles", "blobs", "xor", "spiral",
        "train_test_split", "standardize", "scaler", "unscale", "one_hot", "encode", "load", "read_csv", "load_idx",
    ]
    let values = [
        "0", "-1", "2.5", "3", "1e300", "nan", "inf", "-inf", "true", "none", "\"r\"", "\"\"", "\"--o\"", "\"iris\"", "[]", "[1]", "[1, 2, 3]",
        "[0, 1, 1]", "[nan, 1]", "[1, 2; 3, 4]", "[1; 2; 3]", "zeros(0, 2)", "zeros(3, 0)", "zeros(2, 2, 2)", "zeros(2, 3, 3)",
        "[1e308, -1e308]", "astype([1, 2, 3], \"uint8\")", "[true, false]", "[\"a\", \"b\", \"a\"]", "[\"a\", 1]", "(1, 2)", "range(4)", "{\"a\": 1}",
        "x -> x", "x -> \"a\"", "tanh", "load(\"iris\")", "scaler([1; 2])", "moons(6)", "moons(6)[0]", "plot([1])", "class", "1:2", "t", "t.class",
        "t[[\"z\"]]", "t.z",
    ]
    var random = Dice(seed: 19)
    let folder = Folder()
    try folder.write("t.csv", Array("z,class\n1,a\n,b\n3,a\n".utf8))
    for _ in 0..<1500 {
        let code = RandomCall(of: names, with: values, most: 3, &random).code
        let cell = Cell("t = read_csv(\"\(folder.path)/t.csv\");", code)
        for error in cell.errors { #expect(!error.message.isEmpty && error.kind != .internal, "\(code)") }
    }
}
