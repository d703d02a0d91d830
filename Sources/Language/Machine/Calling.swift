import Diagnostics
import Tensors

/// Calls. The function stands in a register, its arguments in those that follow, values of keywords after them. The
/// fast way of functions of the language is in the loop; here are the others, which leave the state's `pc`, `registers` and
/// `code` as the loop is to find them. What is called in Swift is in `BuiltinCalls.swift`.
extension Machine {
    /// Whether there is room for one more call, and nobody wants the code to stop.
    @inline(__always)
    func canEnter(_ code: UnsafeMutablePointer<Code>, _ base: UnsafeMutablePointer<Value>) -> Bool {
        let s = state
        if s.pointee.frame == s.pointee.framesEnd || base + code.pointee.registerCount + 64 > s.pointee.stackEnd {
            return fail(Machine.tooDeep)
        }
        return !Interruption.isRequested || fail(Interruption.failure)
    }

    /// Marks the parameters that were left out; refuses too many arguments, and too few.
    @inline(never)
    func fill(_ code: UnsafeMutablePointer<Code>, _ base: UnsafeMutablePointer<Value>, _ given: Int) -> Bool {
        let info = code.pointee.info
        let hidden = code.pointee.parameterCount - info.parameters.count
        if given > code.pointee.parameterCount {
            return fail(Machine.tooMany(info.name, given - hidden, info.parameters.count, info.forms))
        }
        for number in given..<code.pointee.parameterCount {
            if !info.parameters[number - hidden].hasDefault {
                return fail(Machine.tooFew(info.name, info.parameters[number - hidden].name, info.forms))
            }
        }
        for number in given..<code.pointee.parameterCount { base[number] = .missing }
        return true
    }

    static func tooMany(_ name: String, _ given: Int, _ most: Int, _ names: [String]) -> Failure {
        let takes = most == 0 ? "no arguments" : most == 1 ? "one argument" : "\(most) arguments"
        return Failure(
            .argument, "\(quoted(name)) takes \(takes), \(given) \(given == 1 ? "was" : "were") given", help: "it is " + signature(name, names))
    }

    static func tooFew(_ name: String, _ missing: String, _ names: [String]) -> Failure {
        Failure(.argument, "\(quoted(name)) needs a value for `\(missing)`", help: "it is " + signature(name, names))
    }

    /// A function's name, or the words for one that has none.
    private static func quoted(_ name: String) -> String { name.contains(" ") ? name : "`\(called(name))`" }

    /// `A.init` is called by `A(…)`.
    private static func called(_ name: String) -> String { name.hasSuffix(".init") ? String(name.dropLast(5)) : name }

    /// How a function is called, or what one without a name looks like.
    static func signature(_ name: String, _ parameters: [String]) -> String {
        let list = parameters.joined(separator: ", ")
        guard name.contains(" ") else { return "\(called(name))(\(list))" }
        return parameters.count == 1 && !list.contains("=") ? "\(list) -> …" : "(\(list)) -> …"
    }

    func enter(
        _ code: UnsafeMutablePointer<Code>, at base: UnsafeMutablePointer<Value>, result: UnsafeMutablePointer<Value>
    ) {
        let s = state
        s.pointee.frame.initialize(
            to: Frame(pc: s.pointee.pc, registers: s.pointee.registers, code: s.pointee.code, result: result))
        s.pointee.frame += 1
        s.pointee.pc = code.pointee.instructions
        s.pointee.registers = base
        s.pointee.code = code
    }

    /// Calls what stands in register `a`, whatever it is.
    @inline(never)
    func callAny(_ a: Int, _ given: Int, keywords: Int) -> Bool {
        let s = state
        let slot = s.pointee.registers + a
        let function = slot.pointee
        let names = keywords > 0 ? s.pointee.code.pointee.info.keywords[keywords - 1] : []
        guard function.isObject, let kind = BlockKind(rawValue: function.header.pointee.kind) else {
            return fail(notCallable(function))
        }
        switch kind {
        case .function:
            let code = FunctionBlock(function.object).layout.pointee.code
            guard canEnter(code, slot + 1), bind(code, slot + 1, given, names) else { return false }
            enter(code, at: slot + 1, result: slot)
            return true
        case .builtin:
            return callBuiltin(ReferenceBlock(function.object).builtin, slot, given, names)
        case .boundMethod:
            let method = BoundMethodBlock(function.object).layout.pointee
            shift(slot + 1, given + names.count)
            slot[1] = method.receiver.retained
            slot.pointee = method.function.retained
            function.release(heap)
            return callAny(a, given + 1, keywords: keywords)
        case .class:
            return construct(ClassBlock(function.object), slot, given, names)
        case .instance:
            // An object that is a layer is called like one: `l(x)` is `l.forward(x)`.
            guard let method = s.pointee.interpreter.method("forward", of: function) else { return fail(notCallable(function)) }
            shift(slot + 1, given + names.count)
            slot[1] = function
            slot.pointee = method.retained
            return callAny(a, given + 1, keywords: keywords)
        case .native:
            let native = ReferenceBlock(function.object).native
            guard native.isCallable else { return fail(notCallable(function)) }
            if native.takesAnything { return callFreely(native, slot, given, names) }
            let signature = Signature(name: native.typeName, parameters: native.callParameters)
            let defaults = signature.defaults()
            defer { for value in defaults { value.release(heap) } }
            return callSwift(signature, defaults, slot, given, names) { (call) throws(Failure) in try native.call(call) }
        default:
            return fail(notCallable(function))
        }
    }

    private func notCallable(_ value: Value) -> Failure {
        var help: String?
        let s = state
        let number = Machine.number(of: s.pointee.pc, in: s.pointee.code)
        let info = s.pointee.code.pointee.info
        var name = "this"
        if let span = info.operandSpans[number]?.first {
            let text = info.source.text(span)
            if text.utf8.count <= 40 { name = "`\(text)`" }
            if let place = s.pointee.interpreter.hidden(text) {
                help = "`\(text)` of the prelude was hidden by the assignment in \(place.source.name), \(Machine.line(place.source, place.span)); give that another name"
            } else if s.pointee.interpreter.prelude[text] != nil {
                let place = hidingPlace(text, info).map { "in \(info.source.name), \(Machine.line(info.source, $0))" }
                help = "`\(text)` of the prelude is hidden by the name \(place ?? "around the call"); give that another name"
            } else if value.isObject(.tensor) || value.isObject(.list) {
                help = "an element is \(text)[...]"
            } else if value.isNumber {
                help = "a product is written with *"
            }
        }
        return Failure(.type, "\(name) is \(value.inWords) and cannot be called", help: help)
    }

    /// Where the running function makes a name of the prelude its own: the parameter, or the first assignment.
    private func hidingPlace(_ name: String, _ info: CodeInfo) -> Span? {
        if let parameter = info.parameters.first(where: { $0.name == name }) { return parameter.span }
        guard let register = info.localNames.first(where: { $0.value == name })?.key else { return nil }
        let code = state.pointee.code
        let first = (0..<info.instructionCount).first { number in
            let instruction = code.pointee.instructions[number]
            return instruction.op != .unset && instruction.op.operands.utf8.first == UInt8(ascii: "r") && Int(instruction.a) == register
        }
        return first.map { info.spans[$0] }
    }

    static func line(_ source: Source, _ span: Span) -> String {
        let end = max(0, min(Int(span.start), source.bytes.count))
        return "line \(source.bytes[..<end].count { $0 == 10 } + 1)"
    }

    /// Moves arguments one register up.
    private func shift(_ first: UnsafeMutablePointer<Value>, _ count: Int) {
        var index = count
        while index > 0 {
            first[index] = first[index - 1]
            index -= 1
        }
        first[0] = .none
    }

    /// Brings positional arguments and keywords into the order of the parameters; nothing has moved where it fails.
    func bind(
        _ code: UnsafeMutablePointer<Code>, _ base: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int]
    ) -> Bool {
        if names.isEmpty { return given == code.pointee.parameterCount || fill(code, base, given) }
        let info = code.pointee.info
        let count = code.pointee.parameterCount
        let hidden = count - info.parameters.count
        guard given <= count else {
            return fail(Machine.tooMany(info.name, given - hidden, info.parameters.count, info.forms))
        }
        var places: [Int] = []
        for symbol in names {
            let name = state.pointee.interpreter.symbols.name(symbol)
            guard let place = info.parameters.firstIndex(where: { $0.symbol == symbol }) else {
                return fail(Machine.unknownKeyword(name, of: info.name, info.parameters.map(\.name)))
            }
            if place + hidden < given {
                return fail(Failure(.argument, "`\(name)` of `\(info.name)` is given twice", keyword: name))
            }
            places.append(place + hidden)
        }
        for number in given..<count where !places.contains(number) && !info.parameters[number - hidden].hasDefault {
            return fail(Machine.tooFew(info.name, info.parameters[number - hidden].name, info.forms))
        }
        let values = (0..<names.count).map { base[given + $0] }
        for number in given..<max(count, given + names.count) { base[number] = number < count ? .missing : .none }
        for (place, value) in zip(places, values) { base[place] = value }
        return true
    }

    static func unknownKeyword(_ name: String, of function: String, _ names: [String]) -> Failure {
        let habit = Habits.hint(keyword: name)
        let nearest = Nearest.match(name, in: names)
        let help: String
        if let habit, !habit.hasPrefix("write `") || names.contains(where: { habit.contains("`\($0)") }) {
            help = habit
        } else if names.contains("optimizer"), name == "learning_rate" || habit?.contains("`learning_rate=`") == true {
            help = "the learning rate belongs to the optimizer: `optimizer=adam(0.001)`"
        } else if let nearest {
            help = "did you mean `\(nearest)`?"
        } else {
            help = names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"
        }
        return Failure(.argument, "`\(function)` has no parameter `\(name)`", help: help, keyword: name)
    }

    // MARK: classes

    private func construct(_ cls: ClassBlock, _ slot: UnsafeMutablePointer<Value>, _ given: Int, _ names: [Int]) -> Bool {
        guard let instance = InstanceBlock.make(heap, cls, chain: state.pointee.chain) else {
            return fail(Machine.outOfMemory)
        }
        let value = Value(object: instance.layout)
        let initializer = cls.layout.pointee.initializer
        guard initializer.isObject else {
            guard given == 0, names.isEmpty else {
                value.release(heap)
                return fail(
                    Failure(
                        .argument, "`\(cls.info.name)` has no method `init`, so it takes no arguments",
                        help: "fn init(x) { self.x = x } in the class takes one"))
            }
            put(slot, value)
            return true
        }
        let code = FunctionBlock(initializer.object).layout.pointee.code
        guard canEnter(code, slot + 1) else {
            value.release(heap)
            return false
        }
        shift(slot + 1, given + names.count)
        slot[1] = value
        guard given + 1 == code.pointee.parameterCount && names.isEmpty || bind(code, slot + 1, given + 1, names) else {
            return false
        }
        // The class may not outlive the call by the register alone: the instance holds it.
        put(slot, code.pointee.needsItself ? initializer.retained : .none)
        enter(code, at: slot + 1, result: slot)
        return true
    }

    // MARK: methods

    /// `R[a] = R[a+1].name(…)` of everything but an instance's own method without keywords.
    @inline(never)
    func invoke(_ i: Instruction, keywords: Int) -> Bool {
        let s = state
        let slot = s.pointee.registers + Int(i.a)
        let receiver = slot[1]
        let symbol = Int(i.c)
        let name = s.pointee.interpreter.symbols.name(symbol)
        let given = Int(i.b)
        let named = keywords > 0 ? s.pointee.code.pointee.info.keywords[keywords - 1].count : 0
        if receiver.isObject(.instance) {
            let instance = InstanceBlock(receiver.object)
            let meaning = instance.class.meaning(symbol)
            if meaning != ClassBlock.nothing {
                if meaning & ClassBlock.methodBit != 0 {
                    slot.pointee = instance.class.layout.pointee.methods[Int(meaning & ~ClassBlock.methodBit)].retained
                    return callAny(Int(i.a), given + 1, keywords: keywords)
                }
                let value = instance.field(Int(meaning))
                if !value.isMissing {
                    value.retain()
                    return callInstead(value, slot, given + named) && callAny(Int(i.a), given, keywords: keywords)
                }
            }
        } else if let native = receiver.native {
            do throws(Failure) {
                if let value = try native.field(name) {
                    return callInstead(value, slot, given + named) && callAny(Int(i.a), given, keywords: keywords)
                }
            } catch {
                return fail(error)
            }
        }
        if keywords > 0, Methods.has(receiver, name) { return fail(Methods.takesNoKeywords(name, receiver)) }
        if name == "add", let help = Habits.hint(addTo: receiver.typeName) {
            return fail(Failure(.name, "\(receiver.inWords) has no method `add`", help: help))
        }
        if let builtin = s.pointee.interpreter.prelude[name], builtin.isObject(.builtin) {
            slot.pointee = builtin.retained
            return callAny(Int(i.a), given + 1, keywords: keywords)
        }
        if receiver.isObject(.map), let text = StringBlock.make(heap, name) {
            let key = Value(object: text.layout)
            defer { key.release(heap) }
            if let entry = MapBlock(receiver.object).slot(key), entry.pointee.isCallable {
                return fail(
                    Failure(
                        .name, "a map has no method `\(name)`",
                        help: "m.\(name)(...) is always a method; the entry is called by m[\"\(name)\"](...)"))
            }
        }
        return fail(noField(receiver, name, isMethod: true))
    }

    /// A function that was found in a field takes the receiver's place; the arguments move down.
    private func callInstead(_ function: Value, _ slot: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        slot.pointee = function
        let receiver = slot[1]
        for index in 0..<count { slot[index + 1] = slot[index + 2] }
        slot[count + 1] = .none
        receiver.release(heap)
        return true
    }

    func noField(_ receiver: Value, _ name: String, isMethod: Bool) -> Failure {
        let known = state.pointee.interpreter.fieldNames(of: receiver)
        var help = Habits.hint(field: name)
        if isMethod, known.contains(name), !Methods.has(receiver, name) { help = "it is a field: `.\(name)` without brackets" }
        if help == nil {
            help = Nearest.match(name, in: isMethod ? known + state.pointee.interpreter.preludeNames : known)
                .map { "did you mean `\($0)`?" }
        }
        if help == nil, !known.isEmpty, known.count <= 12 { help = "it has \(known.joined(separator: ", "))" }
        let what = receiver.isObject(.instance) ? "this \(receiver.typeName)" : receiver.inWords
        return Failure(.name, "\(what) has no \(isMethod ? "method" : "field") `\(name)`", help: help)
    }

    /// `R[a+1] |> R[a]`.
    @inline(never)
    func pipe(_ i: Instruction) -> Bool {
        let s = state
        let slot = s.pointee.registers + Int(i.a)
        if let native = slot[1].native {
            do throws(Failure) {
                let isHeld = slot[1].header.pointee.count > 1
                if let composed = try native.composed(with: slot.pointee, isHeld: isHeld, s.pointee.interpreter) {
                    dropTemporary(slot + 1)
                    put(slot, composed)
                    return true
                }
            } catch {
                return fail(error)
            }
        }
        if slot[1].isCallable, slot[1].native == nil, ["layer", "network"].contains(slot.pointee.native?.typeName) {
            return fail(
                Failure(
                    .type, "a layer takes a tensor or what another layer gives, not a function",
                    help: "an activation stands behind its layer: dense(4) |> relu |> dense(2)"))
        }
        guard slot.pointee.isCallable || s.pointee.interpreter.method("forward", of: slot.pointee) != nil else {
            return fail(
                Failure(
                    .type, "the right side of |> is a function, not \(slot.pointee.inWords)",
                    help: "x |> f is f(x); with more arguments write x |> (v -> f(v, 2))"))
        }
        return callAny(Int(i.a), 1, keywords: 0)
    }
}
