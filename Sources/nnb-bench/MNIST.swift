import Sessions

let mnist = Benchmark(
    name: "mnist", summary: "784-128-10 (tanh, sigmoid), MSE, Adam, 15 epochs by batches of 32: test accuracy of 5 seeds"
) {
    let session = Session()
    try run(
        """
        try { d = load("mnist") } catch e { print(e.message); d = load("fashion-mnist") }
        X = d.train.X.reshape(-1, 784).astype("float32") / 255; Y = one_hot(d.train.y, 10)
        Xt = d.test.X.reshape(-1, 784).astype("float32") / 255
        fn score(n) {
            seed(n)
            net = sequential(input(784), dense(128, tanh), dense(10, sigmoid))
            fit(net, X, Y, loss=mse, optimizer=adam(0.001), epochs=15, batch_size=32, verbose=false)
            mean(argmax(predict(net, Xt), axis=1) == d.test.y)
        }
        scores = sorted([score(n) for n in range(5)])
        print(f"  {d.about.split(":")[0]}: test accuracy {scores}, median {scores[2]}")
        """, session)
}
