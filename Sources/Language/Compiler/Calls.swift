import Diagnostics

extension Compiler {
    func call(_ call: Syntax.Call, into destination: Int, _ span: Span) {
        if case .field(let field) = call.callee.form {
            let hasKeywords = call.arguments.contains { $0.name != nil }
            if Compiler.changingMethods.contains(field.name.text), !hasKeywords {
                callChanging(field, call, into: destination, span)
            } else {
                method(field, call, into: destination, span)
            }
            return
        }
        let base = base(destination)
        let keywords = keywords(call)
        let positional = call.arguments.count { $0.name == nil }
        // The span of argument i stands at i + 1, those of keywords behind all of them.
        let spans = [call.callee.span] + call.arguments.map(\.value.span) + call.arguments.compactMap(\.name?.span)
        if keywords == 0, let slot = globalSlot(call.callee) {
            arguments(call)
            builder.emit(.callGlobal, base, positional, slot, at: span, operands: spans)
        } else {
            compile(call.callee, into: base)
            arguments(call)
            builder.emit(.call, base, positional, keywords, at: span, operands: spans)
        }
        if base != destination { builder.emit(.take, destination, base, at: span) }
    }

    /// The slot of a global name that surely has a value when the call runs, or is checked by the call.
    private func globalSlot(_ callee: Syntax.Expression) -> Int? {
        guard case .name(let name) = callee.form else { return nil }
        switch binding(name) {
        case .global(let slot): return slot
        case .register(let register) where scope.kind == .main && register < Interpreter.globalCapacity:
            return readable(name, callee.span)
        default: return nil
        }
    }

    private func arguments(_ call: Syntax.Call) {
        for argument in call.arguments { compile(argument.value, into: builder.temporary()) }
    }

    /// The number of the call's list of keywords, from 1; 0 where it has none.
    private func keywords(_ call: Syntax.Call) -> Int {
        let names = call.arguments.compactMap(\.name)
        guard !names.isEmpty else { return 0 }
        var seen: Set<String> = []
        for name in names where !seen.insert(name.text).inserted {
            report(.argument, "`\(name.text)` is given twice", name.span)
        }
        builder.info.keywords.append(names.map { symbol($0.text) })
        return builder.info.keywords.count
    }

    private func method(_ field: Syntax.Field, _ call: Syntax.Call, into destination: Int, _ span: Span) {
        let base = base(destination)
        compile(field.object, into: builder.temporary())
        arguments(call)
        let positional = call.arguments.count { $0.name == nil }
        builder.emit(
            .invoke, base, positional, symbol(field.name.text), at: span,
            operands: [field.name.span, field.object.span] + call.arguments.map(\.value.span)
                + call.arguments.compactMap(\.name?.span))
        builder.emit(.extra, keywords(call), at: span)
        if base != destination { builder.emit(.take, destination, base, at: span) }
    }
}
