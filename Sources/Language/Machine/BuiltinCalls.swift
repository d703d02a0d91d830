import Diagnostics
import Tensors

/// Calls of what is written in Swift, functions of the prelude and objects of the engine: their arguments are bound by the
/// declaration of their parameters, and stay the machine's.
extension Machine {
    func callBuiltin(
        _ builtin: BuiltinFunction, _ slot: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int]
    ) -> Bool {
        if builtin.yieldsToMethods, given > 0,
            let method = state.pointee.interpreter.method(builtin.signature.name, of: slot[1])
        {
            let code = FunctionBlock(method.object).layout.pointee.code
            guard canEnter(code, slot + 1), bind(code, slot + 1, given, names) else { return false }
            put(slot, method.retained)
            enter(code, at: slot + 1, result: slot)
            return true
        }
        var body = builtin.body
        if state.pointee.isTracing {
            guard let traced = tracedBody(builtin, slot + 1, given + names.count) else { return false }
            body = traced
        }
        return callSwift(builtin.signature, builtin.defaults, slot, given, names, body)
    }

    /// Calls an engine object with its arguments as they stand.
    func callFreely(_ native: NativeObject, _ slot: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int]) -> Bool {
        let s = state
        let owned = given + names.count
        guard slot + owned + 65 < s.pointee.stackEnd else { return fail(Machine.tooDeep) }
        if Interruption.isRequested { return fail(Interruption.failure) }
        let interpreter = s.pointee.interpreter
        let top = s.pointee.top
        s.pointee.top = slot + 1 + owned
        let finished = attempt { () throws(Failure) in
            let result = try native.call(
                arguments: UnsafeBufferPointer(start: slot + 1, count: owned), names: names.map(interpreter.symbols.name), interpreter)
            for index in 1..<(owned + 1) { put(slot + index, .none) }
            put(slot, result)
        }
        s.pointee.top = top
        return finished
    }

    /// Binds the arguments and calls a body; the arguments stay the machine's.
    @inline(__always)
    func callSwift(
        _ signature: Signature, _ defaults: [Value], _ slot: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int],
        _ body: (borrowing Call) throws(Failure) -> Value
    ) -> Bool {
        let s = state
        let heap = heap
        let base = slot + 1
        let owned = given + names.count
        guard base + owned + signature.parameters.count + 64 < s.pointee.stackEnd else { return fail(Machine.tooDeep) }
        if Interruption.isRequested { return fail(Interruption.failure) }

        var arguments = base
        let count = signature.parameters.count
        var rest = UnsafeBufferPointer<Value>(start: nil, count: 0)
        var end: UnsafeMutablePointer<Value>
        if signature.variadic == nil, names.isEmpty {
            guard given <= signature.positional else { return fail(tooMany(signature, given)) }
            guard given >= signature.required else { return fail(tooFew(signature, given)) }
            for index in given..<count { base[index] = defaults[index] }
            end = base + count
        } else {
            arguments = base + owned
            if signature.variadic != nil, given > signature.positional {
                rest = UnsafeBufferPointer(start: base + signature.positional, count: given - signature.positional)
            }
            guard scatter(signature, defaults, base, given, names, into: arguments, &rest) else { return false }
            end = arguments + count
        }
        let top = s.pointee.top
        s.pointee.top = end
        let finished: Bool
        do throws(Failure) {
            let result = try body(
                Call(
                    arguments: UnsafeBufferPointer(start: arguments, count: count), rest: rest, signature: signature,
                    interpreter: s.pointee.interpreter))
            for index in 0..<owned {
                let value = base[index]
                base[index] = .none
                if value.isObject { releaseObject(value, heap) }
            }
            put(slot, result)
            finished = true
        } catch {
            finished = fail(located(error, signature, given, names))
        }
        // What lies above the arguments was borrowed.
        var spare = base + owned
        while spare < end {
            spare.pointee = .none
            spare += 1
        }
        s.pointee.top = top
        return finished
    }

    /// A body counts its arguments as its parameters are declared; one that was given by name stands elsewhere in the call.
    private func located(_ failure: Failure, _ signature: Signature, _ given: Int, _ names: [Int]) -> Failure {
        guard let index = failure.argument, signature.parameters.indices.contains(index) else { return failure }
        let name = signature.parameters[index].name
        let symbols = state.pointee.interpreter.symbols
        guard let number = names.firstIndex(where: { symbols.name($0) == name }), given + number != index else { return failure }
        return Failure(
            failure.kind, failure.message, label: failure.label, help: failure.help, argument: given + number)
    }

    /// Arguments of calls with keywords, or of functions that take any number: borrowed, in declared order, nothing in
    /// the place of those that take any number, which are in `rest`. False where it failed.
    private func scatter(
        _ signature: Signature, _ defaults: [Value], _ base: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int],
        into target: UnsafeMutablePointer<Value>, _ rest: inout UnsafeBufferPointer<Value>
    ) -> Bool {
        let interpreter = state.pointee.interpreter
        let all = signature.parameters.map(\.name)
        if signature.variadic == nil, given > signature.positional { return fail(tooMany(signature, given)) }
        /// What was copied so far is borrowed: unwinding must not release it.
        func refuse(_ failure: Failure) -> Bool {
            for index in signature.parameters.indices { target[index] = .none }
            return fail(failure)
        }
        var isSet = [Bool](repeating: false, count: signature.parameters.count)
        for index in signature.parameters.indices { target[index] = defaults[index] }
        for index in 0..<min(given, signature.positional) {
            target[index] = base[index]
            isSet[index] = true
        }
        for (number, symbol) in names.enumerated() {
            let name = interpreter.symbols.name(symbol)
            guard let index = signature.parameters.firstIndex(where: { $0.name == name }) else {
                return refuse(Machine.unknownKeyword(name, of: signature.name, all))
            }
            if isSet[index] || index == signature.variadic && rest.count > 0 {
                return refuse(Failure(.argument, "`\(name)` of `\(signature.name)` is given twice", keyword: name))
            }
            isSet[index] = true
            if index == signature.variadic {
                // `zeros(shape=(2, 3))`: one value in the place of many.
                rest = UnsafeBufferPointer(start: base + given + number, count: 1)
            } else {
                target[index] = base[given + number]
            }
        }
        for (index, parameter) in signature.parameters.enumerated() {
            if case .required = parameter.default, !isSet[index], index != signature.variadic {
                return refuse(Machine.tooFew(signature.name, parameter.name, all))
            }
        }
        return true
    }

    private func tooMany(_ signature: Signature, _ given: Int) -> Failure {
        let keywordOnly = signature.parameters.count > signature.positional
        let names = signature.parameters.map(\.name)
        let failure = Machine.tooMany(signature.name, given, signature.positional, names)
        if let help = Habits.hint(call: signature.name) { return Failure(failure.kind, failure.message, help: help) }
        guard keywordOnly, given <= signature.parameters.count else { return failure }
        let name = names[signature.positional]
        return Failure(failure.kind, failure.message, help: "`\(name)` and what follows it is given by name: \(name)=...")
    }

    private func tooFew(_ signature: Signature, _ given: Int) -> Failure {
        let names = signature.parameters.map(\.name)
        return Machine.tooFew(signature.name, given < names.count ? names[given] : "", names)
    }
}
