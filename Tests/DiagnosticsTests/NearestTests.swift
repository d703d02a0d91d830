import Diagnostics
import Testing

@Test(
    "the nearest name is found by few changes",
    arguments: [
        ("learnig_rate", "learning_rate"), ("epoch", "epochs"), ("epcohs", "epochs"), ("Epochs", "epochs"),
        ("X", "x"), ("softmx", "softmax"), ("batchsize", "batch_size"), ("learn_rate", "learning_rate"),
    ])
func nearest(_ typed: String, _ meant: String) {
    #expect(Nearest.match(typed, in: ["epochs", "learning_rate", "x", "softmax", "batch_size", "axis"]) == meant)
}

@Test("nothing is offered where nothing is near", arguments: ["", "y", "ab", "zeros", "momentum", String(repeating: "x", count: 100_000)])
func nothingNear(_ typed: String) {
    #expect(Nearest.match(typed, in: ["epochs", "learning_rate", "x", "ax", "softmax"]) == nil)
}

@Test func `of equally near names the one with the same first letter wins`() {
    #expect(Nearest.match("sim", in: ["dim", "sum", "sin"]) == "sin")
}
