import Diagnostics

extension Compiler {
    /// `fn`s that stand next to each other.
    func define(_ functions: [Syntax.Function]) {
        let isLocal = scope.kind == .function
        let builders = functions.map { builder(for: $0, name: $0.name?.text ?? "function") }
        var members: [String: UnsafeMutablePointer<Code>] = [:]
        if isLocal {
            for (function, builder) in zip(functions, builders) {
                if let name = function.name { members[name.text] = builder.code }
            }
        }
        let shared = FunctionGroup(members: members)
        var groups: [FunctionGroup] = []
        for (function, builder) in zip(functions, builders) {
            let group = isLocal ? shared : FunctionGroup()
            groups.append(group)
            compileBody(function, builder, group, isMethod: false)
        }
        for ((function, made), group) in zip(zip(functions, builders), groups) {
            guard let name = function.name else { continue }
            settle(made, group)
            store(name.text, name.span) { register in closure(made, group, into: register, function.span) }
        }
    }

    func lambda(_ function: Syntax.Function, into destination: Int) {
        let made = builder(for: function, name: "the function at \(place(function.span))")
        let group = FunctionGroup()
        compileBody(function, made, group, isMethod: false)
        settle(made, group)
        closure(made, group, into: destination, function.span)
    }

    func define(_ definition: Syntax.Class, _ span: Span) {
        let mark = builder.mark
        var first = Builder.firstTemporary
        var symbols: [Int] = []
        let outer = methods
        methods = Set(definition.methods.compactMap { $0.name?.text })
        defer { methods = outer }
        for (number, method) in definition.methods.enumerated() {
            let name = method.name?.text ?? "method"
            let made = builder(for: method, name: "\(definition.name.text).\(name)")
            let group = FunctionGroup()
            compileBody(method, made, group, isMethod: true)
            settle(made, group)
            let register = builder.temporary()
            if number == 0 { first = register }
            closure(made, group, into: register, method.span)
            symbols.append(symbol(name))
        }
        builder.info.classes.append(
            CodeInfo.ClassPrototype(
                name: definition.name.text, documentation: definition.documentation, methods: symbols))
        let number = builder.info.classes.count - 1
        store(definition.name.text, definition.name.span) { register in
            builder.emit(.makeClass, register, number, first, at: definition.name.span)
        }
        builder.free(to: mark)
    }

    /// The line of a place, for the name of a function that has none.
    private func place(_ span: Span) -> String {
        var line = 1
        for (offset, byte) in source.bytes.enumerated() {
            if offset >= Int(span.start) { break }
            if byte == 10 { line += 1 }
        }
        return "line \(line)"
    }

    private func builder(for function: Syntax.Function, name: String) -> Builder {
        let info = CodeInfo(name: name, source: source, documentation: function.documentation)
        let builder = Builder(info: info, locals: 0)
        info.isLambda = function.name == nil
        interpreter.adopt(builder.code, info)
        return builder
    }

    private func compileBody(
        _ function: Syntax.Function, _ builder: Builder, _ group: FunctionGroup, isMethod: Bool
    ) {
        let inner = FunctionScope(kind: .function, parent: scope, builder: builder, group: group)
        inner.isInitializer = isMethod && function.name?.text == "init"
        if isMethod { inner.names["self"] = builder.addLocal("self") }
        for parameter in function.parameters {
            inner.names[parameter.name.text] = builder.addLocal(parameter.name.text)
            builder.info.parameters.append(
                CodeInfo.Parameter(
                    name: parameter.name.text, symbol: symbol(parameter.name.text),
                    span: parameter.span, defaultSpan: parameter.defaultValue?.span))
        }
        let parameterCount = builder.localCount
        inner.assigned = Set(0..<parameterCount)
        var names = AssignedNames()
        names.add(function.body.statements)
        for name in names.names where inner.names[name] == nil { inner.names[name] = builder.addLocal(name) }

        let outer = scope
        scope = inner
        allow(function.span)
        let offset = isMethod ? 1 : 0
        for (number, parameter) in function.parameters.enumerated() {
            guard let value = parameter.defaultValue else { continue }
            let given = builder.emit(.jumpIfGiven, number + offset, at: parameter.span)
            inner.seesOnlyOuter = true
            compile(value, into: number + offset)
            inner.seesOnlyOuter = false
            builder.patchHere([given])
        }
        if inner.isInitializer {
            block(function.body, into: .nothing)
            builder.emit(.giveBack, 0, at: function.body.span)
        } else {
            block(function.body, into: .result)
            builder.emit(.giveNone, at: function.body.span)
        }
        let required = function.parameters.prefix { $0.defaultValue == nil }.count + offset
        finish(inner, parameters: parameterCount, required: required)
        if builder.isTooLarge { outer.builder.isTooLarge = true }
        scope = outer
    }

    /// The captures of a group are known when all its functions are compiled.
    private func settle(_ made: Builder, _ group: FunctionGroup) {
        made.code.pointee.captureCount = group.captures.count
        if !group.captures.isEmpty { made.code.pointee.needsItself = true }
    }

    private func closure(_ made: Builder, _ group: FunctionGroup, into destination: Int, _ span: Span) {
        let mark = builder.mark
        var first = Builder.firstTemporary
        for (number, name) in group.captures.enumerated() {
            let register = builder.temporary()
            if number == 0 { first = register }
            readForCapture(name, into: register, span)
        }
        builder.emit(.closure, destination, prototype(made.code, in: builder), first, at: span)
        builder.free(to: mark)
    }
}
