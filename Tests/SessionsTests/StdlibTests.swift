import Sessions
import Stdlib
import Testing

@Suite struct StdlibTests {
    @Test(arguments: StandardLibrary.names)
    func `every module loads and is documented`(name: String) throws {
        let text = try #require(StandardLibrary.text(of: name))
        #expect(text.hasPrefix("## "))
        #expect(throws: Never.self) { try Session().value("import \(name)") }
    }

    /// scikit-learn 1.3 gives the same: precision_score, recall_score, f1_score, accuracy_score, confusion_matrix, r2_score.
    @Test(arguments: [
        ("accuracy([1, 0, 1, 1], [1, 0, 0, 1])", "0.75"),
        ("accuracy([\"a\", \"b\"], [\"a\", \"c\"])", "0.5"),
        ("precision([0, 0, 1, 1], [0, 1, 1, 1])", "0.666666666666667"),
        ("recall([0, 0, 1, 1], [0, 1, 1, 0])", "0.5"),
        ("f1([0, 0, 1, 1], [0, 1, 1, 0])", "0.5"),
        ("f1([\"no\", \"yes\", \"yes\"], [\"yes\", \"yes\", \"no\"], positive=\"yes\")", "0.5"),
        ("precision([1, 1], [0, 0])", "0"), ("recall([0, 0], [1, 1])", "0"), ("f1([0, 0], [0, 0])", "0"),
        ("f1([0, 1, 2, 2, 1], [0, 2, 2, 1, 1], positive=2)", "0.5"), ("recall([-1, 1, 1], [-1, -1, 1])", "0.5"),
        ("f1([0, 0, 1, 1], [0.2; 0.7; 0.9; 0.4] > 0.5)", "0.5"), ("accuracy([1; 0; 1], [1, 0, 0])", "0.666666666666667"),
        ("confusion([0, 0, 1, 1], [0, 1, 1, 1])", "[1, 1;\n 0, 2]"),
        ("confusion([\"b\", \"a\"], [\"a\", \"a\"])", "[1, 0;\n 1, 0]"),
        ("confusion([1, 1], [1, 2], classes=[2, 1, 0])", "[0, 0, 0;\n 1, 1, 0;\n 0, 0, 0]"),
        ("r2([1, 2, 3], [1, 2, 4])", "0.5"), ("r2([1, 2, 3], [2, 2, 2])", "0"),
    ])
    func `metrics`(call: String, value: String) throws {
        #expect(try Session().value("import metrics\nmetrics.\(call)") == value)
    }

    @Test func `metrics refuse what does not fit`() {
        #expect(Session().complaint("import metrics\nmetrics.accuracy([1, 2], [1])").contains("2 samples but 1 predictions"))
        #expect(Session().complaint("import metrics\nmetrics.f1([0, 1, 2], [0, 1, 1])").contains("the labels are list(0, 1, 2): say which of them counts, such as positive=0"))
        #expect(Session().complaint("import metrics\nmetrics.recall([\"a\", \"b\"], [\"a\", \"a\"])").contains("say which of them counts, such as positive=\"a\""))
        #expect(Session().complaint("import metrics\nmetrics.confusion([1], [3], classes=[1, 2])").contains("the class 3 is not among"))
    }

    /// By hand: the conjunction from zero weights, η = 1, samples in this order.
    @Test func `the perceptron learns what a line separates`() throws {
        let session = Session()
        try session.value("from perceptron import Perceptron\nX = [0, 0; 0, 1; 1, 0; 1, 1]\np = Perceptron(2)\np.fit(X, [0, 0, 0, 1])")
        #expect(try session.value("p.predict(X)") == "[0, 0, 0, 1]")
        #expect(try session.value("p.predict([1, 1])") == "1")
        #expect(try session.value("p.w") == "[2, 1]")
        #expect(try session.value("p.b") == "-3")
        #expect(try session.value("p.errors[len(p.errors) - 1]") == "0")
    }

    @Test func `the perceptron with labels of both signs goes the same way`() throws {
        let session = Session()
        try session.value("from perceptron import Perceptron\nX = [0, 0; 0, 1; 1, 0; 1, 1]\np = Perceptron(2, labels=[-1, 1])\np.fit(X, [-1, -1, -1, 1])")
        #expect(try session.value("(p.w, p.b)") == "([2, 1], -3)")
        #expect(try session.value("p.predict(X)") == "[-1, -1, -1, 1]")
    }

    @Test func `the perceptron stops where no line separates`() throws {
        let session = Session()
        try session.value("from perceptron import Perceptron\np = Perceptron(2)\np.fit([0, 0; 0, 1; 1, 0; 1, 1], [0, 1, 1, 0], epochs=10)")
        #expect(try session.value("len(p.errors)") == "10")
        #expect(session.complaint("p.fit([1, 2; 3, 4], [0, 2])").contains("the label 2 is neither 0 nor 1"))
    }

    /// By hand: one step of gradient descent on (1, 2), (2, 4) from zero: e = (2, 4), w = η (1 2 + 2 4)/2, b = η 3.
    @Test func `Adaline's first step, and where it goes`() throws {
        let session = Session()
        try session.value("from adaline import Adaline\nX = [1; 2]\ny = [2, 4]\na = Adaline(1, rate=0.1)\na.fit(X, y, epochs=1)")
        #expect(try session.value("(a.w, a.b)") == "([0.5], 0.3)")
        #expect(try session.value("a.losses[0]") == "5")
        try session.value("a.fit(X, y, epochs=3000)")
        #expect(try session.value("round(a.predict([4]), 3)") == "8")
    }
}
