extension Metric {
    public static let accuracy = Metric(
        name: "accuracy",
        summary: "The part of samples whose class is right: by the largest of several outputs, by 0.5 of one in [0, 1], by the sign of one in [-1, 1]. Where rows of the targets hold several classes or none, the part of these labels that is right, each by 0.5 or its sign. Refused on a regression.",
        formula: "right / m",
        kind: .accuracy)
}
