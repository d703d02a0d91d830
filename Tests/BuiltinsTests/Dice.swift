import Builtins
import Language

/// A sequence of numbers that never changes (SplitMix64).
struct Dice {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}

/// A call of a builtin with anything: values by their place, and others under names that it has.
struct RandomCall {
    let name: String
    var arguments: [String]

    var code: String { "\(name)(\(arguments.joined(separator: ", ")))" }

    private static let keywords = Dictionary(
        Catalogue.builtins.map { ($0.name, $0.parameters.map(\.name)) }, uniquingKeysWith: { first, _ in first })

    /// - most: how many arguments stand there by their place at the most.
    init(of names: [String], with values: [String], most: Int, _ random: inout Dice) {
        name = names[random.below(names.count)]
        arguments = (0..<random.below(most + 1)).map { _ in values[random.below(values.count)] }
        let keywords = RandomCall.keywords[name] ?? []
        for _ in 0..<random.below(3) where !keywords.isEmpty {
            arguments.append("\(keywords[random.below(keywords.count)])=\(values[random.below(values.count)])")
        }
    }
}
