import Diagnostics

/// Collects the code of one function: instructions with their spans, constants, registers, jumps.
///
/// Registers: named locals first, then hidden ones (the state of loops), both below `localCount`. Temporaries are a
/// stack above them; until the number of locals is known they are counted from `firstTemporary`.
final class Builder {
    static let firstTemporary = 0x8000
    static let mostLocals = 0x3F00
    static let mostTemporaries = 0x3F00

    let info: CodeInfo
    /// Filled in by `finish`; there from the start, so that functions can name each other.
    let code = UnsafeMutablePointer<Code>.allocate(capacity: 1)
    private(set) var instructions: [Instruction] = []
    private(set) var constants: [Value] = []
    private var numbers: [UInt64: Int] = [:]
    private var strings: [String: Int] = [:]
    private(set) var localCount: Int
    private var freeHidden: [Int: [Int]] = [:]
    private var depth = 0
    private var deepest = 0
    /// A part of the function has outgrown the instructions' operands.
    var isTooLarge = false

    init(info: CodeInfo, locals: Int) {
        self.info = info
        localCount = locals
    }

    var position: Int { instructions.count }

    // MARK: instructions

    @discardableResult
    func emit(
        _ op: Op, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, x: Int = 0, at span: Span, operands: [Span] = []
    ) -> Int {
        if a > 0xFFFF || b > 0xFFFF || c > 0xFFFF { isTooLarge = true }
        if !operands.isEmpty { info.operandSpans[instructions.count] = operands }
        instructions.append(Instruction(op, a, b, c, x: x))
        info.spans.append(span)
        return instructions.count - 1
    }

    func constant(_ number: Double) -> Int {
        if let known = numbers[number.bitPattern] { return known }
        numbers[number.bitPattern] = constants.count
        constants.append(Value(number))
        return constants.count - 1
    }

    func constant(_ text: String) -> Int {
        if let known = strings[text] { return known }
        strings[text] = constants.count
        constants.append(Value(string: text))
        return constants.count - 1
    }

    /// Takes over one count.
    func constant(_ value: Value) -> Int {
        if value.isNumber { return constant(value.number) }
        if !value.isObject, let known = numbers[value.bits] { return known }
        if !value.isObject { numbers[value.bits] = constants.count }
        constants.append(value)
        return constants.count - 1
    }

    // MARK: jumps

    /// Lets a jump that has been emitted lead to a place; the jump stands in the operand that its format names.
    func patch(_ jump: Int, to target: Int) {
        let offset = target - jump - 1
        guard let short = Int16(exactly: offset) else {
            isTooLarge = true
            return
        }
        let bits = UInt16(bitPattern: short)
        let format = Array(instructions[jump].op.operands)
        if format[0] == "j" {
            instructions[jump].a = bits
        } else if format[1] == "j" {
            instructions[jump].b = bits
        } else {
            instructions[jump].c = bits
        }
    }

    func patchHere(_ jumps: [Int]) { for jump in jumps { patch(jump, to: position) } }

    // MARK: registers

    func addLocal(_ name: String) -> Int {
        info.localNames[localCount] = name
        localCount += 1
        return localCount - 1
    }

    /// So many registers in a row that no name has.
    func hidden(_ count: Int = 1) -> Int {
        if let free = freeHidden[count]?.popLast() { return free }
        if localCount + count > Builder.mostLocals + 0x4000 { isTooLarge = true }
        localCount += count
        return localCount - count
    }

    func release(hidden register: Int, _ count: Int = 1) { freeHidden[count, default: []].append(register) }

    func temporary() -> Int {
        depth += 1
        deepest = max(deepest, depth)
        if depth > Builder.mostTemporaries { isTooLarge = true }
        return min(Builder.firstTemporary + depth - 1, 0xFFFF)
    }

    /// How many temporaries are in use.
    var mark: Int { depth }
    func free(to mark: Int) { depth = mark }

    func isTemporary(_ register: Int) -> Bool { register >= Builder.firstTemporary }
    /// Whether the register is the temporary that was taken last.
    func isTop(_ register: Int) -> Bool { register == Builder.firstTemporary + depth - 1 }

    /// Gives back the values of the temporaries above a mark, for a jump out of an expression.
    func drop(above mark: Int, at span: Span) {
        for index in mark..<max(depth, mark) { emit(.drop, Builder.firstTemporary + index, at: span) }
    }

    // MARK: the end

    /// Numbers the temporaries, adds the prologue that empties some locals, and fills in `code`.
    func finish(parameters: Int, required: Int, unset: [Int], needsItself: Bool, isMain: Bool) {
        let prologue = unset.map { Instruction(.unset, $0) }
        if !prologue.isEmpty {
            let shift = prologue.count
            instructions.insert(contentsOf: prologue, at: 0)
            info.spans.insert(contentsOf: Array(repeating: info.spans.first ?? Span(0, 0), count: shift), at: 0)
            info.operandSpans = Dictionary(
                info.operandSpans.map { ($0.key + shift, $0.value) }, uniquingKeysWith: { first, _ in first })
            for index in info.handlers.indices {
                info.handlers[index].start += shift
                info.handlers[index].end += shift
                info.handlers[index].target += shift
            }
        }
        func numbered(_ register: UInt16) -> UInt16 {
            Int(register) < Builder.firstTemporary
                ? register : UInt16(truncatingIfNeeded: Int(register) - Builder.firstTemporary + localCount)
        }
        for index in instructions.indices {
            let format = Array(instructions[index].op.operands)
            if format[0] == "r" { instructions[index].a = numbered(instructions[index].a) }
            if format[1] == "r" { instructions[index].b = numbered(instructions[index].b) }
            if format[2] == "r" { instructions[index].c = numbered(instructions[index].c) }
        }
        for index in info.handlers.indices {
            info.handlers[index].temporaries += localCount
            info.handlers[index].register = Int(numbered(UInt16(truncatingIfNeeded: info.handlers[index].register)))
        }
        info.instructionCount = instructions.count
        info.constantCount = constants.count
        let text = UnsafeMutablePointer<Instruction>.allocate(capacity: max(instructions.count, 1))
        text.initialize(from: instructions, count: instructions.count)
        let pool = UnsafeMutablePointer<Value>.allocate(capacity: max(constants.count, 1))
        pool.initialize(from: constants, count: constants.count)
        code.initialize(
            to: Code(
                instructions: text, constants: pool, parameterCount: parameters, requiredCount: required,
                localCount: localCount, registerCount: localCount + deepest + 2, needsItself: needsItself,
                isMain: isMain, info: info))
    }
}
