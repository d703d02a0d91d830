import Testing

/// Gradients whose values are known by hand.
@Test(arguments: [
    ("grad(x -> x^2)(3)", "6"), ("f(x) = x^3; ∇f(2), ∇∇f(2), ∇∇∇f(2), grad(grad(f))(2)", "(12, 12, 6, 12)"),
    ("g(x, w) = x*w + w^2; grad(g, 1)(2, 3), grad(g, wrt=[\"w\", \"x\"])(2, 3), grad(g, [0, 1])(2, 3)", "(8, (8, 3), (3, 8))"),
    ("value_and_grad(x -> x @ x)([1, 2])", "(5, [2, 4])"), ("grad((w, b) -> w * b, wrt=\"b\")(2, b=3)", "2"),
    ("h(W) = { y = W @ [1, 2]; y @ y }; ∇h([1, 2; 3, 4])", "[10, 20; 22, 44]"),
    ("jacobian(x -> x^2)([1, 2])", "[2, 0; 0, 4]"), ("jacobian(x -> [x, x^2, 5])(3)", "[1, 6, 0]"),
    ("jacobian(W -> W @ [1, 2])([0, 0; 0, 0]).shape", "(2, 2, 2)"), ("jacobian(x -> x @ x)([1, 2])", "[2, 4]"),
    ("jacobian((x, y) -> x * y, wrt=[0, 1])([1, 2], [3, 4])", "([3, 0; 0, 4], [1, 0; 0, 2])"),
    ("jacobian(x -> [1, 2])([1, 2])", "[0, 0; 0, 0]"),
    ("hessian(x -> x @ x * x[0])([1, 2])", "[6, 4; 4, 2]"), ("hessian(x -> x^3)(2)", "12"), ("hessian(x -> 3)([1, 2])", "[0, 0; 0, 0]"),
    // What does not depend on the argument changes by nothing.
    ("∇(x -> 3)(1), ∇(x -> 3)([1, 2]), ∇(x -> [3])([1, 2])", "(0, [0, 0], [0, 0])"),
    // The inner gradient sees the outer argument as a constant.
    ("∇(x -> x * ∇(y -> x * y)(x))(3)", "6"), ("∇(x -> x * grad(y -> y^2 * x)(2))(3)", "24"),
    ("fn n(f, k) { if k == 0 { f } else { n(grad(f), k - 1) } }; n(x -> exp(2 * x), 6)(0)", "64"),
    ("∇(x -> sum(x))([1, 2].astype(\"float32\")).dtype", "\"float32\""), ("∇(x -> sum(x))([])", "[]"),
])
func `gradients by hand`(code: String, result: String) {
    #expect(shown(code) == result)
}

/// Code of all kinds inside.
@Test(arguments: [
    ("fn f(x) { s = 0; for i in range(3) { if x > 1 { s += x * i } else { s -= x } }; s }; ∇f(2), ∇f(0.5)", "(3, -3)"),
    ("fn f(x) { while x < 100 { x = x^2 }; x }; ∇f(3)", "17496"),
    ("fn f(n, x) { if n == 0 { x } else { x * f(n - 1, x) } }; grad(f, 1)(3, 2)", "32"),
    ("fn f(x) { try { error(\"no\") } catch e { x^2 } }; ∇f(3)", "6"),
    ("fn f(x) { fn g(y) { y * x }; g(g(x)) }; ∇f(2)", "12"), ("k = 5; f(x) = k * x; ∇f(1)", "5"),
    ("fn f(x) { a = zeros(3); a[1] = x * 2; a[0] += x; b = [x, 2, x^2]; (a * b) @ a }; ∇f(2)", "44"),
    ("fn f(x) { m = {\"k\": [1, 2]}; m.k[0] = x; m[\"k\"][1] *= x; m.k @ m.k }; ∇f(3)", "30"),
    ("fn f(x) { xs = []; for i in range(3) { xs.push(x^i) }; sum(xs) }; ∇f(3)", "7"),
    ("fn f(x) { a, (b, c) = (x, (x^2, 1)); a, b = b, a; a * b + c }; ∇f(2)", "12"),
    ("fn f(x) { s = f\"{x:.1f} {x}\"; print(s); x^2 }; ∇f(3)", "3.0 3 6"),
    ("class P { fn init(w) { self.w = w } fn out(x) { self.w @ x } fn loss(x, t) { (self.out(x) - t)^2 } }; p = P([1, 2]); grad(x -> p.loss(x, 1))([1, 1])", "[4, 8]"),
    ("∇(x -> if x == 1 and x in [1, 2] and list(x, 2) == list(1, 2) { 5 * x } else { x })(1)", "5"),
    ("grad(x -> { y = x; y[y > 1] = 0; y[y < 0] *= 2; sum(y^2) })([-1, 0.5, 2])", "[-8, 1, 0]"),
    ("grad(x -> sum(x > 0) + (if any(x > 1) { x[1] } else { 0 }))([-1, 0.5, 2])", "[0, 1, 0]"),
    ("grad(x -> sum(frozen(x) * x))([1, 2])", "[1, 2]"), ("grad(m -> sum(m.w^2))({\"w\": frozen([1, 2]), \"b\": 2})", "{\"w\": none, \"b\": 0}"),
    // At kinks, as help(grad) says.
    ("grad(x -> norm(x))([0, 0]), grad(x -> std(x))([1, 1]), grad(x -> sum(abs(x)))([0])", "([0, 0], [0, 0], [0])"),
    ("grad(x -> max(x))([1, 1]), grad(x -> sum(max(x, 0)))([0]), grad(x -> sum(clip(x, 0, 1)))([0, 1]), grad(x -> sort(x)[0])([2, 2])", "([1, 0], [0], [0, 0], [1, 0])"),
    ("∇(x -> x |> (v -> v^2) |> exp)(0)", "0"), ("f(x) = { for i in range(9000) { x = x + 1 / 9000 }; x }; ∇f(1)", "1"),
    ("fn f(x) { s = 0; for a, b in zip(x, [1, 2, 3]) { s += a * b }; for i, a in enumerate(x) { s += i * a }; s }; ∇f([1, 1, 1])", "[1, 3, 5]"),
    ("type(∇(x -> { assert type(x) == \"tensor\" and x.shape == (2,) and len(x) == 2; sum(x) })([1, 2]))", "\"tensor\""),
])
func `code of every kind is differentiated`(code: String, result: String) {
    #expect(shown(code) == result)
}

/// Recorded from JAX 0.10.2 in float64: `jax.grad`, `jax.jacobian` and `jax.hessian` of the same formulas at x = (0.5, -1.2,
/// 2), S = (0.5, -1, 2; 1.5, 0.2, -0.3), W = (0.1, -0.2; 0.3, 0.4; -0.5, 0.6), as
/// `jax.grad(lambda z: jax.nn.softmax(z) @ jnp.array([1., 2, 3]))(x)`.
@Test(arguments: [
    ("grad(z -> softmax(z) @ [1, 2, 3])(x)", "[-0.2850562052, -0.0198237467, 0.3048799519]"),
    ("grad(z -> log(sum(exp(z)))^2)(x)", "[0.7888591719, 0.1441115735, 3.5354215288]"),
    ("grad(W -> { h = zeros(2); for t in range(4) { h = tanh(x @ W + 0.5 * h * (t + 1)) }; sum(h) })(W)",
     "[0.002837073, 0.016930679; -0.0068089751, -0.0406336297; 0.0113482919, 0.0677227162]"),
    ("grad(Q -> { A = softmax(Q @ Q.T / sqrt(3)); sum((A @ Q)^2) })(S)",
     "[1.184402317, -2.3937587738, 4.7867377307; 2.4311967117, 0.3324776082, -0.5026154966]"),
    ("grad(z -> sum(((z - mean(z)) / sqrt(var(z) + 1e-5))^3))(x)", "[-2.2799772585, 1.0687405967, 1.2112366618]"),
    ("grad(z -> sort(z) @ [1, 10, 100])(x)", "[10, 1, 100]"), ("grad(z -> sum(cumsum(z)^2))(x)", "[2.2, 1.2, 2.6]"),
    ("grad(M -> det(M @ M.T + eye(2)))(S)", "[3.53, -6.74, 13.49; 18.8, 2.4, -3.55]"),
    ("grad(M -> sum(inv(M @ M.T + eye(2))^2))(S)",
     "[-0.0104815534, 0.0160996578, -0.0323512983; -0.1562225264, -0.0192085205, 0.0280528668]"),
    ("grad(z -> sum(solve(outer(z, z) + 2 * eye(3), z)))(x)", "[0.1080558238, 0.1827986627, 0.04210626]"),
    ("grad(M -> sum(norm(M, axis=1)))(S)", "[0.2182178902, -0.4364357805, 0.8728715609; 0.9723055853, 0.1296407447, -0.1944611171]"),
    ("grad(z -> sum(convolve(z, [1, -2])^3))(x)", "[-28.29, -101.64, -37.92]"),
    ("grad(z -> sum(abs(z)^z + 2^z))(x)", "[1.1972358529, 1.2516978196, 9.5451774445]"),
    ("grad(z -> std(z) + median(z) + max(z) * min(z))(x)", "[1.0169992818, 1.583517596, -0.8005168778]"),
    ("grad(z -> { a = zeros(5); a[1:4] = z; a[0] += z[0] * z[1]; sum(a^3) })(x)", "[-0.546, 4.86, 12]"),
    ("jacobian(z -> [z[0] * z[1], sin(z[2]), z @ z])(x)", "[-1.2, 0.5, 0; 0, 0, -0.4161468365; 1, -2.4, 4]"),
    ("hessian(z -> exp(z[0] * z[1]) + z[2]^3 * z[0])(x)", "[0.790288756, 0.2195246544, 12; 0.2195246544, 0.137202909, 0; 12, 0, 6]"),
    ("[grad(grad(grad(t -> tanh(t) * exp(t))))(0.3)]", "[0.0983665833]"),
    ("grad(M -> crossentropy([2, 0], softmax(M)))(S)",
     "[0.0876451961, 0.0195562866, -0.1072014827; -0.1522539083, 0.0947718659, 0.0574820423]"),
    ("[grad(a -> a * grad(b -> sin(a * b) * b)(a))(0.7)]", "[2.4063468403]"),
])
func `gradients are those of JAX`(code: String, recorded: String) {
    let start = "x = [0.5, -1.2, 2]; S = [0.5, -1, 2; 1.5, 0.2, -0.3]; W = [0.1, -0.2; 0.3, 0.4; -0.5, 0.6]\n"
    #expect(shown(start + "max(abs(\(code) - \(recorded))) < 1e-8") == "true", "\(shown(start + code))")
}
