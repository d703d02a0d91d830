import Builtins
import Diagnostics
import Language
import Testing

/// What of the source is marked under a mistake that is found while code runs.
@Suite struct PlaceTests {
    @Test(arguments: [
        // A keyword that is not known is marked itself, not its value.
        ("adam(lr=0.1)", "lr"), ("zeros(2, 3, dtpe=\"bool\")", "dtpe"), ("[1, 2].sum(axs=0)", "axs"),
        ("f(x, rate=1) = x; f(2, rat=3)", "rat"), ("f(x) = x; f(2, x=3)", "x"), ("sum([1], x=[2])", "x"),
        ("class A { fn init(n) { } fn go(n, m=1) { } }; A(2, k=3)", "k"),
        ("class A { fn go(n, m=1) { } }; A().go(2, k=3)", "k"),
        // An argument.
        ("ones((2, 3), \"float32\")", "\"float32\""), ("adam(\"a\")", "\"a\""), ("adam(learning_rate=\"a\")", "\"a\""),
    ])
    func `a mistake is marked at`(_ code: String, _ place: String) {
        let outcome = Interpreter(builtins: Catalogue.builtins, host: Recorder()).run(Source(name: "test", text: code))
        defer { outcome.value.release() }
        let label = outcome.diagnostics.first { $0.severity == .error }?.labels.first
        #expect(label.map { $0.source.text($0.span) } == place)
    }
}
