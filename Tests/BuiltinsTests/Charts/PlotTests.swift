import Language
import Testing

extension Cell {
    /// The pictures that were shown, by themselves and as results.
    var pictures: [String] {
        (displays + (shown.map { [$0] } ?? [])).compactMap { display in
            display.forms.first { $0.mime == "image/svg+xml" }?.content
        }
    }
    /// How many lines the first picture has, and the words in it.
    var lines: Int { pictures.first?.split(separator: "\n").count { $0.hasPrefix("<polyline") && $0.contains("stroke=") } ?? 0 }
    var clouds: Int { pictures.first?.split(separator: "\n").count { $0.hasPrefix("<polyline") && $0.contains("marker-start") } ?? 0 }
    func shows(_ word: String) -> Bool { pictures.first?.contains(">\(word)</text>") ?? false }
}

@Test(arguments: [
    ("plot([1, 3, 2])", 1), ("plot([0, 1, 2], [1, 3, 2])", 1), ("plot([0, 1], [1, 2], \"--r\")", 1),
    ("plot([0, 1], [1, 2], [0, 1], [2, 1])", 2), ("plot([0, 1], [1, 2], \"r\", [0, 1], [2, 1], \"b\")", 2),
    ("plot([1, 2; 3, 4; 5, 6])", 2), ("plot([0, 1, 2], [1, 2; 3, 4; 5, 6])", 2), ("plot([1; 2; 3])", 1),
    ("plot([1, 2], \"o\")", 0), ("plot(range(5))", 1), ("plot([1, 2]); plot([2, 1])", 2),
    ("for k in range(3) { plot([0, k]) }", 3), ("plot([])", 0), ("plot([7])", 0), ("plot([nan, nan])", 0),
    ("plot(astype([1, 2], \"uint8\"))", 1), ("plot([true, false])", 1),
])
func plotDrawsSoManyLines(code: String, count: Int) {
    let cell = Cell(code)
    #expect(cell.error == "")
    #expect(cell.pictures.count == 1)
    #expect(cell.lines == count)
}

@Test func theCallsOfACellDrawInOneFigureUntilAnotherBegins() {
    #expect(Cell("plot([1, 2]); scatter([1, 2], [3, 4])").pictures.count == 1)
    #expect(Cell("plot([1, 2]); figure(); plot([2, 1])").pictures.count == 2)
    #expect(Cell("plot([1, 2]); show(); plot([2, 1])").pictures.count == 2)
    #expect(Cell("plot([1, 2]);", "plot([2, 1]);").displays.count == 2)
    #expect(Cell("figure()").pictures.count <= 1)
}

@Test func aFigureIsShownOnceWhereverItStands() {
    #expect(Cell("plot([1, 2])\n3").displays.count == 1)
    #expect(Cell("plot([1, 2]);").displays.count == 1)
    #expect(Cell("c = plot([1, 2])").displays.count == 1)
    #expect(Cell("plot([1, 2])\nerror(\"x\")").displays.count == 1)
    let kept = Cell("c = plot([1, 2])", "c")
    #expect(kept.displays.count == 1 && kept.shown != nil)
    #expect(Cell("fn f() { plot([1, 2]); none }\nf()").displays.count == 1)
}

@Test func wordsStandWhereTheyBelong() {
    let cell = Cell("plot([1, 2], label=\"loss\", title=\"T\", xlabel=\"$x_1$\", ylabel=\"$\\\\eta$\", grid=false, xlim=[0, 5], ylim=(0, none))")
    #expect(cell.error == "")
    #expect(cell.shows("loss") && cell.shows("T") && cell.shows("η"))
}

@Test func severalLinesTakeSeveralNames() {
    let cell = Cell("plot([1, 2; 3, 4], label=[\"a\", \"b\"])")
    #expect(cell.shows("a") && cell.shows("b"))
}

@Test func scattersAreColouredByClassNameOrNumber() {
    #expect(Cell("scatter([1, 2, 3], [4, 5, 6], color=[0, 1, 1])").shows("1"))
    #expect(Cell("scatter([1, 2, 3], [4, 5, 6], color=[\"cat\", \"ant\", \"cat\"])").shows("ant"))
    #expect(Cell("scatter([1, 2], [4, 5], color=[\"r\", \"b\"])").clouds == 2)
    #expect(Cell("scatter([1, 2; 3, 4], color=[0, 1], label=[\"no\", \"yes\"])").shows("yes"))
    #expect(Cell("scatter([1, 2, 3], [4, 5, 6], color=[0.1, 0.5, 0.7])").pictures.first?.contains("linearGradient") == true)
    #expect(Cell("scatter([1, 2], [4, 5], color=[1, 0, 0; 0, 0, 1])").pictures.first?.contains("#f00") == true)
    #expect(Cell("scatter([1, 2], [4, 5], color=\"green\", marker=\"x\", alpha=0.5, size=5)").error == "")
}

@Test func imagesAreShownAloneAndInRows() {
    #expect(Cell("imshow([0, 1; 1, 0])").pictures.first?.contains("data:image/png;base64") == true)
    let row = Cell("imshow(zeros(3, 4, 4), title=[\"a\", \"b\", \"c\"])")
    #expect(row.pictures.count == 1 && row.shows("b"))
    #expect(Cell("imshow(ones(2, 2, 3))").error == "")
    #expect(Cell("imshow([1, 2])").error.hasPrefix("`image` of `imshow` has the shape (h, w), (h, w, 3) or (n, h, w), not (2,)"))
}

@Test func panelsDivideAFigure() {
    let cell = Cell("subplot(1, 2, 1); plot([1, 2]); subplot(122); plot([2, 1], title=\"right\")")
    #expect(cell.error == "")
    #expect(cell.pictures.count == 1 && cell.lines == 2 && cell.shows("right"))
}

@Test(arguments: [
    ("plot()", "`plot` needs what to plot: plot(y) or plot(x, y)"),
    ("plot(\"r\")", "argument 1 of `plot` is a format without data before it"),
    ("plot([1, 2], [1, 2, 3])", "x has 2 points and y has 3"),
    ("plot([1, 2], \"rr\")", "the format \"rr\" of `plot` names two colours | a name of the series is given by label=, a colour by its name with color="),
    ("plot(zeros(2, 2, 2))", "argument 1 of `plot` has the shape (2, 2, 2); lines have (n,) or (n, k)"),
    ("plot([1, 2], color=\"bleu\")", "`color` of `plot` must be a colour: a name, a letter of \"bgrcmykw\", \"C0\" to \"C7\" or \"#rrggbb\", not \"bleu\" | did you mean \"blue\"?"),
    ("plot([1, 2], linewidth=0)", "`linewidth` of `plot` must be above 0 and at most 50, not 0"),
    ("plot([1, 2], xscale=\"cubic\")", "`xscale` of `plot` must be \"linear\" or \"log\", not \"cubic\""),
    ("plot([1, 2], xlim=[1, 1])", "`xlim` of `plot` must have two different ends, not [1, 1]"),
    ("plot([1, 2], yscale=\"log\", ylim=[0, 1])", "`ylim` of `plot` must be above 0 on a log axis, not [0, 1]"),
    ("plot([1, 2], label=[\"a\", \"b\"])", "`label` of `plot` has 2 names for 1 line"),
    ("scatter([1, 2, 3])", "`scatter` of one argument takes a matrix of two columns, and this has 1 | scatter(X[:, 0], X[:, 1]) takes two of them"),
    ("scatter([1], [1], [1])", "`scatter` takes x and y, or one matrix of two columns, not 3 arguments | classes or colours are given by their name: color=y"),
    ("scatter([1, 2], [1, 2], color=[1])", "`color` of `scatter` has 1 entries for 2 points"),
    ("scatter([1, 2], [1, 2], marker=\"Q\")", "`marker` of `scatter` must be a marker, not \"Q\""),
    ("subplot(1, 2, 3)", "`place` of `subplot` must be from 1 to 2, not 3"),
])
func whatCannotBeDrawnIsTold(code: String, message: String) {
    #expect(Cell(code).error.hasPrefix(message))
}

@Test(arguments: [
    "contour((x, y) -> x^2 + y^2)", "contour(p -> p @ p, [-1, 1], levels=[0.1, 1])", "contour([1, 2; 3, 5], [0, 1], [0, 2], cmap=\"magma\")",
])
func linesOfEqualHeightAreDrawnOfFunctionsOfPlacesOrPointsAndOfMatrices(code: String) {
    let cell = Cell(code)
    #expect(cell.error.isEmpty)
    #expect(cell.pictures.first?.contains("<polyline") == true)
}

@Test(arguments: [
    "X, y = xor(40); boundary(p -> p[0] * p[1] < 0, X, y)", "X, y = moons(40); boundary(P -> P[:, 0] > 0.5, X, y)",
    "X, y = moons(40); boundary(P -> P, X, one_hot(y))", "X, y = moons(40); boundary(P -> P @ [1, 2], X, 2 * y - 1, label=[\"no\", \"yes\"])",
    "class C { fn predict(P) { P[:, 0] } }; X, y = moons(40); boundary(C(), X, y)",
    "X, y = moons(40); n = sequential(input(2), dense(3, tanh), dense(1, sigmoid)); boundary(n, X, y)",
])
func aBoundaryIsDrawnForAnythingThatPredicts(code: String) {
    let cell = Cell(code)
    #expect(cell.error == "")
    #expect(cell.pictures.first?.contains("data:image/png;base64") == true && cell.clouds == 2)
}

@Test(arguments: [
    ("contour((x, y) -> \"a\")", "`f` of `contour` gives a number for each place, not a string"),
    ("contour([1, 2, 3])", "`contour` takes a function or a matrix of heights with two rows and columns or more, not (3,)"),
    ("contour((x, y) -> x, [2, 1])", "`x` of `contour` must be the two ends of the axis, the lower first, as [-2, 2]"),
    ("contour([1, 2; 3, 4], [1, 2, 3])", "`x` of `contour` must be 2 ascending numbers, one a column"),
    ("contour((x, y) -> x, levels=0)", "`levels` of `contour` must be from 1 to 100"),
    ("boundary(x -> x, [1, 2, 3], [0, 1, 1])", "`boundary` draws samples with two features, X of shape (n, 2), not (3,)"),
    ("boundary(x -> x, [1, 2; 3, 4], [0])", "X has 2 samples and y has 1"),
    ("boundary(x -> \"a\", [1, 2; 3, 4], [0, 1])", "`f` of `boundary` gives numbers for a point, not a string"),
    ("boundary(x -> x.foo, [1, 2; 3, 4], [0, 1])", ""),
    ("boundary(3, [1, 2; 3, 4], [0, 1])", ""),
])
func whatHasNoBoundaryIsTold(code: String, message: String) {
    let error = Cell(code).error
    #expect(error != "" && error.hasPrefix(message))
}

@Test func functionsAreDrawnBetweenTheirEnds() {
    #expect(Cell("plot(tanh, -3, 3)").lines == 1)
    #expect(Cell("plot(x -> if x > 0 { x } else { 0 }, -1, 1, \"r\", x -> x^2, 0, 1)").lines == 2)
    #expect(Cell("plot(tanh)").error.hasPrefix("`plot` of a function needs the ends between which it is drawn"))
    #expect(Cell("plot(x -> \"a\", 0, 1)").error.hasPrefix("the function that `plot` draws gives a number for a number, not a string"))
}

@Test func aHistoryIsDrawnWithItsTwins() {
    let code = """
        X, y = moons(60); n = sequential(input(2), dense(4, tanh), dense(1, sigmoid))
        h = fit(n, X, y, epochs=3, validation=(X, y), metrics=[accuracy], verbose=false)
        plot(h)
        """
    let cell = Cell(code)
    #expect(cell.error == "")
    #expect(cell.lines == 4 && cell.shows("val_loss") && cell.shows("accuracy"))
}

@Test(arguments: [
    ("xlabel(\"x\")", "it is given to the drawing itself"), ("scatter([1], [2], c=\"r\")", "write `color=`"),
    ("make_moons(100)", "write `moons(200, noise=0.1)`"), ("plot([1], lw=2)", "write `linewidth=`"),
    ("load(\"iris\").target", "labels are `d.y`"),
])
func habitsOfMatplotlibAndScikitLearnGetAHint(code: String, hint: String) {
    #expect(Cell(code).error.contains(hint))
}

@Test func theCaretsStandUnderTheArgumentGivenByName() throws {
    let code = "plot([1, 2], color=\"bleu\")"
    let label = try #require(Cell(code).errors.first?.labels.first)
    #expect(label.source.text(label.span) == "\"bleu\"")
}
