import Diagnostics
import Tensors

extension Compiler {
    /// The register in which the value can be read: that of a local name, or a new temporary.
    func operand(_ expression: Syntax.Expression) -> Int {
        if case .name(let name) = expression.form, let register = readable(name, expression.span) { return register }
        if case .instance = expression.form, let register = readable("self", expression.span) { return register }
        let register = builder.temporary()
        compile(expression, into: register)
        return register
    }

    /// Two operands in order: the first is copied where the second may change its name.
    func operands(_ left: Syntax.Expression, _ right: Syntax.Expression) -> (Int, Int) {
        var first = operand(left)
        if !builder.isTemporary(first), AssignedNames.mayAssign(right) {
            let copy = builder.temporary()
            builder.emit(.copy, copy, first, at: left.span)
            first = copy
        }
        return (first, operand(right))
    }

    /// Computes the value into a register: a local, or the temporary that was taken last.
    func compile(_ expression: Syntax.Expression, into destination: Int) {
        let span = expression.span
        let mark = builder.mark
        defer { builder.free(to: mark) }
        switch expression.form {
        case .number(let number): builder.emit(.load, destination, builder.constant(number), at: span)
        case .bool(let truth):
            builder.emit(.load, destination, builder.constant(truth ? Value.true : Value.false), at: span)
        case .none, .invalid: builder.emit(.load, destination, builder.constant(Value.none), at: span)
        case .string(let text): builder.emit(.load, destination, builder.constant(text), at: span)
        case .interpolation(let pieces): interpolation(pieces, into: destination, span)
        case .name(let name): read(name, into: destination, span)
        case .instance: read("self", into: destination, span)
        case .tuple(let items):
            let first = many(items)
            builder.emit(.tuple, destination, first, items.count, at: span)
        case .bracket(let bracket): self.bracket(bracket, into: destination, span)
        case .comprehension(let comprehension): self.comprehension(comprehension, into: destination, span)
        case .map(let entries):
            let first = many(entries.flatMap { [$0.key, $0.value] })
            builder.emit(.map, destination, first, entries.count, at: span, operands: entries.map { $0.key.span })
        case .lambda(let function): lambda(function, into: destination)
        case .call(let call): self.call(call, into: destination, span)
        case .index(let index): self.index(index, into: destination, span)
        case .field(let field):
            let object = operand(field.object)
            builder.emit(
                .field, destination, object, symbol(field.name.text), at: field.name.span, operands: [field.object.span])
        case .unary(let operation, let operand): unary(operation, operand, into: destination, span)
        case .binary(let binary): self.binary(binary, into: destination, span)
        case .comparison(let comparison): self.comparison(comparison, into: destination, span)
        case .and, .or:
            let others = branch(expression, when: false)
            builder.emit(.load, destination, builder.constant(Value.true), at: span)
            let end = builder.emit(.jump, at: span)
            builder.patchHere(others)
            builder.emit(.load, destination, builder.constant(Value.false), at: span)
            builder.patchHere([end])
        case .pipe(let pipe):
            let base = base(destination)
            // The left side is evaluated first, and the machine wants it second.
            let argument = builder.temporary()
            compile(pipe.left, into: argument)
            compile(pipe.right, into: base)
            builder.emit(.pipe, base, at: pipe.operatorSpan, operands: [pipe.left.span, pipe.right.span])
            if base != destination { builder.emit(.take, destination, base, at: span) }
        case .conditional(let conditional): self.conditional(conditional, into: .register(destination), span)
        case .attempt(let attempt): self.attempt(attempt, into: .register(destination), span)
        }
    }

    /// Values in a row of temporaries; gives the first.
    func many(_ items: [Syntax.Expression]) -> Int {
        var first = Builder.firstTemporary
        for (index, item) in items.enumerated() {
            let register = builder.temporary()
            if index == 0 { first = register }
            compile(item, into: register)
        }
        return first
    }

    /// The register of a call: the destination itself where the arguments can follow it.
    func base(_ destination: Int) -> Int {
        builder.isTemporary(destination) && builder.isTop(destination) ? destination : builder.temporary()
    }

    // MARK: operators

    /// The number that an expression is written as, with its sign.
    static func literal(_ expression: Syntax.Expression) -> Double? {
        switch expression.form {
        case .number(let number): number
        case .unary(.negate, let operand): literal(operand).map { -$0 }
        default: nil
        }
    }

    private func unary(
        _ operation: Syntax.UnaryOperator, _ expression: Syntax.Expression, into destination: Int, _ span: Span
    ) {
        switch operation {
        case .negate:
            if let number = Compiler.literal(expression) {
                builder.emit(.load, destination, builder.constant(-number), at: span)
                return
            }
            builder.emit(.negate, destination, operand(expression), at: span, operands: [expression.span])
        case .not:
            builder.emit(.not, destination, operand(expression), at: span, operands: [expression.span])
        case .transpose:
            builder.emit(
                .field, destination, operand(expression), symbol("T"), at: span, operands: [expression.span])
        case .root, .gradient:
            let base = base(destination)
            let name = operation == .root ? "sqrt" : "grad"
            builder.emit(.load, base, builder.constant((interpreter.prelude[name] ?? .none).retained), at: span)
            compile(expression, into: builder.temporary())
            builder.emit(.call, base, 1, at: span, operands: [span, expression.span])
            if base != destination { builder.emit(.take, destination, base, at: span) }
        }
    }

    /// The instructions of an operator: of two registers, with a constant number on the right, on the left.
    static func instructions(_ operation: Syntax.BinaryOperator) -> (op: Op, right: Op?, left: Op?) {
        switch operation {
        case .add: (.add, .addK, nil)
        case .subtract: (.subtract, .subtractK, .subtractFromK)
        case .multiply: (.multiply, .multiplyK, nil)
        case .divide: (.divide, .divideK, .divideIntoK)
        case .floorDivide: (.floorDivide, .floorDivideK, nil)
        case .remainder: (.remainder, .remainderK, nil)
        case .power: (.power, .powerK, nil)
        case .matrixMultiply: (.matrixMultiply, nil, nil)
        case .and: (.both, nil, nil)
        case .or: (.either, nil, nil)
        case .contains: (.contains, nil, nil)
        case .lacks: (.lacks, nil, nil)
        }
    }

    private func binary(_ binary: Syntax.Binary, into destination: Int, _ span: Span) {
        let (op, right, left) = Compiler.instructions(binary.operation)
        let spans = [binary.left.span, binary.right.span]
        if let right, let number = Compiler.literal(binary.right) {
            let register = operand(binary.left)
            builder.emit(right, destination, register, builder.constant(number), at: span, operands: spans)
        } else if let left, let number = Compiler.literal(binary.left) {
            let register = operand(binary.right)
            builder.emit(left, destination, builder.constant(number), register, at: span, operands: spans)
        } else {
            let (a, b) = operands(binary.left, binary.right)
            builder.emit(op, destination, a, b, at: span, operands: spans)
        }
    }

    private func comparison(_ comparison: Syntax.Comparison, into destination: Int, _ span: Span) {
        guard comparison.links.count > 1 else {
            guard let link = comparison.links.first else { return }
            let (a, b) = operands(comparison.first, link.operand)
            builder.emit(
                Compiler.comparison(link.operation), destination, a, b, at: span,
                operands: [comparison.first.span, link.operand.span])
            return
        }
        let others = branch(Syntax.Expression(form: .comparison(comparison), span: span), when: false)
        builder.emit(.load, destination, builder.constant(Value.true), at: span)
        let end = builder.emit(.jump, at: span)
        builder.patchHere(others)
        builder.emit(.load, destination, builder.constant(Value.false), at: span)
        builder.patchHere([end])
    }

    private static func comparison(_ operation: Syntax.ComparisonOperator) -> Op {
        switch operation {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        }
    }

    // MARK: literals

    private func interpolation(_ pieces: [Syntax.Piece], into destination: Int, _ span: Span) {
        var first: Int?
        for piece in pieces {
            let register = builder.temporary()
            if first == nil { first = register }
            switch piece {
            case .text(let text): builder.emit(.load, register, builder.constant(text), at: span)
            case .value(let expression, let format, let isRepr):
                compile(expression, into: register)
                var number = 0
                if let format {
                    builder.info.formats.append(format)
                    number = builder.info.formats.count
                }
                builder.emit(
                    .text, register, register, number, x: isRepr ? 1 : 0, at: expression.span,
                    operands: [expression.span])
            }
        }
        if let first {
            builder.emit(.join, destination, first, pieces.count, at: span)
        } else {
            builder.emit(.load, destination, builder.constant(""), at: span)
        }
    }

    private static func isLiteral(_ expression: Syntax.Expression) -> Bool {
        switch expression.form {
        case .bracket, .comprehension: true
        default: false
        }
    }

    private func bracket(_ bracket: Syntax.Bracket, into destination: Int, _ span: Span) {
        if let constant = constant(bracket) {
            builder.emit(.load, destination, builder.constant(constant), at: span)
            return
        }
        let items = bracket.rows.flatMap { $0 }
        if bracket.hasRows {
            for (number, row) in bracket.rows.enumerated() where row.count != bracket.rows[0].count {
                report(
                    .shape, "row \(number) has \(row.count) elements, row 0 has \(bracket.rows[0].count)",
                    row.first.map { first in first.span.joined(row.last?.span ?? first.span) } ?? span)
                return
            }
        }
        var mode = BracketMode.values
        var mask = 0
        let literals = items.map(Compiler.isLiteral)
        if bracket.hasRows {
            mode = BracketMode.rows
        } else if !literals.isEmpty, literals.allSatisfy({ $0 }) {
            mode = BracketMode.literals
        } else if literals.contains(true) {
            mode = BracketMode.mixed
            mask = builder.constant(String(literals.map { $0 ? "l" : "v" }))
        }
        let first = many(items)
        builder.emit(.bracket, destination, first, items.count, at: span, operands: items.prefix(64).map(\.span))
        builder.emit(.extra, mask, bracket.hasRows ? bracket.rows.count : 0, x: mode, at: span)
    }

    /// The tensor of a literal that holds nothing but numbers, or nothing but rows of them.
    private func constant(_ bracket: Syntax.Bracket) -> Value? {
        guard let rows = Compiler.numbers(bracket), let first = rows.first, !first.isEmpty,
            rows.allSatisfy({ $0.count == first.count })
        else { return nil }
        let isMatrix = bracket.hasRows || rows.count > 1 || Compiler.isNested(bracket)
        let shape = isMatrix ? [rows.count, first.count] : [first.count]
        guard let tensor = try? Tensor(rows.flatMap { $0 }, shape: shape) else { return nil }
        return Value(tensor: tensor)
    }

    private static func isNested(_ bracket: Syntax.Bracket) -> Bool {
        if case .bracket? = bracket.rows.first?.first?.form { return true }
        return false
    }

    private static func numbers(_ bracket: Syntax.Bracket) -> [[Double]]? {
        func row(_ items: [Syntax.Expression]) -> [Double]? {
            var result: [Double] = []
            for item in items {
                guard let number = literal(item) else { return nil }
                result.append(number)
            }
            return result
        }
        if bracket.hasRows {
            let rows = bracket.rows.compactMap(row)
            return rows.count == bracket.rows.count ? rows : nil
        }
        guard bracket.rows.count == 1 else { return nil }
        if let flat = row(bracket.rows[0]) { return [flat] }
        var rows: [[Double]] = []
        for item in bracket.rows[0] {
            guard case .bracket(let inner) = item.form, !inner.hasRows, inner.rows.count == 1,
                let numbers = row(inner.rows[0])
            else { return nil }
            rows.append(numbers)
        }
        return rows
    }

    private func comprehension(_ comprehension: Syntax.Comprehension, into destination: Int, _ span: Span) {
        let list = builder.hidden()
        builder.emit(.collect, list, at: span)
        clause(0, of: comprehension, list, span)
        builder.emit(
            .collected, destination, list, x: Compiler.isLiteral(comprehension.element) ? 1 : 0, at: span,
            operands: [comprehension.element.span])
        builder.release(hidden: list)
    }

    private func clause(_ number: Int, of comprehension: Syntax.Comprehension, _ list: Int, _ span: Span) {
        guard number < comprehension.clauses.count else {
            let mark = builder.mark
            let element = builder.temporary()
            compile(comprehension.element, into: element)
            builder.emit(.append, list, element, at: comprehension.element.span)
            builder.free(to: mark)
            return
        }
        switch comprehension.clauses[number] {
        case .condition(let condition):
            let others = branch(condition, when: false)
            clause(number + 1, of: comprehension, list, span)
            builder.patchHere(others)
        case .loop(let target, let sequence):
            var names = AssignedNames()
            names.add([
                Syntax.Statement(
                    form: .assignment(
                        Syntax.Assignment(
                            targets: [target], value: Syntax.Expression(form: .none, span: target.span))),
                    span: target.span)
            ])
            var layer: [String: Int] = [:]
            for name in names.names { layer[name] = builder.hidden() }
            repeatOver(target, sequence, span, continues: false, variables: layer) {
                clause(number + 1, of: comprehension, list, span)
            }
            for register in layer.values.sorted() {
                builder.emit(.drop, register, at: span)
                builder.release(hidden: register)
            }
        }
    }
}
