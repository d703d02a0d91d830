import Foundation
import Sessions

let sdss = Benchmark(
    name: "sdss", summary: "galaxy, quasar or star (SDSS DR14, 10,000 objects) from five magnitudes and the redshift, 6-64-64-3: test accuracy of 5 seeds"
) {
    let folder = ProcessInfo.processInfo.environment["NNB_DATA"] ?? "."
    guard let file = ["", "macs2021/"].map({ "\(folder)/\($0)sdss-dr14.csv" }).first(where: FileManager.default.fileExists) else {
        print("  sdss-dr14.csv is neither in $NNB_DATA nor in its macs2021")
        return
    }
    try run(
        """
        t = read_csv("\(file)")
        X = tensor(t[["u", "g", "r", "i", "z", "redshift"]])
        fn score(n) {
            seed(n)
            Xtrain, Xtest, ytrain, ytest = train_test_split(X, t["class"], test=0.2)      # stratified
            Xtrain, Xtest = standardize(Xtrain, Xtest)
            net = sequential(input(6), dense(64, relu), dense(64, relu), dense(3, softmax))
            fit(net, Xtrain, one_hot(ytrain), loss=crossentropy, optimizer=adam(0.003), epochs=60, batch_size=64, verbose=false)
            evaluate(net, Xtest, one_hot(ytest), metrics=[accuracy]).accuracy
        }
        scores = sorted([score(n) for n in range(5)])
        print(f"  test accuracy {scores}, median {scores[2]}")
        """, Session())
}
