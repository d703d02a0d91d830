import Builtins
import Language

/// What the functions of the prelude can do to what they are given, told from the types in their records.
package enum Effects {
    /// Words for what has parts that a function can change, and for what it may call.
    private static let changeable = ["function", "network", "object", "optimizer", "loss", "activation", "layer", "scaler"]
    /// Words for what may hold an object and comes back.
    private static let passing = ["anything", "sequence", "map", "element", "pair"]

    package static let byName: [String: Dependencies.Effects] = Dictionary(
        Catalogue.builtins.map { record in
            (record.name, Dependencies.Effects(record.parameters.map { ($0.name, effect(on: $0)) }))
        }, uniquingKeysWith: { first, _ in first })

    private static func effect(on parameter: Builtin.Parameter) -> Dependencies.Effect {
        func names(_ words: [String]) -> Bool { words.contains { parameter.type.contains($0) } }
        return names(changeable) ? .changes : names(passing) ? .passes : .computes
    }
}
