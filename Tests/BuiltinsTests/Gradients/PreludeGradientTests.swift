import Testing

/// Functions of the prelude and forms of the language, each against central differences at a point where all are smooth.
@Test(arguments: [
    "x -> sum(x * x)",
    "x -> mean(x * x)",
    "x -> std(x)",
    "x -> var(x)",
    "x -> median(x)",
    "x -> median(concat(x, [3]))",
    "x -> percentile(x, 30)",
    "x -> sum(percentile(x, [30, 60]))",
    "x -> prod(x)",
    "x -> norm(x)",
    "x -> norm(x, 1)",
    "x -> norm(x, inf)",
    "x -> sum(cumsum(x)^2)",
    "x -> max(x) * min(x)",
    "x -> sum(max(x, 0.1, [0,1,0]))",
    "x -> x[argmax(x)]^2",
    "x -> sort(x) @ [1,2,3]",
    "x -> sorted(x) @ [1,2,3]",
    "x -> sorted(x, reverse=true) @ [1,2,3]",
    "x -> reversed(x) @ [1,2,3]",
    "x -> sum(where(x > 0, x^2, -x))",
    "x -> sum(clip(x, -0.5, 1)^2)",
    "x -> sum(x[x > 0]^3)",
    "x -> sum(x * (x > 0))",
    "x -> sum(where((x > 0) & (x < 1), x^2, 0))",
    "x -> sum(pad(x, 1, value=2)^2 * arange(5))",
    "x -> flip(x) @ [1,2,3]",
    "x -> roll(x, 1) @ [1,2,3]",
    "x -> tile(x, 2) @ arange(6)",
    "x -> repeat(x, 2) @ arange(6)",
    "x -> { a, b, c = split(x, 3); sum(a * b + c) }",
    "x -> { a, b = split(x, [1]); sum(a) * sum(b) }",
    "x -> sum((x.reshape(3, 1) @ x.reshape(1, -1))^2)",
    "x -> sum(outer(x, x)^2)",
    "x -> sum(outer(x, [1, 2], (a, b) -> a * b^2))",
    "x -> sum(stack(x, x^2) @ [1,2,3])",
    "x -> sum([x, x^2] |> stack)",
    "x -> sum(concat([x, x^2])^2)",
    "x -> sum([v^2 for v in x])",
    "x -> [v^2 * i for i, v in enumerate(x)] @ [1,2,3]",
    "x -> { s = 0; for a, b in zip(x, [1,2,3]) { s += a * b^2 }; s^2 }",
    "x -> sum(map(v -> v^3, x))",
    "x -> sum(filter(v -> v > 0, x)^2)",
    "x -> det(outer(x, x) + eye(3))",
    "x -> sum(inv(outer(x, x) + eye(3)))",
    "x -> sum(solve(outer(x, x) + eye(3), x))",
    "x -> cov(stack(x, x^2, axis=1))[0,1]",
    "x -> corr(stack(x, x^2, axis=1))[0,1]",
    "x -> sum(convolve(x, [1,2])^2)",
    "x -> sum(exp(x) + sin(x) + tanh(x) + log(abs(x)) + sqrt(abs(x)) + atan(x) + cosh(x))",
    "x -> sum(log1p(abs(x)) + log2(x^2) + expm1(x) + tan(x / 2) + sinh(x) + cos(x) + log10(x^2))",
    "x -> sum(2^x + abs(x)^x + x^3)",
    "x -> sum(1 / x + x / 3 - 2 / (x + 5))",
    "x -> sum(x[:, new].T @ x)",
    "x -> sum(x[::2]^2) + x[-1] * x[1]",
    "x -> sum(x[[0, 0, 2]]^2)",
    "x -> { a = zeros(4); a[1:4] = x; a[0] = x[0] * x[1]; a[1:3] *= 2; a[0] -= x[2]; a @ a }",
    "x -> { a = zeros(2); a[[0, 1, 0]] += x; a @ a }",
    "x -> { a = zeros(2); a[[0, 1, 0]] = x; a @ a }",
    "x -> { A = zeros(2, 2); A[0, 1] = x[0]; A[1] = x[1:]; A[1][0] += x[0]; sum(A^2) }",
    "x -> sum([x[0], 1; x[1], x[2]] @ [1, 2])",
    "x -> sum([[x[0], 1], [x[1], x[2]]] @ [1, 2])",
    "x -> { a = [1, 2]; a.push(x[0]); a.push(x[1]); a @ a }",
    "x -> { a = []; for v in x { a.push(v^2) }; sum(a) }",
    "x -> { a = x; a.sort(); a @ [1, 2, 3] }",
    "x -> sum(linspace(x[0], x[1], 5)^2)",
    "x -> sum(full(x[0], 3) * x)",
    "x -> { a, b = meshgrid(x, x); sum(a * b^2) }",
    "x -> sum(-x * x)",
    "x -> dot(x, x)",
    "x -> sum(stack(outer(x,x), outer(x,x)) @ x)",
    "x -> sum(tensor([x[0], x[1]])^2)",
    "x -> { fn r(n, a) { if n == 0 { a } else { r(n - 1, a * x[1] + 1) } }; r(5, x[0]) }",
    "x -> { s = x[0]; while s < 5 { s = s * 2 + x[1] }; s }",
    "x -> sum(max(stack(x, x^2), axis=0)) + sum(min(stack(x, x^2), axis=1, keepdims=true))",
    "x -> { a, b, c = x; a * b - c }",
    "x -> { w = [1, 2, 3]; w += x; w *= x; w -= 2; w /= 2; w @ w }",
    "x -> { fn two(v) { (v^2, v^3) }; a, b = two(x); sum(a * b) }",
    "x -> sum(squeeze(x[:, new]) * expand(x, axis=0)[0])",
    "x -> sum(list(x[0], 2, x[1])) + max(list(x[0], 3))",
    "x -> { g = grad(v -> sum(v^3))(x); g @ g }", "x -> sum(jacobian(v -> v^2 * v[0])(x)^2)", "x -> sum(hessian(v -> sum(v^4))(x))",
    "x -> sum(floor(x + 0.1) * x + ceil(x + 0.1) + round(x + 0.1) * x + sign(x) * x)", "x -> sum(x % 0.4 * x + x // 0.4)",
    "x -> sum(round(x + 0.004, 1) * x)", "x -> sum(choice(x, 5)^2)", "x -> sum(shuffle(x) * [1, 2, 3])", "x -> sum(normal(x[0], x[1], 4)^2)",
    "x -> sum(uniform(x[0], x[1], 4)^2)", "x -> { a, b = split([x[0], x[1]], 2); a[0] * b[0] }",
])
func `derivatives agree with differences`(function: String) {
    // The cell's random numbers are the same at every call.
    let code = "f = \(function); fn g(x) { seed(1); f(x) }; c = check_grad(g, [0.5, 1.5, -0.7]); if c.largest < 1e-6 { \"good\" } else { c }"
    #expect(shown(code) == "\"good\"")
}

@Test(arguments: [
    "elu", "gelu", "identity", "leaky_relu", "relu", "selu", "sigmoid", "softmax", "softplus", "softsign", "tanh", "sinc", "mish",
])
func `activations are differentiated`(name: String) {
    let code = "c = check_grad(z -> { n = sequential(input(3), \(name), dtype=\"float64\"); sum(n(z[new, :]) * [1, 2, 3]) }, [0.5, 1.5, -0.7]); if c.largest < 1e-6 { \"good\" } else { c }"
    #expect(shown(code) == "\"good\"")
}

@Test(arguments: [
    "mse([0, 1, 1], z)", "mae([0, 1, 1], z)", "half_mse([0, 1, 1], z)", "huber([0, 1, 1], z)", "huber(delta=2)([0, 1, 1], 3 * z)",
    "crossentropy([0, 1, 0], softmax(z))", "crossentropy([0, 1], softmax(stack(z, z^2)))", "binary_crossentropy([0, 1, 1], sigmoid(z))",
    "hinge([-1, 1, 1], z)", "mse(z^2, z)", "sum(leaky_relu(a=0.3)(z)^2)",
])
func `losses are differentiated`(loss: String) {
    let code = "c = check_grad(z -> \(loss), [0.5, 1.5, -0.7]); if c.largest < 1e-6 { \"good\" } else { c }"
    #expect(shown(code) == "\"good\"")
}
