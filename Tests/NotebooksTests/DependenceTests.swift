import Notebooks
import Testing

private func earlier(_ sources: [String]) -> [[Int]] {
    Dependence.earlierCells(of: sources.map { Cell(.code, $0) })
}

@Test func `a cell depends on those that define what it reads, not on others`() {
    #expect(earlier(["x = 1", "y = 2", "x + 1", "y = x; y"]) == [[], [], [0], [0]])
}

@Test func `a new value ends what came before`() {
    #expect(earlier(["x = 1", "x = 2", "x"]) == [[], [], [1]])
    #expect(earlier(["x = 1", "if c { x = 2 }", "x"]) == [[], [], [0, 1]])
    #expect(earlier(["x = 1", "x += 1", "x"]) == [[], [0], [1]])
}

@Test func `a function stands for what it reads when it runs`() {
    #expect(earlier(["k = 1", "f(x) = x * k", "k = 2", "f(3)"]) == [[], [0], [], [1, 2]])
}

@Test func `training counts as a part in the network, computing with data does not`() {
    let cells = ["X = zeros(3)", "net = sequential(dense(1))", "fit(net, X, X)", "m = mean(X)", "predict(net, X)", "m"]
    #expect(earlier(cells) == [[], [], [0, 1], [0], [0, 1, 2], [3]])
}

@Test func `an object may be changed under another name or by a function`() {
    #expect(earlier(["net = make()", "a = net", "train(a)", "net.w"])[3] == [0, 2])
    #expect(earlier(["net = make()", "step() = net.update(1)", "step()", "net.w"])[3] == [0, 2])
    #expect(earlier(["box = Box()", "net = make()", "box.net = net", "use(box)", "net.w"])[4] == [1, 3])
}

@Test func `a cell that sets the seed has a part in all after it`() {
    #expect(earlier(["x = 1", "seed(3)", "y = 2"]) == [[], [], [1]])
}

@Test func `a name of the prelude that a cell hides is no longer known`() {
    #expect(earlier(["o = Thing()", "mean(x) = x.spoil()", "mean(o)", "o"])[3] == [0, 1, 2])
}
