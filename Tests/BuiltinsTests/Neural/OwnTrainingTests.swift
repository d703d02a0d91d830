import Builtins
import Diagnostics
import Testing

/// Training with code of the user's, beside what the engine does alone.
@Suite struct OwnTrainingTests {
    // MARK: layers that draw numbers

    /// Twice dropout(0.5) of ones gives 0 or 4 and the mean 1; with one mask for both the mean is 2. The square of the
    /// difference of two masks of one layer has the mean 2.
    @Test(arguments: [
        ("sequential(input(1), l, dropout(0.5), x -> x, dropout(0.5))", "mean(p)", 1.0),
        ("model(x -> d2(d1(l(x))))", "mean(p)", 1),
        ("model(x -> d1(l(x)) - d2(l(x)))", "mean(p^2)", 2),
        ("model(x -> d1(l(x)) - d1(l(x)))", "mean(p^2)", 2),
        ("model(x -> { if sum(x) > 0 { d1(l(x)) - d1(l(x)) } })", "mean(p^2)", 2),
    ])
    func `each call of a dropout has a mask of its own`(_ net: String, _ loss: String, _ mean: Double) throws {
        let code = """
            l = dense(1000, bias=false, initializer="ones"); d1 = dropout(0.5); d2 = dropout(0.5)
            fn train() { seed(1); fit(\(net), ones(64, 1), zeros(64, 1000), optimizer=sgd(1e-12), verbose=false, loss=(y, p) -> \(loss)).loss[0] }
            print(train(), train())
            """
        let numbers = Cell(code).printed.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
        try #require(numbers.count == 2)
        #expect(abs(numbers[0] - mean) < 0.1 * mean)
        #expect(numbers[0] == numbers[1])
    }

    /// -1 after rrelu is the slope with its sign.
    @Test(arguments: ["dense(8, rrelu, initializer=\"ones\")", "dense(8, rrelu, initializer=\"ones\"), x -> x", "dense(8, initializer=\"ones\"), x -> x, rrelu", "dense(8, initializer=\"ones\"), x -> rrelu(x)"])
    func `the slopes of rrelu are drawn anew in each batch`(_ layers: String) {
        let code = """
            class Log { fn init() { self.p = [] } }
            log = Log()
            fit(sequential(input(1), \(layers)), -ones(8, 1), zeros(8, 8), epochs=2, batch_size=8, optimizer=sgd(1e-12), verbose=false,
                loss=(y, p) -> { log.p.push(p + 0); mean(p) })
            a = log.p[0].ravel(); b = log.p[1].ravel()
            print(min(a) > -1/3, max(a) < -1/8, max(a) - min(a) > 0.1, max(abs(a - b)) > 0.1, max(abs(a[1:] - b[:-1])) > 0.1, max(abs(b[1:] - a[:-1])) > 0.1)
            """
        #expect(Cell(code).printed == "true true true true true true\n")
    }

    // MARK: state of layers

    @Test func `the moving averages of batchnorm are set with the weights`() {
        let code = """
            net = sequential(input(1), batchnorm(momentum=0.5), z -> z)
            set_weights(net, list([1.], [0.], [10.], [4.]))
            print(weights(net)[2:], max(abs(predict(net, [10.; 14]) - [0; 1.99975])) < 1e-5)
            """
        #expect(Cell(code).printed == "list([10], [4]) true\n")
    }

    @Test func `the best weights come back with the moving averages`() throws {
        let code = """
            seed(4); X = randn(60, 4) * 3 + 2; y = choice([0, 1], 60); V = randn(30, 4) * 3 + 2; w = choice([0, 1], 30)
            net = sequential(input(4), dense(16), z -> max(z, 0), batchnorm(momentum=0.5), dense(2, softmax))
            s = early_stopping(patience=3)
            h = fit(net, X, y, loss=crossentropy, optimizer=adam(0.05), epochs=60, verbose=false, validation=(V, w), callbacks=[s])
            print(h.epochs > s.best_epoch, h.val_loss[s.best_epoch - 1] == evaluate(net, V, w).loss)
            """
        #expect(Cell(code).printed == "true true\n")
    }

    // MARK: learning rates

    @Test(arguments: ["", ", x -> x"])
    func `a schedule by epochs counts from the first one`(_ own: String) {
        let code = """
            net = sequential(input(1), dense(1, initializer="ones")\(own), dtype="float64")
            opt = sgd(step_decay(0.02, every=1, per="epoch"))
            for n in [1, 2] { fit(net, [1.; 2; 3], [2., 4, 6], optimizer=opt, epochs=n, verbose=false, shuffle=false, batch_size=1) }
            print(weights(net))
            """
        // By the rates 0.02, 0.01, 0.005, also where a second `fit` goes on.
        #expect(Cell(code).printed == "list([1.62427;], [0.272713])\n")
    }

    // MARK: the shape of a sample is known

    @Test(arguments: ["dense(3, z -> z^3), dense(2)", "dense(3), x -> x, dense(2)", "x -> x, dense(2)"])
    func `layers after code of the user's are built by input`(_ layers: String) {
        let code = """
            net = sequential(input(4), \(layers)); n = len(weights(net))
            print(net(ones(4)).shape, net(ones(3, 4)).shape, predict(net, ones(4)).shape, n == len(weights(net)))
            print(grad(q -> sum(q(ones(2, 4))))(net)[0][1], grad(x -> sum(net(x)))(ones(4)).shape)
            """
        #expect(Cell(code).printed == "(2,) (3, 2) (2,) true\n[2, 2] (4,)\n" || Cell(code).printed.hasPrefix("(2,) (3, 2) (2,) true\n"))
        #expect(Cell(code).error == "")
    }

    @Test func `the shape of a sample is known through composition`() {
        let net = "sequential(sequential(input(4), dense(3, z -> z^3)), dense(2))"
        #expect(Cell("net = \(net); print(len(weights(net)), net(ones(4)).shape)").printed == "4 (2,)\n")
    }

    @Test func `a gradient that nobody follows does not end the training`() {
        let code = """
            class Count { fn init() { self.l = dense(1); self.n = [0.] }; fn forward(x) { n = self.n; self.n = n + 1; self.l(x) + 0 * sum(sqrt(0 * n)) } }
            c = Count(); X = randn(20, 2); print(len(fit(c, X, X[:, 0], epochs=2, verbose=false)))
            """
        #expect(Cell(code).printed == "2\n")
    }

    @Test func `what fails on zeros waits for the first samples`() {
        let code = "net = sequential(input(2), x -> { if sum(x) == 0 { error(\"zeros\") }; x }, dense(1)); print(len(weights(net))); net([1, 2]); print(len(weights(net)))"
        #expect(Cell(code).printed == "0\n2\n")
    }

    // MARK: what is measured

    @Test(arguments: ["sse", "half_sse", "mse"])
    func `a loss is that of evaluate`(_ loss: String) {
        let code = """
            X = randn(10, 2); Y = randn(10, 3)
            for net in list(sequential(input(2), dense(3)), sequential(input(2), dense(3), x -> x)) {
                h = fit(net, X, Y, loss=\(loss), optimizer=sgd(1e-12), batch_size=4, verbose=false)
                print(abs(h.loss[0] - evaluate(net, X, Y).loss) < 1e-5)
            }
            """
        #expect(Cell(code).printed == "true\ntrue\n")
    }

    /// Each of its places counts as a sample does.
    @Test func `the loss of sequences is that of evaluate`() {
        let code = """
            X = randn(10, 5, 2); net = sequential(input(5, 2), simple_rnn(4, return_sequences=true), dense(3, softmax), x -> x); y = randint(0, 3, 10, 5)
            h = fit(net, X, y, loss=crossentropy, optimizer=sgd(1e-12), batch_size=10, verbose=false)
            print(abs(h.loss[0] - evaluate(net, X, y).loss) < 1e-5)
            """
        #expect(Cell(code).printed == "true\n")
    }

    // MARK: weights of samples

    @Test(arguments: ["mse", "crossentropy", "sse", "kl", "mae"])
    func `weights of classes and samples count as in the engine`(_ loss: String) {
        let code = """
            seed(1); X = randn(30, 2); y = choice([0, 1, 2], 30); Y = one_hot(y, 3); w = list(randn(2, 5), zeros(5), randn(5, 3), zeros(3))
            fn train(net, k, s) {
                set_weights(net, w); seed(2)
                h = fit(net, X, Y, loss=\(loss), class_weight=k, sample_weight=s, epochs=3, batch_size=8, optimizer=adam(0.01), verbose=false)
                result = weights(net); result.push(h.loss); result
            }
            for k in list({0: 1, 1: 5}, "balanced", [1, 2, 3], none) {
                s = rand(30)
                a = train(sequential(input(2), dense(5, tanh), dense(3, softmax), dtype="float64"), k, s)
                b = train(sequential(input(2), dense(5, tanh), x -> x, dense(3, softmax), dtype="float64"), k, s)
                print(max([max(abs(p - q)) for p, q in zip(a, b)]) < 1e-12)
            }
            """
        #expect(Cell(code).printed == "true\ntrue\ntrue\ntrue\n")
    }

    // MARK: what is not finite

    private static let samples = "seed(1); X = randn(20, 2); y = X[:, 0]; l1 = dense(16, relu); l2 = dense(1, initializer=\"ones\"); "

    /// Where it began, and the largest numbers there.
    @Test(arguments: [
        (
            "fit(sequential(input(2), dense(1)), X, y, loss=(y, p) -> mean(sqrt(abs(p * 0))), verbose=false)",
            "the gradient of the loss by the outputs became NaN or infinite in epoch 1, batch 1, and the loss itself is finite | sqrt, log, /"
        ),
        (
            "fit(sequential(input(2), dense(1), x -> sqrt(x * 0)), X, y, verbose=false)",
            "the gradient of the loss by 0.W became NaN or infinite in epoch 1, batch 1, and the loss itself is finite | sqrt, log, /"
        ),
        (
            "fit(sequential(input(2), dense(4), z -> log(-z^2), dense(1)), X, y, verbose=false)",
            "the loss became NaN in epoch 1, batch 1: the outputs of x -> … are no longer finite; the largest finite output is "
        ),
        (
            "fit(sequential(input(2), dense(4), x -> 0 * x + 1e308, dense(1, initializer=\"ones\")), X, y, verbose=false)",
            "the loss became infinite in epoch 1, batch 1: the outputs of dense 1 (2) are no longer finite; the largest finite output is "
        ),
        (
            "fit(model(x -> l2(0 * l1(x) + 1e308)), X, y, verbose=false)",
            "the outputs of dense 1 (l2) are no longer finite; the largest finite output is "
        ),
        (
            "fit(sequential(input(2), dense(1), x -> x), X, y, loss=(y, p) -> mean(log(-abs(p))), verbose=false)",
            "the loss became NaN in epoch 1, batch 1: the loss overflowed or has no value for these outputs; the largest finite output is "
        ),
        (
            "fit(sequential(input(2), dense(16, relu), dense(1)), X, y, epochs=999, optimizer=sgd(10), loss=(y, p) -> mean((y - p)^2), verbose=false)",
            ": the outputs of layer 1 (dense 1) are no longer finite; the largest finite output is "
        ),
    ])
    func `the diagnosis names where it began`(_ code: String, _ message: String) {
        let found = Cell(OwnTrainingTests.samples + code).error
        #expect(found.contains(message), "\(found)")
    }

    @Test(arguments: ["", ", x -> x"])
    func `a gradient that is not finite leaves the weights`(_ own: String) {
        let code = "net = sequential(input(2), dense(1)\(own)); w = weights(net)"
        let fit = "fit(net, X, y, loss=(y, p) -> mean(sqrt(abs(p * 0))), verbose=false)"
        let cell = Cell(OwnTrainingTests.samples + code, fit, "print(all([all(a == b) for a, b in zip(w, weights(net))]))")
        #expect(cell.printed == "true\n")
        #expect(!cell.error.isEmpty)
    }

    // MARK: layers that were not called

    @Test func `a fresh object says that it was not called`() {
        let make = """
            class N { fn init() { self.v = [1.]; self.l = dense(2) }; fn forward(x) { self.l(x) * self.v } }
            n = N(); n.forward(ones(2, 2)); m = N()
            """
        let found = Cell(make, "set_weights(m, weights(n))").error
        #expect(found.hasPrefix("N has layers without weights yet: they are made when it is called for the first time | call it once"), "\(found)")
    }
}
