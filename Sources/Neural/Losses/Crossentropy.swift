import CKernels

extension Loss {
    public static let crossentropy = Loss(
        name: "crossentropy",
        summary: "For outputs that are probabilities of classes (softmax), targets one-hot or classes counted from 0. After a softmax it is computed from the logarithm of the sum of exponentials; of numbers alone with ŷ kept 1e-7 away from 0.",
        formula: "-1/m Σ_samples Σ_k y_k log ŷ_k",
        code: Int32(NNB_LOSS_CROSSENTROPY), isMeanOverOutputs: false, factor: 1)
}
