/// The tree in one line of nested parentheses, the operator first: `(+ a (* b c))`. For tests.
extension Syntax.Program {
    package var outline: String { body.map(\.outline).joined(separator: "\n") }
}

extension Syntax.Statement {
    var outline: String {
        let text: String
        switch form {
        case .expression(let value): text = value.outline
        case .assignment(let assignment):
            text = group(["="] + assignment.targets.map(\.outline) + [assignment.value.outline])
        case .update(let update):
            text = group(["\(update.operation.rawValue)=", update.target.outline, update.value.outline])
        case .function(let function): text = function.outline
        case .class(let definition):
            text = group(
                ["class", definition.name.text] + documented(definition.documentation) + definition.methods.map(\.outline))
        case .while(let loop): text = group(["while", loop.condition.outline, loop.body.outline])
        case .for(let loop):
            text = group(["for", loop.target.outline, loop.sequence.outline, loop.body.outline])
        case .return(let value): text = group(["return"] + (value.map { [$0.outline] } ?? []))
        case .break: text = "(break)"
        case .continue: text = "(continue)"
        case .assert(let condition, let message):
            text = group(["assert", condition.outline] + (message.map { [$0.outline] } ?? []))
        case .import(let name): text = group(["import", name.text])
        case .importNames(let module, let names): text = group(["from", module.text] + names.map(\.text))
        case .invalid: text = "(invalid)"
        }
        return isSilent ? text + ";" : text
    }
}

private func group(_ parts: [String]) -> String { "(" + parts.joined(separator: " ") + ")" }
private func documented(_ text: String?) -> [String] { text.map { ["##\(quoted($0))"] } ?? [] }

private func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\n" ? "\\n" : $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
}

extension Syntax.Block {
    var outline: String { "{" + statements.map(\.outline).joined(separator: "; ") + "}" }
}

extension Syntax.Function {
    var outline: String {
        let list = parameters.map { parameter in
            parameter.defaultValue.map { "\(parameter.name.text)=\($0.outline)" } ?? parameter.name.text
        }
        let head = style == .lambda ? ["->"] : [style == .full ? "fn" : "fn=", name?.text ?? "?"]
        return group(head + ["[" + list.joined(separator: " ") + "]"] + documented(documentation) + [body.outline])
    }
}

extension Syntax.Target {
    var outline: String {
        switch form {
        case .name(let name): name
        case .field(let field): field.outline
        case .index(let index): index.outline
        case .tuple(let targets): group(["tuple"] + targets.map(\.outline))
        }
    }
}

extension Syntax.Field {
    var outline: String { group([".", object.outline, name.text]) }
}

extension Syntax.Index {
    var outline: String { group(["index", object.outline] + items.map(\.outline)) }
}

extension Syntax.Index.Item {
    var outline: String {
        switch self {
        case .expression(let value): value.outline
        case .slice(let slice):
            [slice.start, slice.stop, slice.step].map { $0?.outline ?? "_" }.joined(separator: ":")
        case .ellipsis: "..."
        case .newAxis: "new"
        }
    }
}

extension Syntax.Piece {
    var outline: String {
        switch self {
        case .text(let text): quoted(text)
        case .value(let value, let format, let isRepr):
            group(["show", value.outline] + (format == nil ? [] : ["format"]) + (isRepr ? ["repr"] : []))
        }
    }
}

extension Syntax.Expression {
    var outline: String {
        switch form {
        case .number(let value):
            value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
        case .bool(let value): String(value)
        case .none: "none"
        case .string(let text): quoted(text)
        case .interpolation(let pieces): group(["f"] + pieces.map(\.outline))
        case .name(let name): name
        case .instance: "self"
        case .tuple(let elements): group(["tuple"] + elements.map(\.outline))
        case .bracket(let bracket):
            "[" + bracket.rows.map { $0.map(\.outline).joined(separator: " ") }.joined(separator: "; ")
                + (bracket.hasRows && bracket.rows.count == 1 ? ";]" : "]")
        case .comprehension(let comprehension):
            group(["each", comprehension.element.outline] + comprehension.clauses.map(\.outline))
        case .map(let entries): group(["map"] + entries.map { "\($0.key.outline):\($0.value.outline)" })
        case .lambda(let function): function.outline
        case .call(let call):
            group(
                ["call", call.callee.outline]
                    + call.arguments.map { argument in
                        argument.name.map { "\($0.text)=\(argument.value.outline)" } ?? argument.value.outline
                    })
        case .index(let index): index.outline
        case .field(let field): field.outline
        case .unary(let operation, let operand): group([operation.sign, operand.outline])
        case .binary(let binary):
            group([binary.operation.rawValue, binary.left.outline, binary.right.outline])
        case .comparison(let comparison):
            group(
                ["compare", comparison.first.outline]
                    + comparison.links.flatMap { [$0.operation.rawValue, $0.operand.outline] })
        case .and(let left, let right): group(["and", left.outline, right.outline])
        case .or(let left, let right): group(["or", left.outline, right.outline])
        case .pipe(let pipe): group(["|>", pipe.left.outline, pipe.right.outline])
        case .conditional(let conditional):
            group(
                conditional.branches.flatMap { ["if", $0.condition.outline, $0.body.outline] }
                    + (conditional.otherwise.map { ["else", $0.outline] } ?? []))
        case .attempt(let attempt):
            group(["try", attempt.body.outline, "catch", attempt.name?.text ?? "_", attempt.handler.outline])
        case .invalid: "(invalid)"
        }
    }
}

extension Syntax.Comprehension.Clause {
    var outline: String {
        switch self {
        case .loop(let target, let sequence): group(["for", target.outline, sequence.outline])
        case .condition(let condition): group(["if", condition.outline])
        }
    }
}

extension Syntax.UnaryOperator {
    var sign: String {
        switch self {
        case .negate: "-"
        case .not: "not"
        case .root: "√"
        case .gradient: "∇"
        case .transpose: "ᵀ"
        }
    }
}
