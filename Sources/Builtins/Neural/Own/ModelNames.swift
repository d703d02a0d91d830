import Language

/// What messages call the parts of a model: as `summary` does, now that all layers have been called.
struct ModelNames {
    private let trained: ModelParameters
    private let known: ModelParameters?

    init(_ model: OwnModel, _ trained: ModelParameters, _ interpreter: Interpreter) {
        self.trained = trained
        known = try? model.parameters(interpreter)
    }

    func name(of entry: ModelParameters.Entry) -> String {
        guard let (object, number) = trained.owner(of: entry), let entries = known?.entries(of: object),
            entries.indices.contains(number)
        else { return entry.name }
        return entries[number].name
    }

    /// `dense 3 (l1)`
    func name(of step: ModelPass.Step) -> String {
        guard let object = step.object, let path = known?.path(of: object) ?? trained.path(of: object), !path.isEmpty else { return step.title }
        return "\(step.title) (\(path)\(step.layer.map { "[\($0)]" } ?? ""))"
    }
}
