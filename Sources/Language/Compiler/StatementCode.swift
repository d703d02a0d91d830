import Diagnostics

extension Compiler {
    /// Statements whose values nobody wants. Functions that stand next to each other are made together.
    func run(_ statements: ArraySlice<Syntax.Statement>) {
        var rest = statements
        while let statement = rest.first {
            if case .function = statement.form {
                var functions: [Syntax.Function] = []
                while case .function(let function)? = rest.first?.form {
                    functions.append(function)
                    rest.removeFirst()
                }
                define(functions)
            } else {
                rest.removeFirst()
                run(statement)
            }
        }
    }

    func block(_ block: Syntax.Block, into destination: Destination) {
        var statements = block.statements[...]
        var value: Syntax.Expression?
        if case .expression(let last)? = statements.last?.form, statements.last?.isSilent == false {
            if case .nothing = destination {} else {
                value = last
                statements.removeLast()
            }
        }
        run(statements)
        if let value {
            expression(value, into: destination)
        } else if scope.assigned != nil {
            switch destination {
            case .nothing: break
            case .register(let register): builder.emit(.load, register, builder.constant(.none), at: block.span)
            case .result: builder.emit(.giveNone, at: block.span)
            }
        }
    }

    func expression(_ expression: Syntax.Expression, into destination: Destination) {
        switch (destination, expression.form) {
        case (_, .conditional(let conditional)): self.conditional(conditional, into: destination, expression.span)
        case (.register, .attempt(let attempt)), (.nothing, .attempt(let attempt)):
            self.attempt(attempt, into: destination, expression.span)
        case (.nothing, _): discard(expression)
        case (.register(let register), _): compile(expression, into: register)
        case (.result, _):
            let mark = builder.mark
            let register = operand(expression)
            builder.emit(.giveBack, register, at: expression.span)
            builder.free(to: mark)
        }
    }

    private func discard(_ expression: Syntax.Expression) {
        let mark = builder.mark
        let register = operand(expression)
        if builder.isTemporary(register) { builder.emit(.drop, register, at: expression.span) }
        builder.free(to: mark)
    }

    private func run(_ statement: Syntax.Statement) {
        let span = statement.span
        switch statement.form {
        case .expression(let expression): self.expression(expression, into: .nothing)
        case .assignment(let assignment): assign(assignment, span)
        case .update(let update): self.update(update, span)
        case .function(let function): define([function])
        case .class(let definition): define(definition, span)
        case .while(let loop): self.loop(loop, span)
        case .for(let loop): self.loop(loop, span)
        case .return(let value): giveBack(value, span)
        case .break:
            leaveLoop(span) { scope.loops[$0].breaks.append($1) }
        case .continue:
            leaveLoop(span) { scope.loops[$0].continues.append($1) }
        case .assert(let condition, let message): assert(condition, message)
        case .import(let name): importModule(name)
        case .importNames(let module, let names): importNames(module, names)
        case .invalid: break
        }
    }

    private func giveBack(_ value: Syntax.Expression?, _ span: Span) {
        // What an expression around this statement holds is given back first.
        let mark = builder.mark
        var register: Int?
        if scope.isInitializer {
            if let value { discard(value) }
            register = 0
        } else if let value {
            register = operand(value)
        }
        for index in 0..<mark { builder.emit(.drop, Builder.firstTemporary + index, at: span) }
        if let register {
            builder.emit(.giveBack, register, at: span)
        } else {
            builder.emit(.giveNone, at: span)
        }
        builder.free(to: mark)
        scope.assigned = nil
    }

    private func leaveLoop(_ span: Span, _ note: (_ loop: Int, _ jump: Int) -> Void) {
        guard let loop = scope.loops.indices.last else { return }
        builder.drop(above: scope.loops[loop].mark, at: span)
        note(loop, builder.emit(.jump, at: span))
        scope.assigned = nil
    }

    private func assert(_ condition: Syntax.Expression, _ message: Syntax.Expression?) {
        let passed = branch(condition, when: true)
        let before = scope.assigned
        let mark = builder.mark
        let register = builder.temporary()
        if let message {
            compile(message, into: register)
        } else {
            builder.emit(.load, register, builder.constant(.none), at: condition.span)
        }
        builder.emit(.fail, register, at: condition.span)
        builder.free(to: mark)
        builder.patchHere(passed)
        scope.assigned = before
    }

    // MARK: modules

    private func importModule(_ name: Syntax.Name) {
        store(name.text, name.span) { register in
            builder.emit(.importModule, register, builder.constant(name.text), at: name.span)
        }
    }

    private func importNames(_ module: Syntax.Name, _ names: [Syntax.Name]) {
        for name in names {
            store(name.text, name.span) { register in
                builder.emit(
                    .importModule, register, builder.constant(module.text), builder.constant(name.text), x: 1,
                    at: module.span, operands: [name.span])
            }
        }
    }

    // MARK: branches

    func conditional(_ conditional: Syntax.Conditional, into destination: Destination, _ span: Span) {
        var ends: [Int] = []
        var after: Set<Int>?
        var isFirst = true
        for (index, item) in conditional.branches.enumerated() {
            let others = branch(item.condition, when: false)
            let before = scope.assigned
            block(item.body, into: destination)
            let isLast = index == conditional.branches.count - 1 && conditional.otherwise == nil
            if case .register = destination {
                if scope.assigned != nil { ends.append(builder.emit(.jump, at: span)) }
            } else if !isLast || needsNone(destination), scope.assigned != nil {
                if case .result = destination {} else { ends.append(builder.emit(.jump, at: span)) }
            }
            after = isFirst ? scope.assigned : FunctionScope.joined(after, scope.assigned)
            isFirst = false
            builder.patchHere(others)
            scope.assigned = before
        }
        if let otherwise = conditional.otherwise {
            block(otherwise, into: destination)
        } else if scope.assigned != nil {
            switch destination {
            case .nothing: break
            case .register(let register): builder.emit(.load, register, builder.constant(.none), at: span)
            case .result: builder.emit(.giveNone, at: span)
            }
        }
        scope.assigned = FunctionScope.joined(after, scope.assigned)
        builder.patchHere(ends)
    }

    private func needsNone(_ destination: Destination) -> Bool {
        if case .nothing = destination { return false }
        return true
    }

    func attempt(_ attempt: Syntax.Attempt, into destination: Destination, _ span: Span) {
        let before = scope.assigned
        let start = builder.position
        block(attempt.body, into: destination)
        let end = builder.position
        let afterBody = scope.assigned
        let jump = builder.emit(.jump, at: span)
        scope.assigned = before
        let target = builder.position
        var hidden: Int?
        let register: Int
        var moduleName: Syntax.Name?
        if let name = attempt.name, let known = assignable(name.text, name.span) {
            register = known
            markAssigned(known)
        } else {
            register = builder.hidden()
            hidden = register
            moduleName = attempt.name
        }
        builder.info.handlers.append(
            CodeInfo.Handler(start: start, end: end, target: target, register: register, temporaries: builder.mark))
        // A call that failed may have left its function in the register of the result.
        if case .register(let result) = destination, builder.isTemporary(result) {
            builder.emit(.drop, result, at: span)
        }
        if let moduleName {
            store(moduleName.text, moduleName.span) { builder.emit(.copy, $0, register, at: moduleName.span) }
        }
        block(attempt.handler, into: destination)
        if let hidden {
            if scope.assigned != nil { builder.emit(.drop, hidden, at: span) }
            builder.release(hidden: hidden)
        }
        builder.patchHere([jump])
        scope.assigned = FunctionScope.joined(afterBody, scope.assigned)
    }

    // MARK: loops

    private func loop(_ loop: Syntax.While, _ span: Span) {
        let entry = builder.emit(.jump, at: span)
        let before = scope.assigned
        scope.loops.append(FunctionScope.Loop(mark: builder.mark))
        let start = builder.position
        allow(span)
        block(loop.body, into: .nothing)
        let ended = scope.loops.removeLast()
        builder.patchHere(ended.continues)
        builder.patchHere([entry])
        // The condition is read at the first round too, when the body has not run.
        scope.assigned = before
        repeats(branch(loop.condition, when: true), from: start, span)
        builder.patchHere(ended.breaks)
    }

    /// Leads the jumps back to the loop's start, those that do not look at the interruption by way of one that does.
    private func repeats(_ jumps: [Int], from start: Int, _ span: Span) {
        let blind = jumps.filter { !builder.instructions[$0].op.looksAtInterruption }
        for jump in jumps where !blind.contains(jump) { builder.patch(jump, to: start) }
        guard !blind.isEmpty else { return }
        let over = builder.emit(.jump, at: span)
        builder.patchHere(blind)
        builder.patch(builder.emit(.jumpBack, at: span), to: start)
        builder.patchHere([over])
    }

    private func loop(_ loop: Syntax.For, _ span: Span) {
        repeatOver(loop.target, loop.sequence, span, continues: true) { block(loop.body, into: .nothing) }
    }

    /// The loop of `for` and of comprehensions.
    func repeatOver(
        _ target: Syntax.Target, _ sequence: Syntax.Expression, _ span: Span, continues: Bool,
        variables: [String: Int] = [:], _ body: () -> Void
    ) {
        let state = builder.hidden(3)
        let mark = builder.mark
        let source = operand(sequence)
        let entry = builder.emit(.iterate, state, source, at: sequence.span, operands: [sequence.span])
        builder.free(to: mark)
        // The sequence does not see the variables of its comprehension; what follows does.
        if !variables.isEmpty { scope.inner.append(variables) }
        defer { if !variables.isEmpty { scope.inner.removeLast() } }
        let before = scope.assigned
        if continues { scope.loops.append(FunctionScope.Loop(mark: builder.mark)) }
        let start = builder.position
        allow(span)

        let element: Int
        var hidden: Int?
        var parts: [Int]?
        if case .name(let name) = target.form, let register = assignable(name, target.span) {
            element = register
            markAssigned(register)
        } else if let registers = simpleParts(target) {
            element = 0
            parts = registers
            for register in registers { markAssigned(register) }
        } else {
            element = builder.hidden()
            hidden = element
            assign(target, fromHidden: element)
        }
        body()
        let ended = continues ? scope.loops.removeLast() : FunctionScope.Loop(mark: 0)
        builder.patchHere(ended.continues)
        builder.patch(entry, to: builder.position)
        let next: Int
        if let parts {
            next = builder.emit(.nextUnpacked, state, 0, at: target.span, operands: [sequence.span])
            builder.emit(
                .extra, parts[0], parts[1], parts.count > 2 ? parts[2] : 0, x: parts.count, at: target.span)
        } else {
            next = builder.emit(.next, state, element, at: target.span, operands: [sequence.span])
        }
        builder.patch(next, to: start)
        builder.patchHere(ended.breaks)
        if !ended.breaks.isEmpty { builder.emit(.drop, state + 1, at: span) }
        if let hidden {
            builder.emit(.drop, hidden, at: span)
            builder.release(hidden: hidden)
        }
        builder.release(hidden: state, 3)
        scope.assigned = before
    }

    /// The registers of two or three plain local names.
    private func simpleParts(_ target: Syntax.Target) -> [Int]? {
        guard case .tuple(let parts) = target.form, parts.count == 2 || parts.count == 3 else { return nil }
        var registers: [Int] = []
        for part in parts {
            guard case .name(let name) = part.form, let register = assignable(name, part.span) else { return nil }
            registers.append(register)
        }
        return registers
    }
}
