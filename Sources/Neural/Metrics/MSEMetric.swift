extension Metric {
    public static let mse = Metric(
        name: "mse",
        summary: "The mean squared error over samples and outputs.",
        formula: "1/(m k) Σ (ŷ - y)^2",
        kind: .mse)
}
