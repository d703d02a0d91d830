import CKernels

extension Loss {
    public static let binaryCrossentropy = Loss(
        name: "binary_crossentropy",
        summary: "For outputs that are probabilities of their own (sigmoid), targets from 0 to 1. After a sigmoid it is computed without rounding a probability to 0 or 1; of numbers alone with ŷ kept 1e-7 away from both.",
        formula: "-1/(m k) Σ (y log ŷ + (1 - y) log(1 - ŷ))",
        code: Int32(NNB_LOSS_BINARY_CROSSENTROPY), isMeanOverOutputs: true, factor: 1)
}
