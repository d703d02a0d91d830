extension Metric {
    public static let r2 = Metric(
        name: "r2",
        summary: "The part of the targets' variance that the outputs explain; of several outputs the mean of theirs.",
        formula: "1 - Σ (ŷ - y)^2 / Σ (y - mean(y))^2",
        kind: .r2)
}
