import Testing

@Test(arguments: [
    ("d = load(\"iris\"); d.X.shape", "(150, 4)"), ("load(\"iris\").classes[2]", "\"virginica\""),
    ("load(\"quijote\").text.split(\"\\n\")[2][0:27]", "\"En un lugar de la Mancha, d\""), ("len(load(\"quijote\").text)", "293065"),
    ("load(\"breast-cancer\").features[0]", "\"mean radius\""), ("d = load(\"breast-cancer\"); sum(d.y)", "357"),
    ("X, y = moons(200, noise=0.1); (X.shape, y.shape, sum(y))", "((200, 2), (200,), 100)"),
    ("X, y = circles(10); max(norm(X, axis=1)) < 1.001", "true"), ("X, y = xor(50); X.shape", "(50, 2)"),
    ("X, y = spiral(30, classes=3); sum(y == 2)", "10"), ("X, y = blobs(30, centers=[0, 0; 9, 9], std=0.1); X.shape", "(30, 2)"),
    ("X, y = blobs(10, centers=4, features=5); X.shape", "(10, 5)"), ("moons(3) == moons(3)", "false"),
    ("X = arange(10); a, b = train_test_split(X, test=0.3); (a.shape, b.shape)", "((7,), (3,))"),
    ("X, y = moons(100); a, b, c, d = train_test_split(X, y); (a.shape, b.shape, sum(c), sum(d))", "((80, 2), (20, 2), 40, 10)"),
    ("X = arange(20); y = 2 * X; a, b, c, d = train_test_split(X, y); all(c == 2 * a) and all(d == 2 * b)", "true"),
    ("a, b = train_test_split([\"p\", \"q\", \"r\", \"s\"], test=1); sort(encode([a[0], a[1], a[2], b[0]])[0])", "[0, 1, 2, 3]"),
    ("standardize([1; 3])", "[-1;\n  1]"), ("a, b = standardize([1; 3], [1; 5]); b", "[-1;\n  3]"),
    ("s = scaler([1, 10; 3, 20]); (s.mean, s.std)", "([2, 15], [1, 5])"), ("s = scaler([1; 3]); s([5])", "[3]"),
    ("s = scaler([1; 3]); unscale(s, [-1; 3])", "[1;\n 5]"), ("s = scaler([1; 3]); s.unscale([0])", "[2]"),
    ("one_hot([2, 0])", "[0, 0, 1;\n 1, 0, 0]"), ("one_hot([1, 0], 3)", "[0, 1, 0;\n 1, 0, 0]"), ("one_hot([-1, 1])", "[1, 0;\n 0, 1]"),
    ("one_hot([\"b\", \"a\"])", "[0, 1;\n 1, 0]"), ("one_hot(astype([1, 0], \"uint8\"))", "[0, 1;\n 1, 0]"),
    ("encode([\"cat\", \"ant\"])", "([1, 0], [\"ant\", \"cat\"])"), ("encode([5, 3, 5])", "([1, 0, 1], [3, 5])"),
    ("head([5, 6, 7], 2)", "[5, 6]"), ("tail([\"a\", \"b\"], 1)", "[\"b\"]"),
])
func dataAreMadeReady(code: String, result: String) {
    let cell = Cell(code)
    #expect(cell.error == "")
    #expect(cell.result == result)
}

@Test func theSameCellDrawsTheSameData() {
    let code = "X, y = moons(20, noise=0.3); a, b = train_test_split(X); a[0]"
    #expect(Cell(code).result == Cell(code).result)
    #expect(Cell(code).result != Cell(code, seed: 1).result)
}

@Test func constantColumnsAreTold() {
    #expect(Cell("standardize([1, 7; 2, 7])").printed == "standardize: column 1 is constant and becomes 0\n")
}

@Test(arguments: [
    ("load(\"minst\")", "there is no data set \"minst\"; there are breast-cancer, fashion-mnist, iris, mnist, quijote | did you mean load(\"mnist\")?"),
    ("load(\"iris\").train", "iris has no standard split: its samples are d.X and d.y"),
    ("moons(-1)", "`n` of `moons` must be at least 0, not -1"), ("moons(1e12)", "`n` of `moons` must be at most 100,000,000"),
    ("moons(10, noise=-1)", "`noise` of `moons` must be at least 0, not -1"), ("moons(2.5)", "`n` of `moons` is a whole number, not 2.5"),
    ("circles(10, factor=2)", "`factor` of `circles` must lie between 0 and 1, not 2"),
    ("blobs(10, centers=[1, 2])", "`centers` of `blobs` is a number or a tensor of shape (clouds, coordinates), not (2,)"),
    ("spiral(10, classes=0)", "`classes` of `spiral` must be from 1 to 1000, not 0"),
    ("train_test_split()", "`train_test_split` needs what to split"),
    ("train_test_split([1, 2], 0.2)", "argument 2 of `train_test_split` is a tensor, a table, a column or a list, not a number | the part for testing is given by its name: test=0.2"),
    ("train_test_split([1, 2], [1, 2, 3])", "argument 2 of `train_test_split` has 3 rows, the first has 2"),
    ("train_test_split([1])", "one row cannot be split in two"), ("train_test_split([1, 2], test=2)", "2 rows cannot give 2 for testing"),
    ("train_test_split([1, 2], [0.5, 1], stratify=true)", "the last array of `train_test_split` holds no classes"),
    ("standardize([1, nan])", "X holds 1 value that is missing or infinite"), ("standardize()", "`standardize` needs what to scale"),
    ("standardize([1, 2; 3, 4], [1; 2])", "the scaler knows samples of shape (2,), X has the shape (2, 1)"),
    ("one_hot([0, 5], 3)", "`y` of `one_hot` holds the label 5, and there are 3 classes | labels count from 0, so the last is 2"),
    ("one_hot([1, 0; 0, 1])", "`one_hot` takes one label a sample, a tensor of shape (n,), not (2, 2)"),
    ("one_hot([nan])", "label 0 is nan"), ("one_hot([1], 0)", "`classes` of `one_hot` must be at least 1, not 0"),
    ("one_hot([1e9])", ""), ("unscale(3, [1])", "`s` of `unscale` is a scaler, not a number"),
])
func aMisuseOfDataIsTold(code: String, message: String) {
    #expect(Cell(code).error.hasPrefix(message))
}
