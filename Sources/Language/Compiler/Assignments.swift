import Diagnostics

extension Compiler {
    /// Lets code compute the value of a name: straight into its register, or into a module's slot.
    func store(_ name: String, _ span: Span, _ compute: (Int) -> Void) {
        if let register = assignable(name, span) {
            compute(register)
            markAssigned(register)
        } else if case .global(let slot) = binding(name) {
            let mark = builder.mark
            let register = builder.temporary()
            compute(register)
            builder.emit(.setGlobal, slot, register, at: span)
            builder.free(to: mark)
        }
    }

    func assign(_ assignment: Syntax.Assignment, _ span: Span) {
        let mark = builder.mark
        defer { builder.free(to: mark) }
        if assignment.targets.count == 1, let target = assignment.targets.first {
            switch target.form {
            case .name(let name):
                store(name, target.span) { compile(assignment.value, into: $0) }
                return
            case .tuple(let parts):
                // `a, b = b, a` makes no tuple: all the values are there before the first is stored.
                if case .tuple(let values) = assignment.value.form, values.count == parts.count {
                    let first = many(values)
                    for (number, part) in parts.enumerated() { assign(part, fromTemporary: first + number) }
                    return
                }
            case .field, .index:
                let register = operand(assignment.value)
                set(target, register)
                return
            }
        }
        let value = builder.temporary()
        compile(assignment.value, into: value)
        for (number, target) in assignment.targets.enumerated() {
            if number == assignment.targets.count - 1 {
                assign(target, fromTemporary: value)
            } else {
                let copy = builder.temporary()
                builder.emit(.copy, copy, value, at: target.span)
                assign(target, fromTemporary: copy)
            }
        }
    }

    /// Empties the temporary.
    private func assign(_ target: Syntax.Target, fromTemporary register: Int) {
        switch target.form {
        case .name(let name): store(name, target.span) { builder.emit(.take, $0, register, at: target.span) }
        case .field, .index: set(target, register)
        case .tuple(let parts):
            let mark = builder.mark
            var first = Builder.firstTemporary
            for number in 0..<parts.count {
                let part = builder.temporary()
                if number == 0 { first = part }
            }
            builder.emit(.unpack, first, register, parts.count, at: target.span)
            for (number, part) in parts.enumerated() { assign(part, fromTemporary: first + number) }
            builder.free(to: mark)
        }
    }

    /// Of a loop whose variable is no plain name.
    func assign(_ target: Syntax.Target, fromHidden register: Int) {
        let mark = builder.mark
        let copy = builder.temporary()
        builder.emit(.copy, copy, register, at: target.span)
        builder.emit(.unset, register, at: target.span)
        assign(target, fromTemporary: copy)
        builder.free(to: mark)
    }

    // MARK: places

    /// Where a place starts: a variable of this scope, or something that is only read.
    private enum Root {
        case local(Int)
        case value(Int)
        case outer(Int, name: String)
    }

    private func root(_ expression: Syntax.Expression) -> Root {
        if case .name(let name) = expression.form {
            if let register = readable(name, expression.span) { return .local(register) }
            // At a module's top level its own names can be changed: the value is taken out and put back.
            let register = builder.temporary()
            read(name, into: register, expression.span)
            return .outer(register, name: name)
        }
        if case .instance = expression.form { return .value(operand(expression)) }
        return .value(operand(expression))
    }

    /// The steps from the root of a place to the place, outermost first.
    private func steps(_ target: Syntax.Expression) -> (root: Syntax.Expression, steps: [Syntax.Expression]) {
        var steps: [Syntax.Expression] = []
        var current = target
        while true {
            switch current.form {
            case .field(let field):
                steps.append(current)
                current = field.object
            case .index(let index):
                steps.append(current)
                current = index.object
            default:
                return (current, steps.reversed())
            }
        }
    }

    private static func expression(_ target: Syntax.Target) -> Syntax.Expression? {
        switch target.form {
        case .field(let field): Syntax.Expression(form: .field(field), span: target.span)
        case .index(let index): Syntax.Expression(form: .index(index), span: target.span)
        default: nil
        }
    }

    private static func plain(_ index: Syntax.Index) -> [Syntax.Expression]? {
        var result: [Syntax.Expression] = []
        for item in index.items {
            guard case .expression(let expression) = item else { return nil }
            result.append(expression)
        }
        return result
    }

    private func set(_ target: Syntax.Target, _ value: Int) {
        guard let expression = Compiler.expression(target) else { return }
        let mark = builder.mark
        defer { builder.free(to: mark) }
        let (start, steps) = steps(expression)
        let span = target.span
        if steps.count == 1 {
            switch (steps[0].form, root(start)) {
            case (.field(let field), .local(let object)), (.field(let field), .value(let object)),
                (.field(let field), .outer(let object, _)):
                builder.emit(
                    .setField, object, symbol(field.name.text), value, at: field.name.span, operands: [start.span])
                return
            case (.index(let index), .local(let object)):
                if let keys = Compiler.plain(index), keys.count <= 2 {
                    if keys.count == 1 {
                        let key = operand(keys[0])
                        builder.emit(.setIndex, object, key, value, at: span, operands: [start.span, keys[0].span])
                    } else {
                        let first = many(keys)
                        builder.emit(
                            .setIndex2, object, first, value, at: span, operands: [start.span] + keys.map(\.span))
                    }
                    return
                }
                change(.local(object), start, steps, value, kind: 0, detail: 0, span)
                return
            case (_, let root):
                change(root, start, steps, value, kind: 0, detail: 0, span)
                return
            }
        }
        change(root(start), start, steps, value, kind: 0, detail: 0, span)
    }

    func update(_ update: Syntax.Update, _ span: Span) {
        let mark = builder.mark
        defer { builder.free(to: mark) }
        let (op, right, _) = Compiler.instructions(update.operation)
        switch update.target.form {
        case .name(let name):
            let value = update.value
            guard case .register(let register) = binding(name) else {
                updateGlobal(name, update, span)
                return
            }
            if scope.kind == .function, refusesRebinding(name, update.target.span) { return }
            _ = readable(name, update.target.span)
            let spans = [update.target.span, value.span]
            if let right, let number = Compiler.literal(value) {
                builder.emit(right, register, register, builder.constant(number), x: 1, at: span, operands: spans)
            } else {
                builder.emit(op, register, register, operand(value), x: 1, at: span, operands: spans)
            }
        case .field, .index:
            let value = operand(update.value)
            guard let expression = Compiler.expression(update.target) else { return }
            let (start, steps) = steps(expression)
            let root = root(start)
            if steps.count == 1 {
                switch (steps[0].form, root) {
                case (.field(let field), .local(let object)), (.field(let field), .value(let object)),
                    (.field(let field), .outer(let object, _)):
                    builder.emit(
                        .updateField, object, symbol(field.name.text), value, x: Int(op.rawValue), at: span,
                        operands: [expression.span, update.value.span])
                    return
                case (.index(let index), .local(let object)):
                    if let keys = Compiler.plain(index), keys.count == 1 {
                        let key = operand(keys[0])
                        builder.emit(
                            .updateIndex, object, key, value, x: Int(op.rawValue), at: span,
                            operands: [expression.span, update.value.span, keys[0].span])
                        return
                    }
                default: break
                }
            }
            change(root, start, steps, value, kind: 1, detail: Int(op.rawValue), span)
        case .tuple: break
        }
    }

    /// `x += 1` in a function where `x` is the notebook's or an enclosing function's, and nothing here gives it a value.
    private func refusesRebinding(_ name: String, _ span: Span) -> Bool {
        guard let register = scope.names[name], scope.register(name) == register, !isAssigned(register),
            scope.unset.isEmpty || !scope.unset.contains(register)
        else { return false }
        let isOuter = scope.parent?.holds(name) == true || globals.slots[name] != nil
        guard isOuter, interpreter.prelude[name] == nil else { return false }
        report(
            .name, "a function can read `\(name)` of the code around it, but not give it another value", span,
            help: "return the new value, or keep it in a field of an object")
        return true
    }

    private func updateGlobal(_ name: String, _ update: Syntax.Update, _ span: Span) {
        guard scope.kind == .module, case .global(let slot) = binding(name) else {
            let register = builder.temporary()
            read(name, into: register, update.target.span)
            return
        }
        let register = builder.temporary()
        read(name, into: register, update.target.span)
        let value = operand(update.value)
        builder.emit(
            Compiler.instructions(update.operation).op, register, register, value, x: 1, at: span,
            operands: [update.target.span, update.value.span])
        builder.emit(.setGlobal, slot, register, at: span)
    }

    // MARK: changing along a path

    /// Emits `change`. Operands of the path stand in a row of temporaries; `value` is where the instruction says.
    private func change(
        _ root: Root, _ start: Syntax.Expression, _ steps: [Syntax.Expression], _ value: Int, kind: Int, detail: Int,
        arguments: Int = 0, _ span: Span
    ) {
        var isOuter = false
        let object: Int
        switch root {
        case .local(let register), .value(let register): object = register
        case .outer(let register, let name):
            object = register
            if scope.kind == .function || scope.kind == .main {
                isOuter = true
            } else if case .global(let slot) = binding(name) {
                // A module's own name.
                let number = path(steps)
                builder.emit(
                    .change, object, number.first, value, x: kind, at: span, operands: [start.span, span])
                builder.emit(.extra, number.path, detail, arguments, at: span)
                let kept = builder.temporary()
                builder.emit(.copy, kept, object, at: span)
                builder.emit(.setGlobal, slot, kept, at: span)
                return
            }
        }
        let number = path(steps)
        builder.emit(.change, object, number.first, value, x: kind, at: span, operands: [start.span, span])
        builder.emit(.extra, number.path, detail, arguments, x: isOuter ? 1 : 0, at: span)
    }

    private func path(_ steps: [Syntax.Expression]) -> (path: Int, first: Int) {
        var path: [CodeInfo.Step] = []
        var first: Int?
        for step in steps {
            switch step.form {
            case .field(let field): path.append(.field(symbol: symbol(field.name.text), span: field.name.span))
            case .index(let index):
                let start = indices(index)
                if first == nil { first = start }
                path.append(.index(count: index.items.count, span: step.span))
            default: break
            }
        }
        builder.info.paths.append(path)
        return (builder.info.paths.count - 1, first ?? Builder.firstTemporary)
    }

    /// The items of an index in a row of temporaries; gives the first.
    private func indices(_ index: Syntax.Index) -> Int {
        var first = Builder.firstTemporary
        for (number, item) in index.items.enumerated() {
            let register = builder.temporary()
            if number == 0 { first = register }
            switch item {
            case .expression(let expression): compile(expression, into: register)
            case .ellipsis(let span): builder.emit(.load, register, builder.constant(Value.ellipsis), at: span)
            case .newAxis(let span): builder.emit(.load, register, builder.constant(Value.newAxis), at: span)
            case .slice(let slice):
                let mark = builder.mark
                var start = register
                for (number, part) in [slice.start, slice.stop, slice.step].enumerated() {
                    let bound = builder.temporary()
                    if number == 0 { start = bound }
                    if let part {
                        compile(part, into: bound)
                    } else {
                        builder.emit(.load, bound, builder.constant(Value.none), at: slice.span)
                    }
                }
                builder.emit(.slice, register, start, at: slice.span)
                builder.free(to: mark)
            }
        }
        return first
    }

    func index(_ index: Syntax.Index, into destination: Int, _ span: Span) {
        if let keys = Compiler.plain(index), keys.count == 1 {
            let (object, key) = operands(index.object, keys[0])
            builder.emit(.index, destination, object, key, at: span, operands: [index.object.span, keys[0].span])
            return
        }
        let object = operand(index.object)
        let first = indices(index)
        let spans = [index.object.span] + index.items.map(Compiler.span)
        if let keys = Compiler.plain(index), keys.count == 2 {
            builder.emit(.index2, destination, object, first, at: span, operands: spans)
        } else {
            builder.emit(.indexMany, destination, object, first, at: span, operands: spans)
            builder.emit(.extra, index.items.count, at: span)
        }
    }

    private static func span(_ item: Syntax.Index.Item) -> Span {
        switch item {
        case .expression(let expression): expression.span
        case .slice(let slice): slice.span
        case .ellipsis(let span), .newAxis(let span): span
        }
    }

    // MARK: methods that change what they are called on

    static let changingMethods: Set<String> = ["push", "pop", "insert", "remove", "sort", "reverse", "update", "clear"]

    /// `place.push(v)`; the receiver's own method of that name, where it is an object, comes first.
    func callChanging(
        _ field: Syntax.Field, _ call: Syntax.Call, into destination: Int, _ span: Span
    ) {
        let (start, steps) = steps(field.object)
        let root = root(start)
        let result = builder.temporary()
        for argument in call.arguments { compile(argument.value, into: builder.temporary()) }
        change(
            root, start, steps, result, kind: 2, detail: symbol(field.name.text), arguments: call.arguments.count, span)
        builder.emit(.take, destination, result, at: span)
    }
}
