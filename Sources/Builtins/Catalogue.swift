import Language

/// The prelude: the families of its functions, one a line in alphabetical order. A family's file is the only other
/// place that a new function touches.
public enum Catalogue {
    public static let builtins: [Builtin] = [
        AlgebraFunctions.builtins,
        ElementFunctions.builtins,
        ExtremesFunctions.builtins,
        MakingFunctions.builtins,
        OrderingFunctions.builtins,
        RandomFunctions.builtins,
        Reductions.builtins,
        ShapingFunctions.builtins,
        Splitting.builtins,
    ].flatMap { $0 }
}
