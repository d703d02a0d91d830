extension Metric {
    public static let mae = Metric(
        name: "mae",
        summary: "The mean absolute error over samples and outputs.",
        formula: "1/(m k) Σ |ŷ - y|",
        kind: .mae)
}
