import Sessions

let cnn = Benchmark(
    name: "cnn",
    summary: "conv32-3x3, relu, pool, conv64-3x3, relu, pool, dense10 on Fashion-MNIST, Adam with a cosine decay, batches of 128: an epoch's time, test accuracy of 5"
) {
    let session = Session()
    try run(
        """
        d = load("fashion-mnist")
        X = d.train.X.astype("float32") / 255; Xt = d.test.X.astype("float32") / 255
        net = sequential(
            input(28, 28), conv2d(32, 3, relu), maxpool(2), conv2d(64, 3, relu), maxpool(2), flatten(), dense(10, softmax))
        """, session)
    let watch = Stopwatch()
    try run(
        """
        h = fit(net, X, d.train.y, loss=crossentropy, optimizer=adam(cosine_decay(0.003, steps=5 * 469)), epochs=5,
                batch_size=128, validation=(Xt, d.test.y), metrics=[accuracy], verbose=false)
        print(f"  test accuracy after each epoch {h.val_accuracy}")
        """, session)
    report("an epoch with its validation, the mean of 5", [watch.seconds / 5])
}
