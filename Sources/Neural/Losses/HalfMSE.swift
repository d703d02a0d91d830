import CKernels

extension Loss {
    public static let halfMSE = Loss(
        name: "half_mse",
        summary: "Half the squared distance, averaged over the samples: its gradient by an output is (ŷ - y) / m.",
        formula: "1/m Σ_samples ½ ‖ŷ - y‖^2",
        code: Int32(NNB_LOSS_SQUARED), isMeanOverOutputs: false, factor: 0.5)
}
