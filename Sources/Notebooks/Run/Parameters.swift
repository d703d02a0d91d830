import Diagnostics
import Language
import Sessions

/// `--param rate=0.1`: other values for what the cells tagged `parameters` assign.
public struct Parameters: Sendable {
    private var values: [(name: String, given: String, isLiteral: Bool)] = []

    public init() {}

    /// Takes `name=value`. A value that is written like a literal of the language (a number, `true`, a text in quotes, a
    /// bracket) is that; any other is a text.
    public mutating func add(_ assignment: String) throws(Failure) {
        guard let sign = assignment.firstIndex(of: "="), sign != assignment.startIndex else {
            throw Failure(.argument, "--param \(assignment) is no assignment", help: "write it as --param name=value")
        }
        let name = String(assignment[..<sign])
        let text = String(assignment[assignment.index(after: sign)...])
        values.append((name, text, Parameters.isLiteral(text)))
    }

    /// The notebook with the values of these assignments exchanged.
    public func applied(to notebook: Notebook) throws(Failure) -> Notebook {
        guard !values.isEmpty else { return notebook }
        var notebook = notebook
        var names: [String] = []
        var found: Set<String> = []
        for index in notebook.cells.indices where notebook.cells[index].tags.contains("parameters") {
            let source = Source(name: "parameters", text: notebook.cells[index].source)
            var bytes = source.bytes
            for (name, given) in Parameters.assignments(in: source).reversed() {
                names.append(name)
                guard let value = values.last(where: { $0.name == name }) else { continue }
                found.insert(name)
                if !value.isLiteral, Parameters.isLiteral(given), !Parameters.isText(given) {
                    throw Failure(
                        .argument, "--param \(name)=\(value.given): `\(name)` is \(source.text(given.span)) in the notebook, and this is no value but a text",
                        help: "a text is meant where it is given in quotes: --param '\(name)=\(ValueText.quoted(value.given))'")
                }
                bytes.replaceSubrange(Int(given.span.start)..<Int(given.span.end), with: Array((value.isLiteral ? value.given : ValueText.quoted(value.given)).utf8))
            }
            notebook.cells[index].source = String(decoding: bytes, as: UTF8.self)
        }
        for (name, _, _) in values where !found.contains(name) {
            let nearest = Nearest.match(name, in: names).map { "did you mean `\($0)`?" }
            throw Failure(
                .argument, "no cell tagged `parameters` assigns `\(name)`",
                help: nearest ?? (names.isEmpty ? "give the cell tags=[\"parameters\"]" : "it assigns \(Set(names).sorted().joined(separator: ", "))"))
        }
        return notebook
    }

    /// Names that the text assigns at its top level, each with its value.
    private static func assignments(in source: Source) -> [(String, Syntax.Expression)] {
        Parser.parse(source).program.body.compactMap { statement in
            guard case .assignment(let assignment) = statement.form, assignment.targets.count == 1,
                case .name(let name) = assignment.targets[0].form
            else { return nil }
            return (name, assignment.value)
        }
    }

    private static func isLiteral(_ text: String) -> Bool {
        let (program, diagnostics) = Parser.parse(Source(name: "--param", text: text))
        guard diagnostics.isEmpty, program.body.count == 1, case .expression(let expression) = program.body[0].form else {
            return false
        }
        return isLiteral(expression)
    }

    private static func isText(_ expression: Syntax.Expression) -> Bool {
        switch expression.form {
        case .string, .none: true
        default: false
        }
    }

    private static func isLiteral(_ expression: Syntax.Expression) -> Bool {
        switch expression.form {
        case .number, .bool, .none, .string: true
        case .unary(.negate, let operand): isLiteral(operand)
        case .tuple(let elements): elements.allSatisfy { isLiteral($0) }
        case .bracket(let bracket): bracket.rows.allSatisfy { row in row.allSatisfy { isLiteral($0) } }
        case .map(let entries): entries.allSatisfy { isLiteral($0.key) && isLiteral($0.value) }
        default: false
        }
    }
}
