import CKernels

extension Loss {
    public static let mae = Loss(
        name: "mae",
        summary: "The mean absolute error, over samples and outputs. Its derivative where ŷ = y is taken as 0.",
        formula: "1/(m k) Σ |ŷ - y|",
        code: Int32(NNB_LOSS_ABSOLUTE), isMeanOverOutputs: true, factor: 1)
}
