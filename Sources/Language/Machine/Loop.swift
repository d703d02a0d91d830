import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension Machine {
    /// Runs from the state's `pc` until the entry that Swift made returns; false when a failure leaves it, which is in the
    /// state then.
    ///
    /// Fast cases stand here; everything else is a call that returns false where it failed, with `pc` behind the
    /// instruction at fault.
    @inline(never)
    func execute() -> Bool {
        let s = state
        let heap = s.pointee.heap
        let G = s.pointee.globals
        var pc = s.pointee.pc
        var R = s.pointee.registers
        var K = s.pointee.code.pointee.constants

        while true {
            dispatch: while true {
                let i = pc.pointee
                pc += 1
                switch i.op {
                // Moving
                case .copy:
                    let value = R[Int(i.b)]
                    value.retain()
                    write(R + Int(i.a), heap, value)
                case .take:
                    let value = R[Int(i.b)]
                    R[Int(i.b)] = .none
                    write(R + Int(i.a), heap, value)
                case .load:
                    let value = K[Int(i.b)]
                    value.retain()
                    write(R + Int(i.a), heap, value)
                case .global:
                    let value = G[Int(i.b)]
                    if value.isMissing {
                        _ = fail(unbound(slot: Int(i.b)))
                        break dispatch
                    }
                    value.retain()
                    write(R + Int(i.a), heap, value)
                case .setGlobal:
                    let value = R[Int(i.b)]
                    R[Int(i.b)] = .none
                    let old = G[Int(i.a)]
                    G[Int(i.a)] = value
                    old.release(heap)
                case .captured:
                    let value = FunctionBlock((R - 1).pointee.object).captures[Int(i.b)]
                    if value.isMissing, i.x == 0 {
                        _ = fail(unbound(Int(i.c)))
                        break dispatch
                    }
                    value.retain()
                    write(R + Int(i.a), heap, value)
                case .itself:
                    let value = (R - 1).pointee
                    value.retain()
                    write(R + Int(i.a), heap, value)
                case .neighbour:
                    if !makeNeighbour(i) { break dispatch }
                case .bound:
                    if R[Int(i.a)].isMissing {
                        _ = fail(unbound(Int(i.b)))
                        break dispatch
                    }
                case .unset: write(R + Int(i.a), heap, .missing)
                case .drop: write(R + Int(i.a), heap, .none)

                // Arithmetic. What is no number reads as NaN, and so does the result then: one test of it serves for both
                // operands, and the operation does not wait for it.
                case .add:
                    let result = R[Int(i.b)].number + R[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.add, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .subtract:
                    let result = R[Int(i.b)].number - R[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.subtract, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .multiply:
                    let result = R[Int(i.b)].number * R[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.multiply, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .divide:
                    let result = R[Int(i.b)].number / R[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.divide, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .floorDivide:
                    let x = R[Int(i.b)], y = R[Int(i.c)]
                    if x.isNumber, y.isNumber, let result = Machine.floorDivide(x.number, y.number) {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.floorDivide, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .remainder:
                    let x = R[Int(i.b)], y = R[Int(i.c)]
                    if x.isNumber, y.isNumber, let result = Machine.remainder(x.number, y.number) {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.modulo, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .power:
                    let x = R[Int(i.b)], y = R[Int(i.c)]
                    if x.isNumber, y.isNumber {
                        write(R + Int(i.a), heap, Value(pow(x.number, y.number)))
                    } else if !arithmetic(.power, i, R + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .addK:
                    let result = R[Int(i.b)].number + K[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.add, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .subtractK:
                    let result = R[Int(i.b)].number - K[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.subtract, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .multiplyK:
                    let result = R[Int(i.b)].number * K[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.multiply, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .divideK:
                    let result = R[Int(i.b)].number / K[Int(i.c)].number
                    if result == result {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.divide, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .floorDivideK:
                    let x = R[Int(i.b)]
                    if x.isNumber, let result = Machine.floorDivide(x.number, K[Int(i.c)].number) {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.floorDivide, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .remainderK:
                    let x = R[Int(i.b)]
                    if x.isNumber, let result = Machine.remainder(x.number, K[Int(i.c)].number) {
                        write(R + Int(i.a), heap, Value(result))
                    } else if !arithmetic(.modulo, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .powerK:
                    let x = R[Int(i.b)]
                    if x.isNumber {
                        let exponent = K[Int(i.c)].number
                        write(R + Int(i.a), heap, Value(exponent == 2 ? x.number * x.number : pow(x.number, exponent)))
                    } else if !arithmetic(.power, i, R + Int(i.b), K + Int(i.c)) {
                        break dispatch
                    }
                case .subtractFromK:
                    let y = R[Int(i.c)]
                    if y.isNumber {
                        write(R + Int(i.a), heap, Value(K[Int(i.b)].number - y.number))
                    } else if !arithmetic(.subtract, i, K + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .divideIntoK:
                    let y = R[Int(i.c)]
                    if y.isNumber {
                        write(R + Int(i.a), heap, Value(K[Int(i.b)].number / y.number))
                    } else if !arithmetic(.divide, i, K + Int(i.b), R + Int(i.c)) {
                        break dispatch
                    }
                case .matrixMultiply:
                    if !matrixMultiply(i) { break dispatch }
                case .both:
                    if !arithmetic(.and, i, R + Int(i.b), R + Int(i.c)) { break dispatch }
                case .either:
                    if !arithmetic(.or, i, R + Int(i.b), R + Int(i.c)) { break dispatch }
                case .negate:
                    let x = R[Int(i.b)]
                    if x.isNumber {
                        write(R + Int(i.a), heap, Value(-x.number))
                    } else if !negate(i) {
                        break dispatch
                    }
                case .not:
                    let x = R[Int(i.b)]
                    if x.isBool {
                        write(R + Int(i.a), heap, Value(!x.isTrue))
                    } else {
                        _ = fail(notABool(x, isNot: true))
                        break dispatch
                    }

                // Comparing
                case .equal: if !compare(.equal, i) { break dispatch }
                case .notEqual: if !compare(.notEqual, i) { break dispatch }
                case .less: if !compare(.less, i) { break dispatch }
                case .lessOrEqual: if !compare(.lessOrEqual, i) { break dispatch }
                case .greater: if !compare(.greater, i) { break dispatch }
                case .greaterOrEqual: if !compare(.greaterOrEqual, i) { break dispatch }
                case .contains: if !contains(i, wanted: true) { break dispatch }
                case .lacks: if !contains(i, wanted: false) { break dispatch }

                // Jumping
                case .jump: pc += distance(i.a)
                case .jumpBack:
                    pc += distance(i.a)
                    if Interruption.isRequested {
                        _ = fail(Interruption.failure)
                        break dispatch
                    }
                case .jumpIf:
                    let x = R[Int(i.a)]
                    if x.isTrue {
                        pc += distance(i.b)
                        if Interruption.isRequested {
                            _ = fail(Interruption.failure)
                            break dispatch
                        }
                    } else if !x.isBool {
                        _ = fail(notABool(x, isNot: false))
                        break dispatch
                    }
                case .jumpUnless:
                    let x = R[Int(i.a)]
                    if x == .false {
                        pc += distance(i.b)
                    } else if !x.isBool {
                        _ = fail(notABool(x, isNot: false))
                        break dispatch
                    }
                case .jumpIfLess:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if x.number < y.number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.less, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessLess:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if !(x.number < y.number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.less, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfLessOrEqual:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if x.number <= y.number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.lessOrEqual, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessLessOrEqual:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if !(x.number <= y.number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.lessOrEqual, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfEqual:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if x.number == y.number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.equal, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessEqual:
                    let x = R[Int(i.a)], y = R[Int(i.b)]
                    if x.isNumber, y.isNumber {
                        if x.number != y.number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.equal, i, R + Int(i.a), R + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfLessK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number < K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.less, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessLessK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if !(x.number < K[Int(i.b)].number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.less, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfLessOrEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number <= K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.lessOrEqual, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessLessOrEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if !(x.number <= K[Int(i.b)].number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.lessOrEqual, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfGreaterK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number > K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.greater, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessGreaterK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if !(x.number > K[Int(i.b)].number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.greater, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfGreaterOrEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number >= K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.greaterOrEqual, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessGreaterOrEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if !(x.number >= K[Int(i.b)].number) { pc += distance(i.c) }
                    } else {
                        guard let truth = truth(.greaterOrEqual, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number == K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.equal, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if truth { pc += distance(i.c) }
                    }
                case .jumpUnlessEqualK:
                    let x = R[Int(i.a)]
                    if x.isNumber {
                        if x.number != K[Int(i.b)].number {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let truth = truth(.equal, i, R + Int(i.a), K + Int(i.b)) else { break dispatch }
                        if !truth { pc += distance(i.c) }
                    }
                case .jumpIfGiven:
                    if !R[Int(i.a)].isMissing { pc += distance(i.b) }

                // Loops
                case .iterate:
                    if !startIteration(i) { break dispatch }
                    pc += distance(i.c)
                case .next:
                    let state = R + Int(i.a)
                    let limit = state[1]
                    if !limit.isObject {
                        // A range by ones: position and count are plain integers, which as doubles are tiny numbers.
                        let position = state[0].bits
                        if position < limit.bits {
                            state[0] = Value(bits: position &+ 1)
                            write(R + Int(i.b), heap, Value(state[2].number + Double(Int64(bitPattern: position))))
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    } else {
                        guard let goesOn = advance(state, into: R + Int(i.b)) else { break dispatch }
                        if goesOn {
                            pc += distance(i.c)
                            if Interruption.isRequested {
                                _ = fail(Interruption.failure)
                                break dispatch
                            }
                        }
                    }
                case .nextUnpacked:
                    guard let goesOn = advanceUnpacked(R + Int(i.a), pc.pointee) else { break dispatch }
                    if goesOn {
                        pc += distance(i.c)
                        if Interruption.isRequested {
                            _ = fail(Interruption.failure)
                            break dispatch
                        }
                    } else {
                        pc += 1
                    }

                // Calling
                case .call:
                    let function = R[Int(i.a)]
                    if function.isObject(.function), i.c == 0 {
                        let code = FunctionBlock(function.object).layout.pointee.code
                        let base = R + (Int(i.a) &+ 1)
                        if !canEnter(code, base) { break dispatch }
                        if Int(i.b) != code.pointee.parameterCount, !fill(code, base, Int(i.b)) { break dispatch }
                        let frame = s.pointee.frame
                        frame.initialize(to: Frame(pc: pc, registers: R, code: s.pointee.code, result: R + Int(i.a)))
                        s.pointee.frame = frame + 1
                        R = base
                        pc = code.pointee.instructions
                        K = code.pointee.constants
                        s.pointee.registers = R
                        s.pointee.code = code
                    } else {
                        s.pointee.pc = pc
                        if !callAny(Int(i.a), Int(i.b), keywords: Int(i.c)) { break dispatch }
                        pc = s.pointee.pc
                        R = s.pointee.registers
                        K = s.pointee.code.pointee.constants
                    }
                case .callGlobal:
                    let function = G[Int(i.c)]
                    if function.isObject(.function) {
                        let code = FunctionBlock(function.object).layout.pointee.code
                        let base = R + (Int(i.a) &+ 1)
                        if !canEnter(code, base) { break dispatch }
                        if Int(i.b) != code.pointee.parameterCount, !fill(code, base, Int(i.b)) { break dispatch }
                        if code.pointee.needsItself {
                            function.retain()
                            (base - 1).pointee = function
                        }
                        let frame = s.pointee.frame
                        frame.initialize(to: Frame(pc: pc, registers: R, code: s.pointee.code, result: R + Int(i.a)))
                        s.pointee.frame = frame + 1
                        R = base
                        pc = code.pointee.instructions
                        K = code.pointee.constants
                        s.pointee.registers = R
                        s.pointee.code = code
                    } else {
                        if function.isMissing {
                            _ = fail(unbound(slot: Int(i.c)))
                            break dispatch
                        }
                        s.pointee.pc = pc
                        function.retain()
                        R[Int(i.a)] = function
                        if !callAny(Int(i.a), Int(i.b), keywords: 0) { break dispatch }
                        pc = s.pointee.pc
                        R = s.pointee.registers
                        K = s.pointee.code.pointee.constants
                    }
                case .invoke:
                    let receiver = R[Int(i.a) &+ 1]
                    if receiver.isObject(.instance), pc.pointee.a == 0 {
                        let cls = InstanceBlock(receiver.object).class
                        let meaning = cls.meaning(Int(i.c))
                        if meaning & ClassBlock.methodBit != 0, meaning != ClassBlock.nothing {
                            let function = cls.layout.pointee.methods[Int(meaning & ~ClassBlock.methodBit)]
                            let code = FunctionBlock(function.object).layout.pointee.code
                            let base = R + (Int(i.a) &+ 1)
                            let given = Int(i.b) &+ 1
                            if !canEnter(code, base) { break dispatch }
                            if given != code.pointee.parameterCount, !fill(code, base, given) { break dispatch }
                            if code.pointee.needsItself {
                                function.retain()
                                (base - 1).pointee = function
                            }
                            let frame = s.pointee.frame
                            frame.initialize(
                                to: Frame(pc: pc + 1, registers: R, code: s.pointee.code, result: R + Int(i.a)))
                            s.pointee.frame = frame + 1
                            R = base
                            pc = code.pointee.instructions
                            K = code.pointee.constants
                            s.pointee.registers = R
                            s.pointee.code = code
                            continue dispatch
                        }
                    }
                    s.pointee.pc = pc + 1
                    if !invoke(i, keywords: Int(pc.pointee.a)) { break dispatch }
                    pc = s.pointee.pc
                    R = s.pointee.registers
                    K = s.pointee.code.pointee.constants
                case .pipe:
                    s.pointee.pc = pc
                    if !pipe(i) { break dispatch }
                    pc = s.pointee.pc
                    R = s.pointee.registers
                    K = s.pointee.code.pointee.constants
                case .giveBack, .giveNone:
                    var result = Value.none
                    if i.op == .giveBack {
                        result = R[Int(i.a)]
                        R[Int(i.a)] = .none
                    }
                    var local = R
                    let end = R + s.pointee.code.pointee.localCount
                    while local < end {
                        let value = local.pointee
                        if value.isObject {
                            local.pointee = .none
                            releaseObject(value, heap)
                        }
                        local += 1
                    }
                    let frame = s.pointee.frame - 1
                    s.pointee.frame = frame
                    let old = frame.pointee.result.pointee
                    frame.pointee.result.pointee = result
                    if old.isObject { releaseObject(old, heap) }
                    guard let back = frame.pointee.pc else { return true }
                    pc = back
                    R = frame.pointee.registers
                    let code = frame.pointee.code
                    K = code.pointee.constants
                    s.pointee.registers = R
                    s.pointee.code = code
                case .halt:
                    halt(i)
                    return true

                // Fields, elements, places
                case .field:
                    let object = R[Int(i.b)]
                    if object.isObject(.instance) {
                        let instance = InstanceBlock(object.object)
                        let meaning = instance.class.meaning(Int(i.c))
                        if meaning & ClassBlock.methodBit == 0 {
                            let value = instance.field(Int(meaning))
                            if !value.isMissing {
                                value.retain()
                                dropTemporary(R + Int(i.b))
                                write(R + Int(i.a), heap, value)
                                continue dispatch
                            }
                        }
                    }
                    if !field(i) { break dispatch }
                case .setField:
                    let object = R[Int(i.a)]
                    if object.isObject(.instance) {
                        let instance = InstanceBlock(object.object)
                        let meaning = Int(instance.class.meaning(Int(i.b)))
                        if meaning < instance.layout.pointee.capacity {
                            let slot = instance.layout.pointee.fields + meaning
                            let value = R[Int(i.c)]
                            if value.isObject {
                                if isTemporary(R + Int(i.c)) { R[Int(i.c)] = .none } else { value.retain() }
                            }
                            let old = slot.pointee
                            slot.pointee = value
                            if old.isObject { releaseObject(old, heap) }
                            dropTemporary(R + Int(i.a))
                            continue dispatch
                        }
                    }
                    if !setField(i) { break dispatch }
                case .updateField:
                    if !updateField(i) { break dispatch }
                case .index:
                    let object = R[Int(i.b)], key = R[Int(i.c)]
                    if key.isNumber, object.isObject {
                        if object.header.pointee.kind == BlockKind.tensor.rawValue {
                            let block = TensorBlock(object.object)
                            if block.rank == 1, block.header.pointee.detail == DType.float64.rawValue {
                                let count = block.count
                                let number = key.number
                                if number >= 0, number < Double(count) {
                                    let position = Int(number)
                                    if Double(position) == number {
                                        let value = Value(canonical: block.float64[position])
                                        dropTemporary(R + Int(i.b))
                                        write(R + Int(i.a), heap, value)
                                        continue dispatch
                                    }
                                }
                            }
                        } else if object.header.pointee.kind == BlockKind.list.rawValue {
                            let list = ListBlock(object.object)
                            let number = key.number
                            if number >= 0, number < Double(list.count) {
                                let position = Int(number)
                                if Double(position) == number {
                                    let value = list.layout.pointee.items[position]
                                    value.retain()
                                    dropTemporary(R + Int(i.b))
                                    write(R + Int(i.a), heap, value)
                                    continue dispatch
                                }
                            }
                        }
                    }
                    if !index(i) { break dispatch }
                case .index2:
                    let object = R[Int(i.b)], row = R[Int(i.c)], column = R[Int(i.c) &+ 1]
                    if row.isNumber, column.isNumber, object.isObject(.tensor) {
                        let block = TensorBlock(object.object)
                        if block.rank == 2, block.header.pointee.detail == DType.float64.rawValue {
                            let (y, x) = (row.number, column.number)
                            let rows = block.dims[0], columns = block.dims[1]
                            if y >= 0, y < Double(rows), x >= 0, x < Double(columns) {
                                let (m, n) = (Int(y), Int(x))
                                if Double(m) == y, Double(n) == x {
                                    let value = Value(canonical: block.float64[m &* columns &+ n])
                                    dropTemporary(R + Int(i.b))
                                    write(R + Int(i.a), heap, value)
                                    continue dispatch
                                }
                            }
                        }
                    }
                    if !indexMany(i, 2) { break dispatch }
                case .indexMany:
                    if !indexMany(i, Int(pc.pointee.a)) { break dispatch }
                    pc += 1
                case .setIndex:
                    let object = R[Int(i.a)], key = R[Int(i.b)], value = R[Int(i.c)]
                    if key.isNumber, object.isObject, object.header.pointee.count == 1 {
                        if object.header.pointee.kind == BlockKind.tensor.rawValue {
                            let block = TensorBlock(object.object)
                            if value.isNumber, block.rank == 1, block.header.pointee.detail == DType.float64.rawValue {
                                let number = key.number
                                if number >= 0, number < Double(block.count) {
                                    let position = Int(number)
                                    if Double(position) == number {
                                        block.float64[position] = value.number
                                        continue dispatch
                                    }
                                }
                            }
                        } else if object.header.pointee.kind == BlockKind.list.rawValue {
                            let list = ListBlock(object.object)
                            let number = key.number
                            if number >= 0, number < Double(list.count) {
                                let position = Int(number)
                                if Double(position) == number {
                                    let slot = list.layout.pointee.items + position
                                    if value.isObject {
                                        if isTemporary(R + Int(i.c)) { R[Int(i.c)] = .none } else { value.retain() }
                                    }
                                    let old = slot.pointee
                                    slot.pointee = value
                                    if old.isObject { releaseObject(old, heap) }
                                    continue dispatch
                                }
                            }
                        }
                    }
                    if !setIndex(i, 1) { break dispatch }
                case .setIndex2:
                    let object = R[Int(i.a)], row = R[Int(i.b)], column = R[Int(i.b) &+ 1], value = R[Int(i.c)]
                    if row.isNumber, column.isNumber, value.isNumber, object.isObject(.tensor),
                        object.header.pointee.count == 1
                    {
                        let block = TensorBlock(object.object)
                        if block.rank == 2, block.header.pointee.detail == DType.float64.rawValue {
                            let (y, x) = (row.number, column.number)
                            let rows = block.dims[0], columns = block.dims[1]
                            if y >= 0, y < Double(rows), x >= 0, x < Double(columns) {
                                let (m, n) = (Int(y), Int(x))
                                if Double(m) == y, Double(n) == x {
                                    block.float64[m &* columns &+ n] = value.number
                                    continue dispatch
                                }
                            }
                        }
                    }
                    if !setIndex(i, 2) { break dispatch }
                case .updateIndex:
                    if !updateIndex(i) { break dispatch }
                case .change:
                    s.pointee.pc = pc + 1
                    if !change(i, pc.pointee) { break dispatch }
                    pc = s.pointee.pc
                    R = s.pointee.registers
                    K = s.pointee.code.pointee.constants
                case .slice:
                    if !makeSlice(i) { break dispatch }

                // Making
                case .tuple: if !makeTuple(i) { break dispatch }
                case .bracket:
                    if !makeBracket(i, pc.pointee) { break dispatch }
                    pc += 1
                case .map: if !makeMap(i) { break dispatch }
                case .collect: if !startCollecting(i) { break dispatch }
                case .append:
                    let value = R[Int(i.b)]
                    R[Int(i.b)] = .none
                    if !ListBlock(R[Int(i.a)].object).append(value, heap) {
                        value.release(heap)
                        _ = fail(Machine.outOfMemory)
                        break dispatch
                    }
                case .collected: if !finishCollecting(i) { break dispatch }
                case .closure: if !makeClosure(i) { break dispatch }
                case .makeClass: if !makeClass(i) { break dispatch }
                case .text: if !makeText(i) { break dispatch }
                case .join: if !join(i) { break dispatch }
                case .unpack: if !unpack(R + Int(i.b), into: R + Int(i.a), Int(i.c)) { break dispatch }
                case .fail:
                    failAssertion(i)
                    break dispatch
                case .importModule:
                    s.pointee.pc = pc
                    if !importModule(i) { break dispatch }
                case .fuel:
                    s.pointee.steps &-= 1
                    if s.pointee.steps < 0 {
                        _ = fail(Failure(.timeout, "the steps for this run are used up"))
                        break dispatch
                    }
                case .extra: break
                }
            }
            // A failure: on to the nearest `catch`, or out.
            s.pointee.pc = pc
            if !unwind() { return false }
            pc = s.pointee.pc
            R = s.pointee.registers
            K = s.pointee.code.pointee.constants
        }
    }
}

// No closures in the loop: what a local function captures lives in memory, and each use of it is checked.

@inline(__always)
private func write(_ slot: UnsafeMutablePointer<Value>, _ heap: Heap, _ value: Value) {
    let old = slot.pointee
    slot.pointee = value
    if old.isObject { releaseObject(old, heap) }
}

@inline(__always)
private func distance(_ offset: UInt16) -> Int { Int(Int16(bitPattern: offset)) }
