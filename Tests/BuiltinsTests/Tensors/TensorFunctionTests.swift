import Foundation
import Testing

/// Functions on tensors as a program calls them: their forms and their errors. What they compute is compared with NumPy
/// in TensorsTests.
@Suite struct TensorFunctionTests {
    @Test(arguments: [
        // A list of numbers, of tensors, a range, wherever a tensor is.
        ("sum(list(1, 2, 3))", "6"), ("mean(range(5))", "2"), ("exp(0)", "1"), ("sum(5)", "5"), ("sum(true)", "1"),
        ("a = [1, 2]; b = [3, 4]; mean([a, b], axis=0)", "[2, 3]"),
        // Axes.
        ("sum([1, 2; 3, 4])", "10"), ("sum([1, 2; 3, 4], axis=(0, 1))", "10"), ("[1, 2; 3, 4].sum(axis=1)", "[3, 7]"),
        ("sum([1, 2; 3, 4], axis=1, keepdims=true)", "[3; 7]"), ("sum([1, 2; 3, 4], axis=-1)", "[3, 7]"),
        ("any([0, 1] > 0)", "true"), ("all([1, 2; 3, 4] > 1, axis=0)", "[false, true]"),
        ("argmax([1, 5; 7, 2])", "2"), ("argmax([1, 5; 7, 2], axis=1)", "[1, 0]"),
        // max and min of one operand and of several.
        ("max([1, 5, 3])", "5"), ("max(3, 5)", "5"), ("max([-1, 2], 0)", "[0, 2]"), ("min(1, [0, 3], [2, 2])", "[0, 1]"),
        ("max([1, 2; 3, 0], axis=0)", "[3, 2]"), ("max(astype([1, 2], \"float32\"), 1.5).dtype", "\"float32\""),
        // Making.
        ("zeros(2)", "[0, 0]"), ("ones((2, 2))", "[1, 1; 1, 1]"), ("zeros([2, 1])", "[0; 0]"), ("full(true, 2, dtype=\"bool\")", "[true, true]"),
        ("arange(3)", "[0, 1, 2]"), ("arange(1, 4)", "[1, 2, 3]"), ("linspace(0, 1, 3)", "[0, 0.5, 1]"), ("eye(2)", "[1, 0; 0, 1]"),
        // Shaping.
        ("reshape([1, 2, 3, 4], 2, -1)", "[1, 2; 3, 4]"), ("[1, 2, 3, 4].reshape((2, 2))", "[1, 2; 3, 4]"),
        ("concat([1], [2, 3])", "[1, 2, 3]"), ("a = [1]; b = [2]; concat([a, b])", "[1, 2]"),
        ("stack([1, 2], [3, 4])", "[1, 2; 3, 4]"), ("split([1, 2, 3, 4], 2)[1]", "[3, 4]"), ("split([1, 2, 3], [1])[1]", "[2, 3]"),
        ("split(\"a b  c\")", "[\"a\", \"b\", \"c\"]"), ("split(\"a,,b\", \",\")", "[\"a\", \"\", \"b\"]"),
        ("pad([1, 2], (1, 0))", "[0, 1, 2]"), ("tile([1, 2], 2, 1)", "[1, 2; 1, 2]"), ("expand([1, 2])", "[1; 2]"),
        // Picking.
        ("where([1, -1] > 0, [1, -1], 0)", "[1, 0]"), ("where([0, 1, 1] > 0)[0]", "[1, 2]"), ("clip(5, 0, 1)", "1"),
        ("clip([1, 5], none, 2)", "[1, 2]"), ("sort([3, 1, 2], descending=true)", "[3, 2, 1]"),
        ("v, n = unique([3, 1, 3], counts=true); n", "[1, 2]"), ("unique([\"b\", \"a\", \"b\"])", "[\"a\", \"b\"]"),
        // Algebra.
        ("outer([1, 2], [3, 4], (x, y) -> x - y)", "[-2, -3; -1, -2]"), ("dot([1, 2], [3, 4])", "11"),
        ("det([1, 2; 3, 4])", "-2"), ("round(inv([1, 2; 3, 4]) @ [1, 2; 3, 4], 10)", "[1, 0; 0, 1]"),
        ("percentile([1, 2, 3], [0, 50])", "[1, 2]"),
        // Types.
        ("astype([1, 2], \"uint8\").dtype", "\"uint8\""), ("sum(astype([200, 200], \"uint8\"))", "400"),
        ("sign([-1, 0, 1])", "[-1, 1, 1]"), ("round(2.5)", "2"), ("floor(-0.5)", "-1"),
    ])
    func `a call gives`(_ code: String, _ expected: String) { #expect(shown(code) == expected) }

    @Test(arguments: [
        ("mean([])", "error: the mean of nothing"),
        ("sum([1, 2], axis=1)", "error: there is no axis 1: it has only axis 0"),
        ("reshape([1, 2, 3], 2, 2)", "error: 3 elements cannot have the shape (2, 2)"),
        ("astype([300], \"uint8\")", "error: uint8 holds the integers from 0 to 255, not 300"),
        ("zeros(2, dtype=\"int\")", "error: there is no type \"int\": float64, float32, uint8 and bool are"),
        ("zeros(-1)", "error: an axis cannot have the negative length -1"),
        ("inv([1, 2; 2, 4])", "error: the matrix is singular: its rows depend on each other"),
        ("inv([1, 2])", "error: inv takes a square matrix, not (2,)"),
        ("concat([1], [1, 2; 3, 4])", "error: tensors of the shapes (1,) and (2, 2) cannot be joined along axis 0"),
        ("randint(5, 5)", "error: randint needs low < high, not 5 and 5"),
        ("where([1, 2], 1, 0)", "error: the condition of where must be a bool tensor, not float64"),
        ("clip([1], 2, 1)", "error: clip needs low <= high, not 2 and 1"),
        ("max([1, 2], 3, axis=0)", "error: an axis and several operands of `max` do not go together"),
        ("eig([0, -1; 1, 0])", "error: the matrix has complex eigenvalues, such as 0.0 ± 1.0i"),
        ("choice(3, 4, replace=false)", "error: 4 of 3 cannot be drawn without putting back"),
    ])
    func `a misuse says`(_ code: String, _ expected: String) { #expect(shown(code) == expected) }

    /// The operand in its place, which the help names first: `b[:, new] is (3, 1) and …`.
    @Test func `what the help says of shapes that do not fit can be followed`() {
        let lengths = [1, 2, 3]
        let matrices = lengths.flatMap { a in lengths.map { [a, $0] } }
        let shapes = lengths.map { [$0] } + matrices + [[2, 1, 3], [1, 2, 3], [2, 3, 1], [2, 3, 3], [3, 2, 2]]
        let cell = Cell()
        /// The help on the code's error, nil where it runs.
        func help(on code: String) -> String? {
            let count = cell.errors.count
            _ = cell.session.run(code, name: "test", sink: cell)
            return cell.errors.count > count ? cell.errors.last?.help.first ?? "" : nil
        }
        var followed = 0
        for a in shapes {
            for b in shapes {
                let making = zip(["a", "b"], [a, b]).map { "\($0) = ones(\($1.map(String.init).joined(separator: ", ")))" }
                guard let advice = help(on: making.joined(separator: "; ") + "\na + b") else { continue }
                let code: String
                let pairs = "all pairs of rows are "
                if advice.hasPrefix(pairs) {
                    code = advice.dropFirst(pairs.count).components(separatedBy: ", (")[0]
                } else if let operand = advice.components(separatedBy: " is ").first ?? advice.components(separatedBy: " gives ").first,
                    operand.hasPrefix("a[") || operand.hasPrefix("b[") || operand.contains(".T")
                {
                    code = operand.hasPrefix("a") ? "\(operand) + b" : "a + \(operand)"
                } else {
                    continue
                }
                #expect(help(on: code) == nil, "\(a) + \(b): \(code)")
                followed += 1
            }
        }
        #expect(followed > 40)
    }

    @Test func `the same cell draws the same numbers, another one others`() {
        #expect(shown("rand(3)") == shown("rand(3)"))
        #expect(shown("rand(3)") != shown("rand(3) "))
        #expect(shown("seed(1); rand(3)") == shown("seed(1); x = 2; rand(3)"))
    }

    @Test(arguments: ["rand(2, 3).shape", "uniform(-1, 1, 2, 3).shape", "normal(0, 1, (2, 3)).shape", "randint(0, 5, 2, 3).shape"])
    func `draws take a shape`(_ code: String) { #expect(shown(code) == "(2, 3)") }

    @Test(arguments: ["rand()", "randn()", "uniform(0, 1)", "normal()", "randint(5)", "choice([1, 2])"])
    func `a draw without a shape is a number`(_ code: String) { #expect(!shown("\(code) + 0").hasPrefix("[")) }
}
