import CKernels

extension Loss {
    public static let mse = Loss(
        name: "mse",
        summary: "The mean squared error, over samples and outputs, as Keras and PyTorch have it.",
        formula: "1/(m k) Σ (ŷ - y)^2",
        code: Int32(NNB_LOSS_SQUARED), isMeanOverOutputs: true, factor: 1)
}
