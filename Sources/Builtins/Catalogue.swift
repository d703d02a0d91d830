import Language

/// The prelude: the families of its functions, one a line in alphabetical order. A family's file is the only other
/// place that a new function touches.
public enum Catalogue {
    /// What `load` knows, in the order of the alphabet.
    public static let dataSets = DataSetCatalogue.records.map(\.name).sorted()

    public static let builtins: [Builtin] = [
        ActivationFunctions.builtins,
        AlgebraFunctions.builtins,
        AttentionFunctions.builtins,
        CallbackFunctions.builtins,
        ChartBuiltins.builtins,
        CollectionFunctions.builtins,
        CompositionFunctions.builtins,
        ConvolutionFunctions.builtins,
        CoreFunctions.builtins,
        ElementFunctions.builtins,
        ExtremesFunctions.builtins,
        GradientFunctions.builtins,
        HelpFunctions.builtins,
        LayerFunctions.builtins,
        LossFunctions.builtins,
        MakingFunctions.builtins,
        ModelFunctions.builtins,
        NormalizationFunctions.builtins,
        OptimizerFunctions.builtins,
        OrderingFunctions.builtins,
        PenaltyFunctions.builtins,
        PreparingBuiltins.builtins,
        RandomFunctions.builtins,
        RecurrentFunctions.builtins,
        Reductions.builtins,
        Replicate.builtins,
        SavingFunctions.builtins,
        ScheduleFunctions.builtins,
        SequenceFunctions.builtins,
        SetBuiltins.builtins,
        ShapingFunctions.builtins,
        Splitting.builtins,
        StepFunction.builtins,
        TableBuiltins.builtins,
        TextFunctions.builtins,
        TrainingFunctions.builtins,
    ].flatMap { $0 }
}
