import Testing

private let one = "net = sequential(input(1), dense(1), dtype=\"float64\"); set_weights(net, list([2;], [1])); "

/// Activations, losses, optimizers, penalties and schedules as values of the language.
@Test(arguments: [
    // Activations: functions, values with parameters, derivatives.
    ("tanh(1, 2) == tanh(2)", "true"), ("f = tanh(c=0.5); f", "tanh(c=0.5)"), ("relu(at_zero=1)", "relu(at_zero=1)"),
    ("derivative(relu, [-1, 0, 2]), derivative(relu(at_zero=0.5), 0)", "([0, 0, 1], 0.5)"),
    ("derivative(\"softsign\", 1)", "0.25"), ("rrelu(-1, 0.1, 0.3)", "-0.2"), ("prelu([-2, 2])", "[-0.5, 2]"),
    ("hard_sigmoid([-4, 0, 4]), hard_tanh([-4, 4]), relu6(9)", "([0, 0.5, 1], [-1, 1], 6)"),
    ("t = activation_table(); t.columns", "[\"name\", \"f\", \"derivative\", \"range\", \"continuity\", \"parameters\", \"remark\"]"),
    ("t = activation_table(); t.range[t.name == \"sinc\"][0], t.continuity[t.name == \"relu\"][0]", "(\"[≈ -0.217234, 1]\", \"C^0\")"),
    ("sequential(input(2), dense(3, \"silu\")).layers[0].activation", "swish"),
    ("rrelu(lower=1)", "error: lower of rrelu must not be above upper, 1 is above 0.3333333333333333"),
    // Losses.
    ("huber([0, 0], [1, 3], delta=2), huber(delta=2)", "(2.25, huber(delta=2))"),
    ("sse([0, 1], [1, 3]), half_sse([0, 1], [1, 3])", "(5, 2.5)"), ("f = mse(scale=0.5); f([0], [2])", "2"),
    ("hinge([1, -1], [0.5, 2]), perceptron_loss([1, -1], [0.5, 2]), zero_one([1, -1], [0.5, 2])", "(1.75, 1, 1)"),
    ("kl([0, 1], [0, 1]) < 1e-6", "true"), ("mse + l2(0.1)", "mse + l2(0.1)"), ("formula(huber)[0:9]", "\"1/(m k) Σ\""),
    // One sample: its distribution, or its class.
    ("round(crossentropy([0, 1, 0], [0.1, 0.8, 0.1]), 6), round(crossentropy(1, [0.1, 0.8, 0.1]), 6), round(kl([0.5, 0.5], [0.9, 0.1]), 6)", "(0.223144, 0.223144, 0.510826)"),
    ("∇(p -> crossentropy([0, 1, 0], p))([0.1, 0.8, 0.1]), ∇(p -> crossentropy(1, p))([0.1, 0.8, 0.1])", "([0, -1.25, 0], [0, -1.25, 0])"),
    // In training, in a loop that is written out: the averages of batch normalisation are those of the data.
    ("net = sequential(input(1), batchnorm(momentum=0.5)); X = [101; 103; 105; 107]; for i in range(60) { step(net, grad(q -> mean(q(X, training=true)^2))(net), sgd(1e-12)) }; round(weights(net)[2]), round(weights(net)[3])", "([104], [5])"),
    ("d = dropout(0.5); a = d(ones(1, 1000), training=true); unique(a), abs(mean(a) - 1) < 0.2, all(d(ones(1, 1000)) == 1)", "([0, 2], true, true)"),
    ("frozen(dense(2))", "error: `t` of `frozen` is a tensor or number, not a layer"),
    // Penalties.
    ("l2(0.1)([1, -2]), l1(0.1)([1, -2]), (l1(1) + l2(2))(3)", "(0.5, 0.3, 21)"), ("l1(1) + l2(2)", "l1(1) + l2(2)"),
    ("l2(-1)", "error: the strength of l2 must be 0 or more, not -1"),
    ("net = sequential(input(1), dense(1, penalty=l2(0.5)), dtype=\"float64\"); set_weights(net, list([2;], [1])); evaluate(net, [1;], [3])", "{\"loss\": 2}"),
    // One step: w = 2, ŷ = 3 = y, so that only the penalty pulls, by 2 · 0.5 · 2 times 0.1.
    ("net = sequential(input(1), dense(1), dtype=\"float64\"); set_weights(net, list([2;], [1])); h = fit(net, [1;], [3], optimizer=sgd(0.1), penalty=l2(0.5), verbose=false); h.loss, net.layers[0].W, net.layers[0].b", "([2], [1.8;], [1])"),
    // A convolution of one number is the same.
    ("net = sequential(input(1, 1), conv1d(1, 1, penalty=l2(0.5)), flatten(), dtype=\"float64\"); set_weights(net, list([2;].reshape(1, 1, 1), [1])); h = fit(net, [1;].reshape(1, 1, 1), [3], optimizer=sgd(0.1), verbose=false); h.loss, net.layers[0].W.ravel(), net.layers[0].b", "([2], [1.8], [1])"),
    ("fit(sequential(input(1), dense(1)), [1;], [3], penalty=3)", "error: `penalty` of `fit` is a penalty, such as l2(0.01), not a number"),
    // Optimizers.
    ("formula(nag(0.1))", "\"x̃ = x - 0.1 p; g = ∇J(x̃); p = g + 0.9 p; x = x - 0.1 p\""),
    ("formula(momentum(0.1, 0.5, form=\"delta\"))", "\"Δ = 0.5 Δ - 0.1 g; x = x + Δ\""),
    ("formula(sgd(0.1, clip_norm=1))", "\"g = g min(1, 1 / ‖g‖); x = x - 0.1 g\""),
    ("adamw(0.1, clip_value=2, form=\"keras\")", "adamw(learning_rate=0.1, clip_value=2, form=\"keras\")"),
    ("rprop(form=\"keras\")", "error: `form` of `rprop` must be one of \"slides\", \"torch\", not \"keras\""),
    ("o = gd(0.5); net = sequential(input(1), dense(1)); fit(net, zeros(40, 1), zeros(40), optimizer=o, epochs=3, verbose=false); o.steps", "3"),
    ("fit(sequential(input(1), dense(1)), zeros(40, 1), zeros(40), optimizer=gd(0.1), batch_size=8)", "error: `batch_size` of `fit` must be left out: gd takes all samples in each step, not 8"),
    // Schedules.
    ("s = step_decay(0.8, 10); [s(0), s(9), s(10), s(20)]", "[0.8, 0.8, 0.4, 0.2]"),
    ("s = warmup(0.4, 4); [s(0), s(3), s(9)]", "[0.1, 0.4, 0.4]"), ("cosine_decay(1, 10)(5), constant_rate(2)(7)", "(0.5, 2)"),
    ("adam(exponential_decay(0.1, 100))", "adam(learning_rate=exponential_decay(0.1, every=100, factor=0.5))"),
    ("formula(sgd(step_decay(0.1, 5, per=\"epoch\")))", "\"x = x - α(epoch) g; α(epoch) = 0.1 0.5^⌊epoch / 5⌋\""),
    ("sgd(step_decay(0.1, 0))", "error: every of step_decay must be above 0, not 0"),
    // A loss may be measured like a metric.
    ("net = sequential(input(1), dense(1)); set_weights(net, list([1;], [0])); evaluate(net, [3; -2; 1; 5], [1, -1, -1, 1], loss=hinge, metrics=[zero_one, huber(delta=2)]).zero_one", "0.5"),
    ("erf([0, 1])", "[0, 0.842701]"), ("grad(z -> sum(gelu(z)))([0, 1])", "[0.5, 1.08332]"),
    // Penalties beside a loss of the user's, of the user's own, and of a layer: ŷ = y = 3, w = 2, a step of 0.1.
    (one + "h = fit(net, [1;], [3], loss=(y, ŷ) -> mean((y - ŷ)^2), optimizer=sgd(0.1), penalty=l2(0.5), verbose=false); h.loss, net.layers[0].W", "([2], [1.8;])"),
    (one + "h = fit(net, [1;], [3], optimizer=sgd(0.1), penalty=w -> 0.5 * sum(w^2), verbose=false); h.loss, net.layers[0].W, net.layers[0].b", "([2], [1.8;], [1])"),
    ("net = sequential(input(1), dense(1, penalty=l2(0.5)), dtype=\"float64\"); set_weights(net, list([2;], [1])); h = fit(net, [1;], [3], optimizer=sgd(0.1), penalty=w -> 0 * sum(w), verbose=false); h.loss, net.layers[0].W", "([2], [1.8;])"),
    // Accuracy of a loss of signs.
    ("net = sequential(input(1), dense(1)); set_weights(net, list([1;], [0])); evaluate(net, [3; -2; 1; 5], [1, -1, -1, 1], loss=hinge, metrics=[accuracy]).accuracy", "0.75"),
])
func `the zoo says what it is and does it`(code: String, result: String) {
    #expect(shown(code) == result)
}

/// Trained by a rate of 1e-300 nothing changes, by callbacks something may.
private let data = "X = [1; 2; 3]; y = [2, 4, 6]; net = sequential(input(1), dense(1), dtype=\"float64\"); set_weights(net, list([1;], [0])); "
private let own = "f(y, p) = mean(p); " + data + "s = "

@Test(arguments: [
    // Nothing improves after the first epoch.
    (data + "stop = early_stopping(patience=3); h = fit(net, X, y, optimizer=sgd(1e-300), epochs=50, callbacks=[stop], verbose=false); h.epochs, stop.best_epoch, stop.stopped_epoch", "(4, 1, 4)"),
    // A rate that is too great makes it worse each epoch: the weights after the first are taken back.
    (data + "stop = early_stopping(patience=2); h = fit(net, X, y, optimizer=sgd(0.5), epochs=9, validation=(X, y), callbacks=stop, verbose=false); h.epochs, stop.best_epoch, evaluate(net, X, y).loss == h.val_loss[0], stop.best == h.val_loss[0]", "(3, 1, true, true)"),
    (data + "h = fit(net, X, y, optimizer=sgd(0.5), epochs=9, callbacks=early_stopping(patience=1, restore=false), verbose=false); h.epochs, evaluate(net, X, y).loss > h.loss[0]", "(2, true)"),
    (own + "early_stopping(patience=2, monitor=\"f\", mode=\"max\"); fit(net, X, y, epochs=9, metrics=[f], callbacks=s, verbose=false); s.best_epoch", "9"),
    (own + "early_stopping(patience=2, monitor=\"f\", mode=\"min\"); fit(net, X, y, epochs=9, metrics=[f], callbacks=s, verbose=false); s.best_epoch", "1"),
    (own + "early_stopping(patience=2, monitor=\"loss\", mode=\"max\"); fit(net, X, y, epochs=9, callbacks=s, verbose=false); s.best_epoch", "1"),
    (own + "early_stopping(monitor=\"f\"); fit(net, X, y, metrics=[f], callbacks=s, verbose=false)", "error: whether more or less of \"f\" is better is not known: it is a metric of yours"),
    (own + "early_stopping(monitor=\"half_mse\"); fit(net, X, y, epochs=2, metrics=[half_mse], callbacks=s, verbose=false); s.best_epoch", "2"),
    (own + "checkpoint(\"best.safetensors\", monitor=\"val_f\"); fit(net, X, y, validation=(X, y), metrics=[f], callbacks=s, verbose=false)", "error: whether more or less of \"val_f\" is better is not known: it is a metric of yours"),
    ("checkpoint(\"best\", mode=\"most\")", "error: `mode` of `checkpoint` must be \"auto\", \"min\" or \"max\", not \"most\""),
    (data + "fit(net, X, y, callbacks=early_stopping(monitor=\"val_loss\"), verbose=false)", "error: there is no \"val_loss\" to be watched"),
    // A function sees the epoch and the measures, and ends the training by false.
    ("class L { fn init() { self.seen = list() } }; l = L(); " + data + "h = fit(net, X, y, epochs=9, metrics=[mae], callbacks=(epoch, logs) -> { l.seen.push((epoch, keys(logs))); epoch < 2 }, verbose=false); h.epochs, l.seen", "(2, [(1, [\"loss\", \"mae\"]), (2, [\"loss\", \"mae\"])])"),
    ("class L { fn init() { self.seen = [] } }; l = L(); " + data + "o = sgd(0.4); fit(net, X, y, optimizer=o, epochs=3, callbacks=[rate_schedule((epoch, rate) -> rate / epoch), (epoch, logs) -> { l.seen.push(o.learning_rate); none }], verbose=false); l.seen", "list(0.2, 0.0666666666666667, 0.0666666666666667)"),
    (data + "rates = [0.1, 0.05, 0.02]; fit(net, X, y, epochs=3, callbacks=[rate_schedule((epoch, rate) -> rates[epoch - 1])], verbose=false).epochs", "3"),
    (data + "fit(net, X, y, callbacks=[\"a\"])", "error: `callbacks` of `fit` is a list of early_stopping(...), checkpoint(...), rate_schedule(...) and functions (epoch, logs) -> ..., not a string"),
    ("r = replicate(4, () -> uniform(0, 1)); r.scores == replicate(4, () -> uniform(0, 1)).scores, abs(r.mean - mean(r.scores)) < 1e-15, r.best == min(r.scores), r.best_run == argmin(r.scores), len(r)", "([false, false, false, false], true, true, true, 4)"),
    ("r = replicate(3, () -> 2, best=\"greatest\"); r.mean, r.std, r.best", "(2, 0, 2)"),
    (data + "r = replicate(3, () -> { n = sequential(input(1), dense(2, tanh), dense(1)); h = fit(n, X, y, verbose=false); (h, n) }); r.best[1].parameters, r.scores.shape", "(7, (3,))"),
    ("replicate(2, () -> \"a\")", "error: the function of `replicate` gives a string, which is no score"),
    ("replicate(0, () -> 1)", "error: `n` of `replicate` must be 1 or more, not 0"),
])
func `callbacks and replications`(code: String, result: String) {
    #expect(shown(code) == result)
}

@Test func `replications draw the same numbers each time the cell runs`() {
    let code = "replicate(3, () -> uniform(0, 1)).scores"
    #expect(shown(code) == shown(code))
}

/// Nesterov's look-ahead of the slides takes the gradient ahead of the weights that are shown, whoever trains.
@Test func `a model of the user's and the engine make the same steps with nag`() {
    let data = "X = [1; 2; -1]; y = [2, 3, -2]; "
    let fit = "fit(net, X, y, optimizer=o, epochs=6, shuffle=false, verbose=false); W"
    let engine = shown(data + "o = nag(0.02); net = sequential(input(1), dense(1, bias=false), dtype=\"float64\"); net.layers[0].W = [0.5;]; " + fit + " = net.layers[0].W; round(W[0, 0], 12)")
    let own = shown(data + "class M { fn init() { self.W = [0.5;] }\n fn forward(x) { x @ self.W } }\n o = nag(0.02); net = M(); " + fit + " = net.W; round(W[0, 0], 12)")
    #expect(engine == own)
    #expect(engine.hasPrefix("1."))
}
