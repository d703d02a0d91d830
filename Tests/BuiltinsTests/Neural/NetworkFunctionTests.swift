import Builtins
import Testing

/// A network of one neuron, y = w · x + b, whose numbers can be followed by hand.
private let neuron = "net = sequential(input(2), dense(1), dtype=\"float64\"); set_weights(net, list([1; 2], [0.5])); "

@Test(arguments: [
    // 1 + 2 · 2 + 0.5
    (neuron + "predict(net, [1, 2])", "[5.5]"), (neuron + "net([1, 2; 0, 0]).ravel()", "[5.5, 0.5]"),
    (neuron + "predict(net, [1; 2], samples=\"columns\")", "[5.5;]"),
    (neuron + "net.layers[0].W.ravel(), net.layers[0].b", "([1, 2], [0.5])"), (neuron + "net.parameters", "3"),
    (neuron + "net.layers[0].b = [4]; predict(net, [0, 0])", "[4]"), (neuron + "weights(net)[1]", "[0.5]"),
    // ŷ = 0.5, y = 1.5: w - 0.1 · 2 (0.5 - 1.5) x, and likewise b
    (neuron + "fit(net, [0, 0; 0, 0], [1.5, 1.5], optimizer=sgd(0.1), verbose=false); net.layers[0].b", "[0.7]"),
    (neuron + "fit(net, [1, 0], [1.5], optimizer=sgd(0.1)).loss", "error: X is one sample of shape (2,); samples are rows"),
    (neuron + "evaluate(net, [1, 2], [5.5])", "error: X is one sample of shape (2,); samples are rows"),
    (neuron + "evaluate(net, [1, 2; 0, 0], [5.5, 1.5], metrics=[mae])", "{\"loss\": 0.5, \"mae\": 0.5}"),
    (neuron + "evaluate(net, [1, 2; 0, 0], [5.5, 1.5], metrics=[(y, ŷ) -> max(abs(y - ŷ))])", "{\"loss\": 0.5, \"metric\": 1}"),
    ("mse([0, 1], [1, 1]), half_mse([0, 1], [1, 1]), mae([0, 2], [1, 2])", "(0.5, 0.25, 0.5)"),
    ("accuracy([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.1])", "0.75"), ("relu([-1, 2]), leaky_relu([-1, 2])", "([0, 2], [-0.1, 2])"),
    ("f = leaky_relu(a=0.5); f([-2])", "[-1]"), ("softmax([0, 0])", "[0.5, 0.5]"), ("formula(sgd(0.1))", "\"x = x - 0.1 g\""),
    ("net = dense(4, tanh) |> dense(1, sigmoid); net", "sequential(dense(4, tanh), dense(1, sigmoid))"),
    ("net = dense(4) |> tanh; predict(net, zeros(3, 2)).shape", "(3, 4)"),
    ("net = sequential(input(2), dense(3, \"relu\")); net.layers[0].activation.name", "\"relu\""),
    ("h = fit(sequential(input(1), dense(1)), [1; 2], [1, 2], epochs=3, verbose=false); h.loss.shape, h.epochs, len(h)", "((3,), 3, 3)"),
    ("fit(sequential(input(1), dense(1)), [1; 2], [1, 2], epochs=0, verbose=false).epochs", "0"),
    // The gradient is Σ w (0.5 - 1.5) over two samples of x = 0; b moves by 0.1 times that.
    (neuron + "fit(net, [0, 0; 0, 0], [1.5, 1.5], optimizer=sgd(0.1), sample_weight=[3, 1], verbose=false); net.layers[0].b", "[0.9]"),
    (neuron + "fit(net, [0, 0; 0, 0], [1, 0], optimizer=sgd(0.1), class_weight={1: 3}, verbose=false); net.layers[0].b", "[0.6]"),
    (neuron + "fit(net, [0, 0; 0, 0], [1, 0], class_weight=[1], verbose=false)", "error: class_weight has weights for the classes from 0 to 0, and there is a class 1"),
    (neuron + "fit(net, [0, 0; 0, 0], [1, 0], class_weight=\"even\")", "error: `class_weight` of `fit` must be \"balanced\", a map or a list, not \"even\""),
    ("sequential(input(28, 28), conv2d(8, 3, relu, strides=2, padding=\"same\"), maxpool(2), flatten(), dense(10, tanh))", "sequential(input(28, 28), conv2d(8, 3, relu, strides=2, padding=\"same\"), maxpool(2), flatten(), dense(10, tanh))"),
    ("net = sequential(input(3, 3), conv2d(1, 2), reshape(2, 2)); set_weights(net, list(ones(2, 2, 1, 1), [0.5])); net(reshape(range(9), 1, 3, 3))[0]", "[ 8.5, 12.5; 20.5, 24.5]"),
    ("sequential(input(4, 2), conv1d(3, [2], padding=1, dilation_rate=2), global_avgpool())(zeros(1, 4, 2)).shape", "(1, 3)"),
    ("avgpool([2, 1], strides=1, padding=\"same\")", "avgpool([2, 1], strides=1, padding=\"same\")"),
    ("conv2d(8, 3, padding=\"full\")", "error: `padding` of `conv2d` must be \"valid\", \"same\" or a number of zeros, not \"full\""),
    ("conv2d(8, [3, 3, 3])", "error: `kernel_size` of `conv2d` must be a number or a pair, not [3, 3, 3]"),
    ("sequential(input(5, 5), conv2d(8, 7))", "error: layer 0 (conv2d 8): rows of length 5 are shorter than the window of 7"),
])
func `networks do what a hand computes`(code: String, result: String) {
    #expect(shown(code) == result)
}

@Test func `the same code trains the same network`() {
    let code = "net = sequential(input(2), dense(4, tanh), dense(1)); X = rand(50, 2); fit(net, X, X[:, 0], epochs=5, verbose=false); weights(net)"
    #expect(shown(code) == shown(code))
}

@Test func `a second fit goes on where the first one ended`() {
    let start = "a = adam(0.1); net = sequential(input(1), dense(1)); set_weights(net, list([1;], [0])); X = [1; 2]; y = [3, 5]; "
    let twice = start + "for _ in range(2) { fit(net, X, y, optimizer=a, epochs=3, shuffle=false, verbose=false) }\n weights(net)"
    let once = start + "fit(net, X, y, optimizer=a, epochs=6, shuffle=false, verbose=false); weights(net)"
    #expect(shown(once).hasPrefix("list(["))
    #expect(shown(twice) == shown(once))
}

@Test(arguments: [
    ("fit(sequential(input(3), dense(1)), rand(4, 2), rand(4))", "the network takes samples of shape (3,), these have (2,)"),
    ("sequential(input(28, 28), dense(8))", "layer 0 (dense 8): takes rows of numbers; a sample here is (28, 28)"),
    ("sequential(dense(1), 5)", "part 2 of the network is a number, not a layer"),
    ("sequential(dense(1), input(2))", "input stands at the head of a network, not in place 2"),
    ("input(2, 0)", "the lengths of input(2, 0) must be above 0"),
    ("input(100000, 100000)", "input(100000, 100000) is too large: a sample has less than 10^9 numbers"),
    ("step([1], [1], sgd(exponential_decay(0.1, 5, 0.5, per=\"epoch\")))", "a loop that is written out does not say where an epoch begins, and the learning rate goes by epochs"),
    ("dense(0)", "units of dense must be 1 or more, not 0"), ("dense(2, relo)", "there is no name `relo`"),
    ("dense(2, \"relo\")", "there is no activation `relo`"), ("adam(-1)", "learning_rate of adam must be above 0, not -1"),
    ("fit(dense(1), rand(4, 2), rand(4))", "`fit` needs a network; this is one layer"),
    ("fit(sequential(input(2), dense(1)), rand(4, 2), rand(4), lr=0.1)", "`fit` has no parameter `lr`"),
    ("fit(sequential(input(2), dense(1)), rand(4, 2), rand(4), batch_size=0)", "`batch_size` of `fit` must be 1 or more, not 0"),
    ("fit(sequential(input(2), dense(1)), rand(4, 2), rand(4), loss=\"mes\")", "there is no loss `mes`"),
    ("fit(sequential(input(2), dense(1)), rand(4, 2), rand(4), metrics=[accuracy])", "accuracy counts right classes, and this is a regression"),
    ("fit(sequential(input(2), dense(2, softmax), softmax), rand(4, 2), [0, 1, 0, 1], loss=crossentropy)", "layer 1 (softmax): softmax of a softmax evens the probabilities out"),
    ("fit(sequential(input(2), dense(3)), randn(10, 2), randn(10, 3), class_weight={0: 100})", "class_weight counts classes, and this is a regression"),
    ("fit(sequential(input(2), dense(1)), randn(10, 2), randn(10), class_weight={0: 100})", "class_weight counts classes, and this is a regression"),
    ("fit(sequential(input(2), dense(3, softmax)), randn(2, 2), [0.1, 0.8, 0.1; 0, 0, 1], loss=crossentropy, class_weight=\"balanced\")", "class_weight counts classes, and this is a regression"),
    ("fit(sequential(input(2), dense(2, sigmoid)), randn(2, 2), [1, 1; 0, 1], loss=binary_crossentropy, class_weight=[1, 2])", "class_weight needs one class a sample"),
    ("fit(sequential(input(2), dense(1), x -> x), randn(10, 2), randn(10), class_weight={0: 100})", "class_weight counts classes, and this is a regression"),
    ("fit(sequential(input(2), dense(1)), randn(2, 2), [0, 1], loss=(y, p) -> mean(p), class_weight={0: 100})", "class_weight and sample_weight go with losses of the engine's: the loss gives one number for all samples of a batch"),
    ("fit(sequential(input(2), dense(1)), [1, 2; 3, 4], [1, 2], validation=([1, nan; 3, 4], [1, 2]), verbose=false)", "val_loss is not finite after epoch 1: X of the validation holds nan in sample 0"),
    ("fit(sequential(input(2), dense(1), x -> x), [1, 2; 3, 4], [1, 2], validation=([1, 2; 3, 4], [1, inf]), verbose=false)", "val_loss is not finite after epoch 1: y of the validation holds inf in sample 1"),
    ("sequential(input(3), dense(3), embedding(5, 2))", "layer 1 (embedding 5 × 2): takes whole numbers, the numbers of things, and dense 3 before it gives others"),
    ("sequential(input(3), tanh, concat(embedding(5, 2), embedding(5, 2)))", "layer 1 (concat(embedding 5 × 2, embedding 5 × 2)): takes whole numbers, the numbers of things, and tanh before it gives others"),
    ("sequential(input(3), concat(dense(2) |> embedding(5, 2), dense(2)))", "layer 0 (concat((dense 2, embedding 5 × 2), dense 2)): inner layer 1 (embedding 5 × 2) takes whole numbers, the numbers of things, and dense 2 before it gives others"),
    ("fit(sequential(input(4), reshape(2, 2), embedding(5, 2), flatten(), dense(1)), [1, 2, 3, 9;], [1], verbose=false)", "embedding of 5 takes the whole numbers from 0 to 4; X holds 9"),
    ("sequential(dense(3)).layers[0].W", "the network has no weights yet: it does not know the shape of a sample"),
    ("net = sequential(input(2), dense(1)); set_weights(net, list([1; 2], [0], [0]))", "the network has 2 parameters, 3 are given"),
])
func `mistakes with networks are named`(code: String, message: String) {
    #expect(shown(code) == "error: " + message)
}

@Test(arguments: [
    ("fit(net, zeros(4, 2), [\"a\", \"b\"])", "`y` of `fit` is a tensor of numbers, not a list | classes that are words: `one_hot(y)`, or `y, names = encode(y)` for numbers from 0"),
    ("fit(net, zeros(2, 9), zeros(9))", "the network takes samples of shape (2,), these have (9,) | X.T has one sample a row; or samples=\"columns\""),
    ("net([1, 2, 3])", "the network takes samples of shape (2,), these have (3,)"),
    ("net.forward([1, 2])", "a network has no method `forward` | a network is called: `net(x)`; `predict(net, X)` goes by batches"),
    ("X, y = load(\"iris\")", "a data set cannot be unpacked into 2 names | what it has stands after a `.`: X, y, classes, features, about, name"),
    ("f1([1], [1])", "there is no name `f1` | write `from metrics import f1` before"),
    ("randint(5, size=3)", "`randint` has no parameter `size` | the shape comes last: `randn(2, 3)`"),
    ("fit(net, zeros(4, 2), zeros(4), validation=0.2)", "`validation` of `fit` is a pair (X, y), not a number | split first: `train_test_split(X, y, test=0.2)`"),
    ("fit(net, zeros(4, 2), zeros(4), optimizer=0.1)", "`optimizer` of `fit` is an optimizer, not a number"),
    ("fit(net, zeros(4, 2), zeros(4), loss=y -> 1)", "the function at line 1 takes one argument, 2 were given | it is y -> …"),
    ("fit(net, zeros(4, 2), zeros(4), callbacks=early_stopping)", "`early_stopping` makes a callback when it is called | callbacks=[early_stopping(...)]"),
    ("early_stopping(min_delta=0.1)", "`early_stopping` has no parameter `min_delta` | write `least_change=`"),
    ("dense(3, kernel_regularizer=l2(0.1))", "`dense` has no parameter `kernel_regularizer` | write `penalty=`, such as `penalty=l2(0.01)`"),
    ("dense(3, input_shape=2)", "`dense` has no parameter `input_shape` | the first layer says it: `sequential(input(784), ...)`"),
    ("zeros(3).shape()", "a vector of 3 has no method `shape` | it is a field: `.shape` without brackets"),
    ("copy(net)", "a network cannot be copied | save(net, file) and load_net(file) make another; set_weights(other, weights(net)) copies the numbers"),
    ("mse([1, 2], [1, 2, 3])", "there are 3 samples and 2 targets: y is (2,)"),
    ("m = sequential(input(2), dense(1)); a = adam(0.1); for i in range(2) { for n in list(net, m) { step(n, weights(n), a) } }", "this adam goes back and forth between networks, and its averages begin anew each time | make an optimizer for each network before the loop"),
])
func `mistakes with networks come with what to write`(code: String, message: String) {
    #expect(Cell("net = sequential(input(2), dense(1))", code).error == message)
}

@Test func `an optimizer without averages may serve several networks`() {
    let code = "a = sequential(input(2), dense(1)); b = sequential(input(2), dense(1)); o = sgd(0.1); for i in range(3) { for n in list(a, b) { step(n, weights(n), o) } }; o.name"
    #expect(shown(code) == "\"sgd\"")
}

@Test func `a builtin's line is shown where a function does not take what it is given`() {
    let cell = Cell("x = 1\nreplicate(3, x -> 1)")
    #expect(cell.errors.first.map { $0.labels.first.map { $0.source.text($0.span) } } == "replicate(3, x -> 1)")
}

@Test func `a rate that a schedule has raised is not called a smaller one`() {
    let code = "X = 1000 * rand(9, 2); fit(sequential(input(2), dense(3)), X, rand(9, 3), optimizer=sgd(exponential_decay(10, 1, 3)), epochs=100, verbose=false)"
    #expect(Cell(code).error.contains("a smaller learning rate, by its schedule it is 270 here"))
}

@Test func `help alone tells all there is by its subject`() {
    for code in ["help()", "?"] {
        let text = Cell(code).printed
        #expect(text.contains("optimizers\n    adadelta adagrad adam "))
        for record in Catalogue.builtins { #expect(text.contains(record.name)) }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}

@Test func `a result that is thrown away is warned of, unless the name has another meaning`() {
    let message = "the result of `sorted` is thrown away; it leaves its argument as it was"
    #expect(Cell("xs = [3, 1]\nsorted(xs)\nxs").errors.map(\.message) == [message])
    #expect(Cell("xs = [3, 1]; sorted(xs)", "sorted(xs)\nxs").errors.map(\.message) == [message])
    #expect(Cell("sorted = print", "sorted(3)\n1").errors.isEmpty)
}

@Test(arguments: [
    // One class a sample: by the largest.
    ("accuracy([1, 0; 0, 1], [0.4, 0.3; 0.9, 0.1])", "0.5"), ("accuracy([0, 1], [0.2, 0.9; 0.1, 0.8])", "0.5"),
    // Several labels or none: each by itself, 3 of 4 and 5 of 6 right.
    ("accuracy([1, 1; 0, 0], [0.9, 0.8; 0.6, 0.1])", "0.75"), ("accuracy([-1, 1; 1, 1; -1, -1], [-0.2, 0.3; -0.1, 2; -3, -1])", "0.833333333333333"),
    ("X = randn(40, 2); Y = (X > 0) * 1; fit(n, X, Y, loss=binary_crossentropy, metrics=[accuracy], verbose=false); abs(evaluate(n, X, Y).accuracy - mean((n(X) > 0.5) * 1 == Y)) < 1e-9", "true"),
])
func `accuracy of several labels a sample counts the labels`(code: String, result: String) {
    #expect(shown("n = sequential(input(2), dense(2, sigmoid)); " + code) == result)
}

@Test func `help is broken between words`() {
    let lines = Cell("help(fit)").printed.split(separator: "\n")
    #expect(lines.filter { !$0.contains("sequential(input(2), dense(1))") }.allSatisfy { $0.count <= 80 })
    #expect(lines.contains("    validation     pair (X, y), default none: data that is measured after each"))
    #expect(lines.contains("                   epoch and not trained on"))
}
