import Builtins
import Diagnostics
import Language
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Models, layers, activations and losses written in the language, in `fit` and its kin.
@Suite struct OwnModelTests {
    /// A regression that every model of these tests learns.
    private static let data = "seed(3); X = randn(50, 2); Y = X @ [1; -2] + 0.5; "

    /// What the code writes, line by line; an error's message in the end.
    private func lines(_ code: String) -> [String] {
        let cell = Cell(OwnModelTests.data + "\n" + code)
        return (cell.printed + cell.error).split(separator: "\n").map(String.init)
    }

    // MARK: the same numbers as the built-in way

    /// The tape computes in double precision, the engine here too: only the order of sums may differ.
    @Test(arguments: [
        ("loss=(y, ŷ) -> mean((y - ŷ)^2)", "loss=mse"),
        ("loss=(y, ŷ) -> sum(abs(y - ŷ)) / len(y)", "loss=mae"),
    ])
    func `a loss written out trains as the built-in one`(_ own: String, _ builtin: String) {
        let made = ["seed(1); a = sequential(input(2), dense(5, tanh), dense(1), dtype=\"float64\"); ",
            "seed(1); b = sequential(input(2), dense(5, tanh), dense(1), dtype=\"float64\"); "].joined()
        let fitted = """
            seed(2); h = fit(a, X, Y, \(own), optimizer=adam(0.02), epochs=3, batch_size=16, verbose=false)
            seed(2); g = fit(b, X, Y, \(builtin), optimizer=adam(0.02), epochs=3, batch_size=16, verbose=false)
            print(max(abs(h.loss - g.loss)) < 1e-12, all([max(abs(p - q)) < 1e-12 for p, q in zip(weights(a), weights(b))]))
            """
        #expect(lines(made + "\n" + fitted) == ["true true"])
    }

    @Test func `a function, a class and a sequence of the same layers train alike`() {
        let code = """
            class Net {
                fn init() { self.h = dense(5, tanh); self.o = dense(1) }
                fn forward(x) { self.o(self.h(x)) }
            }
            class Affine {
                fn init(W, b) { self.W = W; self.b = b }
                fn forward(x) { x @ self.W + self.b }
            }
            seed(1); s = sequential(input(2), dense(5, tanh), dense(1), dtype="float64")
            w = weights(s)
            l1 = dense(5, tanh); l2 = dense(1); m = model(x -> l2(l1(x)))
            n = Net()
            a = Affine(w[0], w[1]); b = Affine(w[2], w[3]); q = sequential(a, tanh, b)
            m(X); n.forward(X)
            set_weights(m, w); set_weights(n, w)
            losses = []
            for net in list(s, m, n, q) {
                seed(5); losses.push(fit(net, X, Y, optimizer=sgd(0.05), epochs=4, batch_size=20, verbose=false).loss)
            }
            print([max(abs(l - losses[0])) < 1e-6 for l in losses])
            """
        #expect(lines(code) == ["[true, true, true, true]"])
    }

    // MARK: networks in networks

    @Test func `a network that is a part of others has the same weights in all of them`() {
        let code = """
            enc = sequential(input(2), dense(2)); set_weights(enc, list([5, 6; 7, 8], [9, 10]))
            print(enc([1, 1]), sequential(enc)([1, 1]), (enc |> relu)([1, 1]), sequential([enc, relu])([-9, 1]))
            dec = sequential(input(2), dense(2)); both = enc |> dec; W = weights(enc)[0]
            fit(both, X, X, epochs=3, verbose=false)
            print(all(weights(enc)[0] == W), all(both(X) == dec(enc(X))), len(weights(both)))
            l = dense(2); l(X); s = sequential(input(2), l, dense(1))
            fit(s, X, Y, verbose=false)
            print(all(weights(s)[0] == l.W), s)
            """
        #expect(lines(code) == [
            "[21, 24] [21, 24] [21, 24] [0, 0]", "false true 4", "true sequential(input(2), dense(2, identity), dense(1, identity))",
        ])
    }

    @Test func `networks that are put together have what a network has, and are saved as one`() {
        let code = """
            enc = sequential(input(2), dense(2)); net = enc |> dense(3) |> softmax; fit(net, X, ones(50, 3) / 3, verbose=false)
            print(net.parameters, net.dtype, [l.W.shape for l in net.layers[0:2]], all(net.weights[0] == enc.weights[0]))
            save(net, "/tmp/nnb-joined.safetensors"); m = load_net("/tmp/nnb-joined.safetensors")
            print(m, all(m(X) == net(X)))
            l = flatten(); l(ones(2, 2, 2)); print(len(sequential(input(2, 2), l, dense(1)).layers))
            for f in [() -> sequential(input(7), enc), () -> sequential(enc, dtype="float64")] { try { f() } catch e { print(e.message) } }
            """
        #expect(lines(code) == [
            "15 float32 [(2, 2), (2, 3)] true", "sequential(input(2), dense(2, identity), dense(3, identity), softmax) true", "2",
            "the network takes samples of shape (2,), these have (7,)", "the network in it computes in float32, and keeps its weights",
        ])
        unlink("/tmp/nnb-joined.safetensors")
    }

    @Test func `what nobody else holds becomes one network of the engine`() {
        let code = """
            net = input(2) |> dense(3, tanh) |> dense(1)
            print(net, [l.units for l in net.layers])
            t = sequential(input(2), dense(1)); fit(t, X, Y, verbose=false)
            print(sequential(t, dense(3))([1, 2]).shape)
            """
        #expect(lines(code) == ["sequential(input(2), dense(3, tanh), dense(1, identity)) [3, 1]", "(3,)"])
    }

    @Test func `a network keeps its type, and one with own code goes on, in a larger one`() {
        let code = """
            n = sequential(input(2), dense(4, tanh), dtype="float64") |> dense(1); print(n.dtype, sequential(n, dense(3))([1, 2]).dtype)
            k = input(4) |> dense(3, z -> z^3) |> dense(2); print(k, k(ones(4)).shape)
            """
        #expect(lines(code) == ["float64 float64", "sequential(input(4), dense(3, identity), x -> …, dense(2, identity)) (2,)"])
    }

    @Test func `an optimizer written out makes the steps of the built-in one`() {
        let code = """
            fn train(rule) {
                seed(1); net = sequential(input(2), dense(3, tanh), dense(1), dtype="float64")
                seed(2); h = fit(net, X, Y, optimizer=rule, epochs=3, batch_size=16, verbose=false)
                (h.loss, net.layers[0].W)
            }
            a, V = train((w, g) -> w - 0.1 * g); b, W = train(sgd(0.1))
            print(max(abs(a - b)) < 1e-12, max(abs(V - W)) < 1e-12)
            net = sequential(input(2), dense(1))
            try { fit(net, X, Y, optimizer=(w, g) -> 3, verbose=false) } catch e { print(e.message) }
            try { fit(net, X, Y, optimizer=(w, g) -> w / 0, verbose=false) } catch e { print(e.kind) }
            """
        #expect(lines(code) == ["true true", "the optimizer gives a number for W of shape (2, 1)", "numerics"])
    }

    // MARK: weights that the code reads

    /// One step of sgd(0.1) from W = 1, b = 1: the gradient of mean((x W + b - y)^2) is [-14], [-9] there (by hand), that of
    /// 100 W^2 is 200. Tied: the gradient of mean((x w wᵀ - x)^2) at w = [1; 1], by PyTorch.
    @Test func `a loss or a layer that reads weights is differentiated by them`() {
        let code = """
            net = sequential(input(1), dense(1, initializer="ones"))
            fit(net, [1; 2], [5; 7], loss=(y, p) -> mean((y - p)^2) + 100 * sum(weights(net)[0]^2), optimizer=sgd(0.1), verbose=false)
            print(weights(net))
            class Tied {
                fn init() { self.l = dense(1, bias=false, initializer="ones") }
                fn forward(x) { self.l(x) @ self.l.W.T }
            }
            t = Tied(); S = [1, 2; 3, 5.0]; fit(t, S, S, optimizer=sgd(0.01), verbose=false)
            print(t.l.W.ravel())
            """
        #expect(lines(code) == ["list([-17.6;], [0.9])", "[0.635, 0.635]"])
    }

    @Test func `a metric gets targets in the shape that a loss gets them in`() {
        let code = """
            f(y, ŷ) = mean(abs(y - ŷ)); v = Y.ravel(); net = sequential(input(2), dense(1))
            h = fit(net, X, v, loss=f, metrics=[f], verbose=false)
            print(abs(evaluate(net, X, v, metrics=[f]).f - mae(v, net(X).ravel())) < 1e-6)
            """
        #expect(lines(code) == ["true"])
    }

    // MARK: replayed or interpreted

    /// What makes a replay impossible, put into a forward pass that is otherwise the same, changes no bit of the result.
    @Test(arguments: [
        "if sum(x) > -1e9 { x } else { 2 * x }",
        "{ print(\"p\", sum(x) > -1e9); x }",
        "{ log.kept = x; x }",
        "{ log.calls += 1; x }",
        "{ randn(); x }",
    ])
    func `a trace that cannot be replayed is interpreted with the same results`(_ body: String) {
        let code = """
            class Log { fn init() { self.calls = 0; self.kept = none } }
            log = Log()
            fn train(f) {
                seed(1)
                a = dense(4, tanh); b = dense(1)
                b(a(X))
                m = model(x -> b(f(a(x))))
                seed(2)
                h = fit(m, X, Y, optimizer=adam(0.01), epochs=3, batch_size=16, verbose=false)
                (h.loss, weights(m))
            }
            l1, w1 = train(x -> x)
            l2, w2 = train(x -> \(body))
            print(all(l1 == l2), [all(p == q) for p, q in zip(w1, w2)])
            """
        #expect(lines(code).last == "true [true, true, true, true]")
    }

    @Test func `what code leaves behind it leaves for each batch`() {
        let code = """
            class Count { fn init() { self.n = 0 } }
            fn train(f) {
                a = dense(2); m = model(x -> f(a(x))); m(X)
                fit(m, X, X, epochs=2, batch_size=16, verbose=false)
            }
            c = Count()
            train(x -> { c.n += 1; x })
            print(c.n)
            train(x -> { print("here"); x })
            """
        // 4 batches an epoch; the call before `fit` besides.
        #expect(lines(code) == ["9"] + Array(repeating: "here", count: 9))
    }

    /// Steps that the user's code takes in a `fit` of so many epochs.
    private func steps(epochs: Int, _ body: String) -> Int {
        let host = RecordingHost()
        let interpreter = Interpreter(builtins: Catalogue.builtins, host: host)
        interpreter.limitsSteps = true
        interpreter.steps = 1_000_000
        let code = OwnModelTests.data + """
            a = dense(2); f = \(body); m = model(x -> f(a(x)))
            fit(m, X, X, epochs=\(epochs), batch_size=16, verbose=false)
            """
        let outcome = interpreter.run(Source(name: "test", text: code))
        #expect(!outcome.failed)
        outcome.value.release()
        return 1_000_000 - interpreter.steps
    }

    @Test func `code that can be replayed runs for the first epoch only`() {
        #expect(steps(epochs: 2, "x -> sin(x) * x") == steps(epochs: 20, "x -> sin(x) * x"))
        let branching = "x -> if sum(x) > 0 { x } else { 2 * x }"
        #expect(steps(epochs: 2, branching) < steps(epochs: 20, branching))
    }

    @Test(arguments: ["net", "model(x -> net(x))"])
    func `what a callback changes is seen in the next epoch`(_ made: String) {
        let code = """
            class Settings { fn init() { self.k = 1 } }
            s = Settings()
            net = sequential(input(2), dense(1))
            h = fit(\(made), X, Y, loss=(y, p) -> s.k * (1 + 0 * sum(p)), epochs=3, verbose=false, callbacks=[(e, logs) -> { s.k *= 10; true }])
            print(h.loss)
            """
        #expect(lines(code) == ["[1, 10, 100]"])
    }

    @Test func `targets may be used in ways that are not followed`() {
        let code = """
            labels = (X[:, 0] > 0).astype("float64")
            net = sequential(input(2), dense(2, softmax))
            h = fit(net, X, labels, loss=(y, p) -> -mean(sum(one_hot(y, 2) * log(p), axis=1)), epochs=30, optimizer=adam(0.1), verbose=false)
            print(h.loss[-1] < 0.3)
            """
        #expect(lines(code) == ["true"])
    }

    // MARK: what is trained

    @Test func `tensors and layers in fields are trained, numbers and frozen tensors are not`() {
        let code = """
            class L {
                fn init() { self.W = randn(2, 3); self.k = 2; self.F = frozen(ones(3)); self.parts = list(dense(1)); self.name = "l" }
                fn forward(x) { self.parts[0](self.k * tanh(x @ self.W) * self.F) }
            }
            l = L(); W = l.W
            fit(l, X, Y, epochs=2, verbose=false)
            print(any(l.W != W), l.k, l.F, len(weights(l)))
            """
        #expect(lines(code) == ["true 2 [1, 1, 1] 3"])
    }

    @Test func `a field that the code sets itself is state and no parameter`() {
        let code = """
            class Norm {
                fn init() { self.mean = zeros(2); self.g = ones(2) }
                fn forward(x) { self.mean = 0.9 * self.mean + 0.1 * mean(x, axis=0); (x - self.mean) * self.g }
            }
            n = Norm(); net = sequential(input(2), n, dense(1))
            fit(net, X, Y, epochs=3, batch_size=50, verbose=false, shuffle=false)
            print(max(abs(n.mean - (1 - 0.9^3) * mean(X, axis=0))) < 1e-12, type(n.mean))
            """
        #expect(lines(code) == ["true tensor"])
    }

    @Test func `a second fit goes on with the optimizer's state`() {
        let code = """
            fn train(rounds, epochs) {
                seed(1); a = dense(3, tanh); b = dense(1); m = model(x -> b(a(x))); m(X)
                o = momentum(0.01)
                for _ in range(rounds) { fit(m, X, Y, optimizer=o, epochs=epochs, shuffle=false, verbose=false) }
                weights(m)
            }
            print([max(abs(p - q)) < 1e-6 for p, q in zip(train(1, 4), train(2, 2))])
            """
        #expect(lines(code) == ["[true, true, true, true]"])
    }

    @Test(arguments: ["adam(0.02)", "nag(0.02, 0.9)", "momentum(0.02, 0.9)"])
    func `penalties and optimizers do what they do in the engine`(_ optimizer: String) {
        let code = """
            fn train(own, loss=mse, penalty=l2(0.1)) {
                seed(1); net = sequential(input(2), dense(4, tanh), dense(1), dtype="float64")
                w = if own { model(x -> net(x)) } else { net }
                seed(2); h = fit(w, X, Y, loss=loss, penalty=penalty, optimizer=\(optimizer), epochs=3, verbose=false, validation=(X, Y))
                list(h.loss, weights(net)[0])
            }
            a = train(false)
            for b in list(train(true), train(false, penalty=w -> 0.1 * sum(w^2)), train(false, loss=(y, p) -> mean((y - p)^2))) {
                print(max(abs(a[0] - b[0])) < 1e-12, max(abs(a[1] - b[1])) < 1e-12)
            }
            """
        #expect(lines(code) == ["true true", "true true", "true true"])
    }

    @Test func `a model has gradients and steps like a network`() {
        let code = """
            class Affine {
                fn init(i, o) { self.W = randn(i, o); self.b = zeros(o) }
                fn forward(x) { x @ self.W + self.b }
            }
            a = Affine(2, 4); l = dense(1); m = model(x -> l(tanh(a(x)))); m(X)
            f(net) = mean((net(X) - Y)^2)
            v, g = value_and_grad(f)(m)
            print(len(g), g[0].W.shape, g[1][0].shape)
            o = adam(0.05)
            for _ in range(100) { step(m, grad(f)(m), o) }
            print(f(m) < 0.1 * v)
            """
        #expect(lines(code) == ["2 (2, 4) (4, 1)", "true"])
    }

    @Test func `an object with forward is called like a layer`() {
        let code = """
            class Double { fn forward(x, k=2) { k * x } }
            d = Double(); print(d(3), d(3, k=4), 5 |> d)
            """
        #expect(lines(code) == ["6 12 10"])
        #expect(lines("class C { fn g() { 1 } }\nc = C(); c(1)").last?.contains("cannot be called") == true)
    }

    @Test(arguments: ["class_weight=\"balanced\"", "sample_weight=ones(50)"])
    func `weights of samples are refused where the engine does not know the loss of a sample`(_ weights: String) {
        let start = "net = sequential(input(2), dense(1)); f(y, ŷ) = mean((y - ŷ)^2); "
        let refusal = "class_weight and sample_weight go with losses of the engine's"
        let help = " | weigh the samples in a loss of your own: (y, ŷ) -> mean(where(y == 1, 5, 1) * (y - ŷ)^2); weights of single samples may be a column of y"
        for (given, reason) in [
            ("net, X, Y, loss=f", ": the loss `f` gives one number for all samples of a batch"),
            ("net, X, Y, loss=(y, ŷ) -> mean((y - ŷ)^2)", ": the loss gives one number for all samples of a batch"),
        ] {
            #expect(lines(start + "fit(\(given), \(weights), verbose=false)") == [refusal + reason + help])
        }
    }

    /// What the help of that refusal says: the same numbers as the engine's weights give.
    @Test func `a loss weighs the samples by their class, or by a column of the targets`() {
        let code = """
            w = rand(50); t = where(Y > 0, 1, 0)
            fn train(y, options) {
                seed(1); net = sequential(input(2), dense(4, tanh), dense(1), dtype="float64")
                seed(2); options(net, y)
                weights(net)[0]
            }
            a = train(t, (net, y) -> fit(net, X, y, class_weight={1: 5}, verbose=false))
            b = train(t, (net, y) -> fit(net, X, y, loss=(y, ŷ) -> mean(where(y == 1, 5, 1) * (y - ŷ)^2), verbose=false))
            c = train(Y, (net, y) -> fit(net, X, y, sample_weight=w, verbose=false))
            d = train(concat([Y, w.reshape(50, 1)], axis=1), (net, y) -> fit(net, X, y, loss=(y, ŷ) -> mean(y[:, 1] * (y[:, 0] - ŷ[:, 0])^2), verbose=false))
            print(max(abs(a - b)) < 1e-12, max(abs(c - d)) < 1e-12)
            """
        #expect(lines(code) == ["true true"])
    }

    // MARK: mixed with what is built in

    @Test func `other layers stand between own ones`() {
        let code = """
            S = randn(40, 5, 2); T = S.sum(axis=(1, 2))[:, new]
            net = sequential(input(5, 2), lstm(6), x -> 2 * x, dense(1))
            h = fit(net, S, T, optimizer=adam(0.02), epochs=20, verbose=false, metrics=[r2], validation=(S, T))
            print(h.loss[-1] < 0.3 * h.loss[0], h.val_r2[-1] > 0.7)
            """
        #expect(lines(code) == ["true true"])
    }

    @Test func `metrics, validation, predict and evaluate are as for other networks`() {
        let code = """
            net = sequential(input(2), dense(3, z -> z / (1 + abs(z))), dense(1))
            h = fit(net, X, Y, epochs=2, verbose=false, metrics=[mae, (y, ŷ) -> 7], validation=(X, Y))
            e = evaluate(net, X, Y)
            print(h.val_loss[-1] == e.loss, h.val_mae[-1] == e.mae, e.metric)
            print(predict(net, X[0]).shape, predict(net, X).shape, net(X[0:3]).shape)
            """
        #expect(lines(code) == ["true true 7", "(1,) (50, 1) (3, 1)"])
    }

    @Test func `one sample, an axis fewer, gives one output`() {
        let code = """
            class Net { fn init() { self.l = dense(3) } fn forward(x) { self.l(x) } }
            l = dense(2)
            for net in list(Net(), model(x -> l(x)), sequential(dense(4), x -> abs(x), dense(1))) {
                fit(net, X, Y, loss=(y, ŷ) -> mean((sum(ŷ, axis=1, keepdims=true) - y)^2), verbose=false)
                print(predict(net, X[0]).shape, all(abs(predict(net, X[0]) - predict(net, X)[0]) < 1e-6))
            }
            """
        #expect(lines(code) == ["(3,) true", "(2,) true", "(1,) true"])
    }

    @Test func `a layer that is made in a call and kept is trained`() {
        let code = """
            class Net { fn init() { self.l = none } fn forward(x) { if self.l == none { self.l = dense(1) }; self.l(x) } }
            net = Net(); h = fit(net, X, Y, optimizer=adam(0.05), epochs=30, verbose=false)
            print(h.loss[-1] < h.loss[0], len(weights(net)))
            """
        #expect(lines(code) == ["true 2"])
    }

    @Test func `penalties count in what is validated and evaluated, whoever trains`() {
        let code = """
            net = sequential(input(2), dense(4, tanh, penalty=l2(0.1)), dense(1), dtype="float64"); w = weights(net)
            cost = 0.1 * sum(w[0]^2) + 0.01 * (sum(abs(w[0])) + sum(abs(w[2])))
            own = (y, ŷ) -> mean((y - ŷ)^2); mine = w -> 0.01 * sum(abs(w))
            still(model, loss, penalty) = {
                h = fit(model, X, Y, loss=loss, penalty=penalty, optimizer=sgd(1e-14), validation=(X, Y), verbose=false)
                e = evaluate(model, X, Y).loss - mse(Y, predict(net, X))
                abs(h.val_loss[0] - mse(Y, predict(net, X)) - cost) < 1e-9 and abs(e - cost) < 1e-9
            }
            print(still(net, mse, l1(0.01)), still(net, own, l1(0.01)), still(net, mse, mine), still(net, own, mine))
            print(still(model(x -> net(x)), mse, l1(0.01)), still(model(x -> net(x)), own, mine))
            fit(net, X, Y, optimizer=sgd(1e-14), verbose=false)
            print(abs(evaluate(net, X, Y).loss - mse(Y, predict(net, X)) - 0.1 * sum(w[0]^2)) < 1e-9)
            """
        #expect(lines(code) == ["true true true true", "true true", "true"])
    }

    // MARK: errors

    @Test(arguments: [
        ("fit(model(x -> x @ ones(3, 1)), X, Y, verbose=false)", "the product of (32, 2) and (3, 1) needs 2 = 3"),
        ("fit(sequential(input(2), dense(1)), X, Y, loss=(y, ŷ) -> y - ŷ, verbose=false)", "the loss gives a tensor of shape (32, 1), not one number"),
        ("fit(model(x -> 2 * x), X, X, verbose=false)", "the model has nothing to train"),
        ("fit(model(x -> sum(x)), X, Y, verbose=false)", "the model gives () for 32 samples"),
        ("fit(model(x -> dense(1)(x)), X, Y, verbose=false)", "dense(1, identity) is made inside the model: in each call it is another one"),
        ("make() = dense(1); fit(model(x -> make()(x)), X, Y, verbose=false)", "dense(1, identity) is made inside the model"),
        ("class Net { fn forward(x) { dense(1)(x) } }\nfit(Net(), X, Y, verbose=false)", "dense(1, identity) is made inside the model"),
        ("fit(x -> x, X, Y)", "`fit` needs a network; this is a function"),
        ("residual(x -> x)", "functions, objects and networks of your own do not stand inside another layer"),
        ("l = dense(1); fit(model(x -> l(x)), X[0:3], Y, verbose=false)", "there are 3 samples and 50 targets"),
    ])
    func `mistakes are named before the first batch`(_ code: String, _ message: String) {
        let found = Cell(OwnModelTests.data + code).error
        #expect(found.contains(message), "\(found)")
    }
}
