extension Metric {
    public static let accuracy = Metric(
        name: "accuracy",
        summary: "The part of samples whose class is right: by the largest of several outputs, by 0.5 of one in [0, 1], by the sign of one in [-1, 1]. Refused on a regression.",
        formula: "right / m",
        kind: .accuracy)
}
