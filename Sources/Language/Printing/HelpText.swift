import Diagnostics

/// What `help` tells of a record of the prelude; the reference page is made of the same.
public enum HelpText {
    /// How the function is called: `sum(x, axis=none, keepdims=false)`.
    public static func signature(_ record: Builtin) -> String {
        let parameters = record.parameters.map { parameter in
            if parameter.passing == .variadic { return parameter.name + "..." }
            switch parameter.default {
            case .required: return parameter.name
            case .absent: return parameter.name + "=?"
            default: return parameter.name + "=" + value(parameter.default)
            }
        }
        return "\(record.name)(\(parameters.joined(separator: ", ")))"
    }

    /// - columns: how wide a line may be; examples are not broken.
    public static func text(_ record: Builtin, columns: Int = .max) -> String {
        var lines = wrapped("", signature(record), columns, hanging: 4) + wrapped("    ", record.summary, columns)
        let facts = [("formula", record.formula), ("shapes", record.shapes)].filter { !$0.1.isEmpty }
        if !facts.isEmpty { lines.append("") }
        for (name, content) in facts {
            // Further lines stand under the first.
            for (number, line) in content.split(separator: "\n").enumerated() {
                let head = number == 0 ? name : String(repeating: " ", count: name.count)
                lines += wrapped("    \(head)  ", String(line), columns)
            }
        }
        if !record.parameters.isEmpty {
            lines.append("")
            let names = record.parameters.map(\.name)
            let types = record.parameters.map { parameter in
                switch parameter.default {
                case .required: parameter.type
                case .absent: parameter.type + ", may be left out"
                default: parameter.type + ", default " + value(parameter.default)
                }
            }
            let width = names.map { DisplayWidth.of($0) }.max() ?? 0
            for (index, parameter) in record.parameters.enumerated() {
                let name = padded(names[index], width)
                let summary = parameter.summary.isEmpty ? "" : ": " + parameter.summary
                lines += wrapped("    \(name)  ", types[index] + summary, columns)
            }
        }
        for (name, content) in [("example", record.example), ("source", record.source)] where !content.isEmpty {
            lines += ["", "    \(name)"] + content.split(separator: "\n").map { "        " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A heading and names under it.
    public static func list(_ title: String, _ names: [String], columns: Int) -> String {
        ([title] + wrapped("    ", names.joined(separator: " "), columns)).joined(separator: "\n") + "\n"
    }

    /// Of a function or class of the language: how it is called and its `##` lines.
    public static func text(signature: String, documentation: String?) -> String {
        let lines = (documentation ?? "it has no description: lines that begin with ## above it would be one")
            .split(separator: "\n", omittingEmptySubsequences: false)
        return signature + "\n" + lines.map { "    " + $0 + "\n" }.joined()
    }

    /// A line broken between words; what follows the first stands under its text.
    private static func wrapped(_ head: String, _ text: String, _ columns: Int, hanging: Int? = nil) -> [String] {
        let indent = hanging ?? DisplayWidth.of(head)
        var lines: [String] = []
        var line = head
        var isEmpty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > columns {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += isEmpty ? String(word) : " " + word
            isEmpty = false
        }
        return lines + [line]
    }

    private static func value(_ default: Builtin.Parameter.Default) -> String {
        switch `default` {
        case .required, .absent: ""
        case .none: "none"
        case .number(let number): Numerals.printed(number)
        case .bool(let truth): String(truth)
        case .string(let text): ValueText.quoted(text)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    }
}
