import Language

/// What the user has named, as `:vars` lists it.
public struct Variable: Sendable {
    public var name: String
    /// `tensor`, `number`, the name of a class.
    public var type: String
    /// The shape of a tensor, otherwise the value on one line, shortened.
    public var summary: String
}

extension Session {
    /// In the order in which they were made.
    public var variables: [Variable] {
        interpreter.globals.map { name, value in
            Variable(name: name, type: value.typeName, summary: summary(of: value))
        }
    }

    private func summary(of value: Value) -> String {
        if let tensor = value.tensor, tensor.count > 8 {
            return "(" + tensor.shape.map(String.init).joined(separator: ", ") + ") \(tensor.dtype.name)"
        }
        let text = interpreter.text(value, .result(columns: 60))
        let line = text.prefix { !$0.isNewline }
        return line.utf8.count < text.utf8.count || line.count > 60 ? line.prefix(57) + "..." : String(line)
    }
}
