import Sessions

let cnn = Benchmark(
    name: "cnn",
    summary: "conv32-3x3, relu, pool, conv64-3x3, relu, pool, dense10 on Fashion-MNIST, Adam, batches of 128: an epoch's time, test accuracy of 5"
) {
    let session = Session()
    try run(
        """
        d = load("fashion-mnist")
        X = d.train.X.astype("float32") / 255; Xt = d.test.X.astype("float32") / 255
        net = sequential(
            input(28, 28), conv2d(32, 3, relu), maxpool(2), conv2d(64, 3, relu), maxpool(2), flatten(), dense(10, softmax))
        """, session)
    for epoch in 1...5 {
        let watch = Stopwatch()
        try run("fit(net, X, d.train.y, loss=crossentropy, optimizer=adam(0.001), batch_size=128, verbose=false);", session)
        report("epoch \(epoch)", [watch.seconds])
        try run("print(f\"  test accuracy {evaluate(net, Xt, d.test.y, metrics=[accuracy]).accuracy}\")", session)
    }
}
