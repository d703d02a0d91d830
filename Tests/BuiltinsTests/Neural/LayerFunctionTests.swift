import Testing

/// Each layer as its code writes it, with a shape that it takes.
private let layers: [(code: String, shape: String)] = [
    ("lstm(4)", "5, 3"), ("lstm(4, return_sequences=true)", "5, 3"), ("lstm(4, unit_forget_bias=false, mask=0)", "5, 3"),
    ("gru(4)", "5, 3"), ("gru(4, reset_after=false, return_sequences=true)", "5, 3"), ("simple_rnn(4)", "5, 3"),
    ("simple_rnn(4, relu, return_sequences=true, mask=-1)", "5, 3"), ("jordan(4, 2)", "5, 3"),
    ("jordan(4, 2, activation=sigmoid, output_activation=tanh)", "5, 3"), ("bidirectional(lstm(4))", "5, 3"),
    ("bidirectional(gru(4, return_sequences=true), merge=\"sum\")", "5, 3"), ("attention(2)", "5, 4"),
    ("attention(2, width=3, causal=true, mask=0)", "5, 4"), ("embedding(20, 3)", "5"), ("embedding(20, 3, padding=0)", "5"),
    ("positional_encoding()", "5, 4"), ("positional_encoding(learned=true)", "5, 4"), ("batchnorm()", "5"),
    ("batchnorm(momentum=0.9, epsilon=1e-05)", "5, 4"), ("layernorm()", "5"), ("layernorm(epsilon=0.01, scale=false, center=false)", "4"),
    ("dropout(0.25)", "4"), ("residual(layernorm(), dense(4, tanh))", "4"), ("add(dense(3, tanh), identity)", "3"),
    ("concat(identity, dense(3, tanh), sequential(dense(2, relu), dense(5, identity)))", "4"),
]

@Test(arguments: layers) func `a layer writes the code that makes it, and goes through a file`(code: String, shape: String) {
    #expect(shown(code) == code)
    let file = "/tmp/nnb-layer-test-\(code.utf8.reduce(5381) { ($0 &* 33) ^ Int($1) }).safetensors"
    let made = "net = sequential(input(\(shape)), \(code), flatten(), dense(2)); X = floor(uniform(0, 20, 3, \(shape)))\n"
    // Whatever was drawn at first is read back.
    let saved = made + "save(net, \"\(file)\"); other = load_net(\"\(file)\"); max(abs(predict(net, X) - predict(other, X)))"
    #expect(shown(saved) == "0")
}

@Test(arguments: [
    ("concat(dense(2), dense(3))([1, 2; 3, 4]).shape", "(2, 5)"),
    ("net = sequential(input(3, 2), bidirectional(gru(4))); net.layers[0].forward.U.shape, net.layers[0].backward.c", "((4, 12), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])"),
    ("net = sequential(input(2), residual(dense(2), dense(2))); net.layers[0].layers[1].b = [3, 4]; net.layers[0].layers[1].b", "[3, 4]"),
    ("net = sequential(input(2, 1), lstm(1)); net.layers[0].b, net.layers[0].units, net.layers[0].parameters", "([0, 1, 0, 0], 1, 12)"),
    // x + relu(x)
    ("predict(sequential(residual(relu)), [1, -2; -3, 4]).ravel()", "[2, -2, -3, 8]"),
    ("predict(sequential(add(identity, identity, tanh)), [0, 0]).ravel()", "[0, 0]"),
    ("predict(sequential(dropout(0.9)), [1, 2; 3, 4])", "[1, 2; 3, 4]"),
    ("concat([1], [2])", "[1, 2]"),
    // Elman: the first step sees no state.
    ("net = sequential(input(1, 1), simple_rnn(1, identity)); set_weights(net, list([3;], [9;], [1])); predict(net, [[[2]]])", "[7;]"),
    ("net = sequential(input(3), embedding(4, 2)); fit(net, [0, 1, 2; 3, 0, 1], zeros(2, 3, 2), epochs=1, verbose=false).epochs", "1"),
    ("seed(1); net = sequential(input(3), embedding(5, 8), gru(8, return_sequences=true), dense(5, softmax)); X = randint(0, 5, 40, 3); fit(net, X, X, loss=crossentropy, optimizer=adam(0.05), epochs=20, verbose=false); evaluate(net, X, X, metrics=[accuracy]).accuracy", "1"),
])
func `layers of the language do what their formulas say`(code: String, result: String) {
    #expect(shown(code) == result)
}

@Test(arguments: [
    ("lstm(0)", "units of lstm must be 1 or more, not 0"), ("lstm()", "`lstm` needs a value for `units`"),
    ("lstm(4, return_sequence=true)", "`lstm` has no parameter `return_sequence`"),
    ("sequential(input(28), lstm(4))", "layer 0 (lstm 4): takes sequences [steps, features]; a sample here is (28,)"),
    ("gru(2.5)", "`units` of `gru` is a whole number, not 2.5"), ("jordan(3, 0)", "outputs of jordan must be 1 or more, and at most 65536, not 0"),
    ("bidirectional(dense(3))", "`layer` of `bidirectional` is a recurrent layer, such as lstm(8), not a layer"),
    ("bidirectional(lstm(3), merge=\"ave\")", "`merge` of `bidirectional` must be \"concat\" or \"sum\", not \"ave\""),
    ("attention(0)", "heads of attention must be from 1 to 4096, not 0"),
    ("sequential(input(4, 5), attention(2))", "layer 0 (attention 2): divides 5 features among 2 heads, and 5 is no multiple of 2"),
    ("dropout(1.5)", "rate of dropout must be 0 or more and below 1, not 1.5"),
    ("residual()", "residual needs a layer to go around"), ("residual(5)", "part 1 of the layer is a number, not a layer"),
    ("sequential(input(3), residual(dense(2)))", "layer 0 (residual(dense 2)): adds its input (3,) to what its layers give, (2,)"),
    ("concat(dense(2), [1, 2])", "part 1 of the layer is a vector of 2, not a layer"),
    ("add(input(3), dense(2))", "input stands at the head of a network, not in place 2"),
    ("net = sequential(input(3), embedding(4, 2)); predict(net, [0, 1, 4])", "embedding of 4 takes the whole numbers from 0 to 3; X holds 4"),
    ("simple_rnn(3, sign)", "simple_rnn cannot be trained with sign"),
    ("sequential(lstm(3)).layers[0].U", "the network has no weights yet: it does not know the shape of a sample"),
])
func `mistakes with layers are named`(code: String, message: String) {
    #expect(shown(code) == "error: " + message)
}

@Test func `moving averages follow in a model of one's own too`() {
    let code = """
        bn = batchnorm(momentum=0.5); d = dense(1); m = model(x -> d(bn(x)))
        fit(m, [1; 2; 3; 6], [1, 2, 3, 4], batch_size=4, epochs=2, verbose=false)
        bn.moving_mean, bn.moving_variance
        """
    // 3 and 3.5 seen twice.
    #expect(shown(code) == "([2.25], [2.875])")
}

@Test func `numbers that an embedding does not know are named in a model of one's own`() {
    let code = "e = embedding(4, 2); m = model(x -> sum(e(x), axis=1)); fit(m, [0, 9; 1, 2], [1, 2; 3, 4], verbose=false)"
    #expect(shown(code) == "error: embedding of 4 takes the whole numbers from 0 to 3; X holds 9")
}
