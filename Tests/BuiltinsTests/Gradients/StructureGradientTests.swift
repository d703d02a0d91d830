import Testing

private let point = "class P { fn init() { self.w = [1.0, 2]; self.rate = 0.1; self.log = [] } fn loss(x) { l = (self.w @ x)^2; self.log.push(l); l } }; p = P(); "
private let net = "net = sequential(input(2), dense(1), dtype=\"float64\"); set_weights(net, list([1; 2], [0.5])); "

/// The gradient has the form of the argument; what is neither number nor tensor has none.
@Test(arguments: [
    ("∇(t -> t[0] @ t[0] + t[1] * 3)(([1, 2], 5))", "([2, 4], 3)"), ("∇(t -> t[0] * t[1])(list(2, 3))", "list(3, 2)"),
    ("∇(m -> m[\"w\"] @ m.w + m.b * 2 + m.c[0])({\"w\": [1, 2], \"b\": 3, \"c\": list(1, 5), \"name\": \"q\", \"on\": true})",
     "{\"w\": [2, 4], \"b\": 2, \"c\": list(1, 0), \"name\": none, \"on\": none}"),
    ("∇(t -> sum(t[0][0]))([[[1, 2], \"a\"], {}])", "[[[1, 1], none], {}]"),
    (point + "g = grad(q -> q.loss([1, 1]))(p); g", "P(w=[6, 6], rate=none, log=none)"),
    // What the function changes in the object stays changed, and is plain afterwards; the parameters are as before.
    (point + "g = grad(q -> q.loss([1, 1]))(p); p", "P(w=[1, 2], rate=0.1, log=list(9))"),
    (point + "p -= 0.5 * grad(q -> q.loss([1, 1]))(p); p", "P(w=[-2, -1], rate=0.1, log=list(9))"),
    (point + "try { grad(q -> error(\"no\"))(p) } catch e { }; p.w + 1", "[2, 3]"),
    (point + "try { grad(q -> { q.w = 3 * q.w; error(\"no\") })(p) } catch e { }; type(p.w), p.w + 1", "(\"tensor\", [4, 7])"),
    // A closure over the object sees the followed fields too.
    (point + "grad(q -> p.loss([1, 1]))(p).w", "[6, 6]"),
    ("class N { fn init() { self.w = [2.0]; self.next = none } }; a = N(); a.next = a; grad(n -> n.next.w[0]^2)(a).next.next.w", "[4]"),
    (net + "grad(n -> sum(n([1, 2; 3, 4])))(net)", "list([4; 6], [2])"), (net + "grad(n -> sum(n[0]([1, 2; 3, 4])^2))(list(net, 3))", "[list([ 80; 114], [34]), 0]"),
    (net + "net.weights -= 0.5 * grad(n -> sum(n([1, 2; 3, 4])))(net); weights(net)", "list([-1; -1], [-0.5])"),
    (net + "grad(x -> sum(net(x)^2))([1, 2])", "[11, 22]"), (net + "check_grad(n -> mse([1, 0], n([1, 2; 3, 4])), net).largest < 1e-6", "true"),
    (net + "hessian(x -> sum(net(x)^2))([1, 2])", "[2, 4; 4, 8]"),
    // The weights where they are read: Σ net(X) has the gradient [4; 6], [2], and W^2 the gradient 2 W.
    (net + "grad(n -> sum(n([1, 2; 3, 4])) + sum(weights(n)[0]^2))(net)", "list([ 6; 10], [2])"),
    (net + "grad(n -> sum(n([1, 2; 3, 4])) + sum(n.layers[0].W^2) + 3 * n.weights[1][0])(net)", "list([ 6; 10], [5])"),
    ("l = dense(1, bias=false, initializer=\"ones\"); l([1, 2;]); grad(q -> sum([1, 2;] @ q.W @ q.W.T))(l)", "list([5; 7])"),
    ("class P { fn init() { self.w = [1.0, 2] } fn forward(x) { x @ self.w } }; p = P(); grad(q -> sum(weights(q)[0]^2))(p)", "P(w=[2, 4])"),
    // Of a gradient by the network: Σ (2 Xᵀ X w)^2 has the gradient 8 (XᵀX)^2 w.
    ("net = sequential(input(2), dense(1, bias=false, initializer=\"ones\"), dtype=\"float64\"); x = [1, 2; 3, 4]; grad(q -> sum(grad(p -> sum(p(x)^2))(q)[0]^2))(net)", "list([5728; 8128])"),
    // A part of another network is still itself.
    (net + "grad(q -> { m = q |> relu; sum(m([1, 2; 3, 4])) })(net)", "list([4; 6], [2])"),
    (net + "grad(q -> sum(predict(q, [1, 2])))(net)", "error: `predict` has no derivative"),
    (net + "grad(q -> evaluate(q, [1, 2; 3, 4], [1, 2]).loss)(net)", "error: `evaluate` has no derivative"),
    (net + "m = model(x -> net(x)); grad(q -> sum(predict(q, [1, 2;])))(m)", "error: `predict` has no derivative"),
    ("∇(x -> if all(x == (1, 2)) { sum(x^2) } else { sum(x) })([1, 2]), ∇(x -> sum(where(x > (0, 5), x^2, x)))([1, 2])", "([2, 4], [2, 1])"),
    ("∇(v -> { v.remove(2); sum(v^2) })([2, 3])", "[0, 6]"),
    ("∇(v -> { v.insert(1, v[0] * 2); a = v.pop(0); sum(v^2) + a })([3, 4])", "[25, 8]"),
    // jax.hessian(lambda x, y: (x * y**2).sum(), (0, 1))
    ("hessian((x, y) -> sum(x * y^2), wrt=[\"x\", \"y\"])([1, 2], [3, 4])", "(([0, 0; 0, 0], [6, 0; 0, 8]), ([6, 0; 0, 8], [2, 0; 0, 4]))"),
])
func `a gradient has the form of its argument`(code: String, result: String) {
    #expect(shown(code) == result)
}

@Test(arguments: [
    ("w = [1, 2]; w = step(w, [1, 1], gd(0.5)); w", "[0.5, 1.5]"), ("x = 3; step(x, 1, gd(0.5))", "2.5"),
    ("t = {\"w\": [1, 2], \"b\": 3, \"name\": \"a\"}; step(t, ∇(m -> sum(m.w^2) + m.b^2)(t), gd(0.1))", "{\"w\": [0.8, 1.6], \"b\": 2.4, \"name\": \"a\"}"),
    // Adam's first step is the rate in each direction.
    ("o = adam(0.1); w = list([1, 2], [3;]); for i in range(2) { w = step(w, list([5, 5], [1;]), o) }; round(w[0], 4), round(w[1], 4), o.steps", "([0.8, 1.8], [2.8;], 2)"),
    (net + "step(net, grad(n -> sum(n([1, 2; 3, 4])))(net), gd(0.5)); weights(net)", "list([-1; -1], [-0.5])"),
    (point + "step(p, grad(q -> q.loss([1, 1]))(p), gd(0.5)); p.w, p.rate", "([-2, -1], 0.1)"),
    ("step([-1, 0, 2]), step(-1)", "([0, 1, 1], 0)"), ("step([1, 2].astype(\"float32\"), [1, 1], gd(0.5)).dtype", "\"float32\""),
    ("o = gd(0.1); step([1, 2], [1, 1, 1], o)", "error: θ is (2,), its gradient (3,)"),
    ("step(list([1, 2], 3), list([1, 2], 3, 4), gd(0.1))", "error: θ of `step` holds 2 numbers and tensors, its gradient 3"),
    ("w = [1, 2]; for _ in range(2) { step(w, w, gd(0.1)) }", "error: the result of `step` is thrown away: a vector of 2 is a value and stays as it was"),
    ("f(w) = { step({\"w\": w}, {\"w\": w}, gd(0.1)); w }; f(3)", "error: the result of `step` is thrown away: a map is a value and stays as it was"),
    ("step([1, 2], [1, 1])", "error: `optimizer` of `step` is an optimizer, not none"),
    ("step(\"a\", 1, gd(0.1))", "error: `θ` of `step` must hold numbers or float tensors, not \"a\""),
    (net + "step(net, list([1; 2], [0], [0]), gd(0.1))", "error: the network has 2 parameters, the gradient has 3"),
])
func `a step follows the gradient`(code: String, result: String) {
    #expect(shown(code) == result)
}

/// Values that outlive their gradient are plain numbers and tensors.
@Test(arguments: [
    ("log.xs.push(x^2)", "log.xs", "list([1, 4])"), ("log.m[\"k\"] = (x, 2)", "log.m.k[0] + 1", "[2, 3]"), ("log.z = x", "log.z[0] = 5; log.z.push(3); log.z", "[5, 2, 3]"),
    ("log.z = [a^2 for a in x]", "sum(log.z)", "5"), ("log.f = y -> x * y", "log.f(2) + sum(log.f(1)) + log.f(1)[0] + max(log.f(1))", "[8, 10]"),
    ("log.f = () -> x", "grad(v -> sum(v * log.f()))([1, 1])", "[1, 2]"), ("log.f = () -> x", "log.f() @ log.f(), -log.f(), log.f() == [1, 2]", "(5, [-1, -2], [true, true])"),
])
func `what escapes from a gradient is plain`(inside: String, after: String, result: String) {
    let code = "class L { fn init() { self.xs = []; self.m = {}; self.z = none; self.f = none } }; log = L(); ∇(x -> { \(inside); sum(x) })([1, 2]); \(after)"
    #expect(shown(code) == result)
}

@Test func `a check shows both gradients and the largest difference`() {
    #expect(shown("check_grad(x -> sum(x^2), [1, 2])") == "gradient [2, 4] differences [2, 4] largest difference 0"
        || shown("check_grad(x -> sum(x^2), [1, 2])").hasPrefix("gradient [2, 4] differences [2, 4] largest difference "))
    #expect(shown("c = check_grad((a, b) -> a * b, 2, 3, wrt=\"b\"); c.gradient, round(c.differences, 6)") == "(2, 2)")
    // |x| has no derivative at 0, where differences see its mean.
    #expect(shown("c = check_grad(x -> max(x, 0), 0); round(c.largest, 6), c.gradient") == "(0.5, 0)")
    #expect(shown("check_grad(x -> x^2)") == "error: `check_grad` needs a value for the argument that f is differentiated by")
}
