import CKernels
import Diagnostics
import Tensors

/// Operators where both sides are not simply numbers.
///
/// In place where it may be: a temporary that nobody else holds is written into, and so is the variable of `w += x` and
/// `w = w + x`.
extension Machine {
    @inline(__always)
    static func remainder(_ x: Double, _ y: Double) -> Double? {
        if x > -9e15, x < 9e15, y > -9e15, y < 9e15 {
            let (m, n) = (Int(x), Int(y))
            if Double(m) == x, Double(n) == y, n != 0 {
                let rest = m % n
                return Double(rest != 0 && (rest ^ n) < 0 ? rest &+ n : rest)
            }
        }
        return nil
    }

    @inline(__always)
    static func floorDivide(_ x: Double, _ y: Double) -> Double? {
        if x > -9e15, x < 9e15, y > -9e15, y < 9e15 {
            let (m, n) = (Int(x), Int(y))
            if Double(m) == x, Double(n) == y, n != 0 {
                let quotient = m / n
                return Double((m % n != 0 && (m ^ n) < 0) ? quotient &- 1 : quotient)
            }
        }
        return nil
    }

    /// `R[a] = left op right`; `i.x` is 1 for `R[a] op= right`.
    @inline(never)
    func arithmetic(
        _ operation: BinaryOperation, _ i: Instruction, _ left: UnsafeMutablePointer<Value>,
        _ right: UnsafeMutablePointer<Value>
    ) -> Bool {
        let target = state.pointee.registers + Int(i.a)
        do throws(Failure) {
            let result = try combined(operation, left, right, target, isCompound: i.x == 1)
            dropTemporary(left)
            dropTemporary(right)
            put(target, result)
            return true
        } catch {
            return fail(error)
        }
    }

    /// Constants are never temporaries: they lie outside of the stack.
    @inline(__always)
    private func mayReuse(_ operand: UnsafeMutablePointer<Value>, _ target: UnsafeMutablePointer<Value>) -> Bool {
        (operand == target || isOnStackAsTemporary(operand)) && operand.pointee.header.pointee.count == 1
    }

    @inline(__always)
    private func isOnStackAsTemporary(_ operand: UnsafeMutablePointer<Value>) -> Bool {
        isTemporary(operand) && operand < state.pointee.stackEnd
    }

    private func combined(
        _ operation: BinaryOperation, _ left: UnsafeMutablePointer<Value>, _ right: UnsafeMutablePointer<Value>,
        _ target: UnsafeMutablePointer<Value>, isCompound: Bool
    ) throws(Failure) -> Value {
        let heap = heap
        let x = left.pointee, y = right.pointee
        if x.isObject(.tensor) {
            let a = TensorBlock(x.object)
            if y.isObject(.tensor) {
                let b = TensorBlock(y.object)
                if isCompound { return Value(adopting: try Elementwise.compound(operation, a, b, heap)) }
                if mayReuse(left, target), try Elementwise.update(operation, a, b, heap) { return x.retained }
                if right != target, mayReuse(right, target), try Elementwise.updateRight(operation, a, b, heap) {
                    return y.retained
                }
                return Value(adopting: try Elementwise.binary(operation, a, b, heap))
            }
            if let number = Machine.arithmeticNumber(y) {
                if mayReuse(left, target), try Elementwise.update(operation, a, number, heap) { return x.retained }
                return Value(adopting: try Elementwise.binary(operation, a, number, heap))
            }
        } else if y.isObject(.tensor), let number = Machine.arithmeticNumber(x) {
            let b = TensorBlock(y.object)
            if isCompound {
                throw Failure(
                    .shape, "`\(operation.symbol)=` may not make a number into a tensor of shape \(b.shapeText)",
                    label: "{0} is a number", help: "write {0} = {0} \(operation.symbol) {1} if that is meant")
            }
            if mayReuse(right, target), try Elementwise.updateRight(operation, number, b, heap) { return y.retained }
            return Value(adopting: try Elementwise.binary(operation, number, b, heap))
        }
        return try other(operation, left, right, target, isCompound: isCompound)
    }

    /// `x op y` of values that stand in no registers, and are changed by nothing: they are held elsewhere too.
    func applied(
        _ operation: BinaryOperation, _ x: UnsafeMutablePointer<Value>, _ y: UnsafeMutablePointer<Value>
    ) throws(Failure) -> Value { try combined(operation, x, y, x, isCompound: false) }

    /// `old op value` of values that stand in no registers; counts as in `updated`.
    func evaluated(_ op: Op, _ old: Value, _ value: Value) throws(Failure) -> Value {
        if let operation = Machine.operation(op) {
            let pair = UnsafeMutablePointer<Value>.allocate(capacity: 2)
            defer { pair.deallocate() }
            pair[0] = old
            pair[1] = value
            let result = try combined(operation, pair, pair + 1, pair, isCompound: old.isTraced || value.isTraced)
            // What stands there now: text may have moved to a longer block.
            pair[0].release(heap)
            return result
        }
        if op == .matrixMultiply, old.isTraced || value.isTraced {
            let result = try productTraced(old, value)
            old.release(heap)
            return result
        }
        guard op == .matrixMultiply, old.isObject(.tensor), value.isObject(.tensor) else {
            throw Machine.unsupported("@", old, value)
        }
        let result = try MatrixProduct.product(TensorBlock(old.object), TensorBlock(value.object), heap)
        old.release(heap)
        return Value(item: result)
    }

    static func arithmeticNumber(_ value: Value) -> Double? {
        if value.isNumber { return value.number }
        if value.isBool { return value.isTrue ? 1 : 0 }
        return nil
    }

    private func other(
        _ operation: BinaryOperation, _ left: UnsafeMutablePointer<Value>, _ right: UnsafeMutablePointer<Value>,
        _ target: UnsafeMutablePointer<Value>, isCompound: Bool
    ) throws(Failure) -> Value {
        let x = left.pointee, y = right.pointee
        if x.isTraced || y.isTraced { return try combinedTraced(operation, x, y, isCompound: isCompound) }
        if operation.isLogical {
            if x.isBool, y.isBool { return Value(operation == .and ? x.isTrue && y.isTrue : x.isTrue || y.isTrue) }
        } else if let a = Machine.arithmeticNumber(x), let b = Machine.arithmeticNumber(y) {
            if b == 0, operation == .floorDivide || operation == .modulo { throw Elementwise.divisionByZero(operation) }
            return Value(canonical: operation(a, b))
        }
        if operation == .add, x.isObject(.string), y.isObject(.string) {
            let (a, b) = (StringBlock(x.object), StringBlock(y.object))
            if left == target || isOnStackAsTemporary(left), x.header.pointee.count == 1, x != y {
                guard let joined = StringBlock.appended(heap, a, b) else { throw Machine.outOfMemory }
                // The block may have moved: the register follows, and the result carries a count of its own.
                let value = Value(object: joined.layout)
                left.pointee = value
                return value.retained
            }
            guard let joined = StringBlock.joined(heap, a, b) else { throw Machine.outOfMemory }
            return Value(object: joined.layout)
        }
        if operation == .multiply, x.isObject(.string), let count = y.int { return try repeated(x, count) }
        if operation == .multiply, y.isObject(.string), let count = x.int { return try repeated(y, count) }
        if let native = x.native, let result = try native.combine(operation, y, isLeft: true, state.pointee.interpreter) {
            return result
        }
        if let native = y.native, let result = try native.combine(operation, x, isLeft: false, state.pointee.interpreter) {
            return result
        }
        if let result = try combinedStructures(operation, x, y) { return result }
        throw Machine.unsupported(operation.symbol, x, y)
    }

    private func repeated(_ text: Value, _ count: Int) throws(Failure) -> Value {
        let block = StringBlock(text.object)
        let times = max(count, 0)
        let (total, overflow) = block.byteCount.multipliedReportingOverflow(by: times)
        guard !overflow, let result = StringBlock.make(heap, count: total, capacity: total) else {
            throw Machine.outOfMemory
        }
        guard total > 0 else { return Value(object: result.layout) }
        result.bytes.update(from: block.bytes, count: block.byteCount)
        var filled = block.byteCount
        while filled < total {
            let more = min(filled, total - filled)
            (result.bytes + filled).update(from: result.bytes, count: more)
            filled += more
        }
        return Value(object: result.layout)
    }

    static let numbersHelp = "a list of numbers becomes a tensor by tensor(xs)"

    /// A list that holds numbers and nothing else.
    static func isNumbers(_ value: Value) -> Bool {
        guard value.isObject(.list), let items = value.items, !items.isEmpty else { return false }
        return items.allSatisfy(\.isNumber)
    }

    static func unsupported(_ symbol: String, _ x: Value, _ y: Value) -> Failure {
        var help: String?
        if symbol == "%", x.isObject(.string) {
            help = "text with values in it is written f\"{x:.2f}\""
        } else if isNumbers(x) || isNumbers(y), !x.isObject(.string), !y.isObject(.string) {
            help = numbersHelp
        } else if symbol == "+", x.isObject(.string) || y.isObject(.string) {
            help = "text with values in it is written f\"... {x} ...\"; str(x) gives the text of x"
        } else if symbol == "+", x.isObject(.list), y.isObject(.list) {
            help = "one list of both: xs = {0}; for y in {1} { xs.push(y) }"
        } else if symbol == "*", x.isObject(.list) && y.isNumber || y.isObject(.list) && x.isNumber {
            help = "a value repeated in a list: [x for _ in range(10)]"
        } else if symbol == "+", x.isObject(.list) || y.isObject(.list) {
            help = "xs.push(x) appends to a list"
        } else if symbol == "&" || symbol == "|" {
            help = "& and | combine bool tensors; of two conditions write `\(symbol == "&" ? "and" : "or")`"
        } else if x.isCallable, !y.isCallable {
            help = "{0} is a function: call it, {0}(...)"
        } else if y.isCallable, !x.isCallable {
            help = "{1} is a function: call it, {1}(...)"
        } else if x.isObject(.list) || y.isObject(.list) {
            help = numbersHelp
        }
        return Failure(
            .type, "`\(symbol)` does not go with \(x.inWords) and \(y.inWords)",
            label: "{0} is \(x.inWords), {1} is \(y.inWords)", help: help)
    }

    @inline(never)
    func matrixMultiply(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let left = registers + Int(i.b), right = registers + Int(i.c)
        let x = left.pointee, y = right.pointee
        if x.isObject(.tensor), y.isObject(.tensor) {
            do throws(Failure) {
                let result = try MatrixProduct.product(TensorBlock(x.object), TensorBlock(y.object), heap)
                dropTemporary(left)
                dropTemporary(right)
                put(registers + Int(i.a), Value(item: result))
                return true
            } catch {
                return fail(error)
            }
        }
        if Machine.arithmeticNumber(x) != nil || Machine.arithmeticNumber(y) != nil {
            if x.isObject(.tensor) || y.isObject(.tensor) || (Machine.arithmeticNumber(x) != nil && Machine.arithmeticNumber(y) != nil) {
                return arithmetic(.multiply, i, left, right)
            }
        }
        if x.isTraced || y.isTraced {
            return attempt { () throws(Failure) in
                let result = try productTraced(x, y)
                dropTemporary(left)
                dropTemporary(right)
                put(registers + Int(i.a), result)
            }
        }
        return fail(Machine.unsupported("@", x, y))
    }

    @inline(never)
    func negate(_ i: Instruction) -> Bool {
        let registers = state.pointee.registers
        let operand = registers + Int(i.b), target = registers + Int(i.a)
        let x = operand.pointee
        return attempt { () throws(Failure) in
            if x.isBool {
                put(target, Value(x.isTrue ? -1.0 : 0.0))
                return
            }
            guard x.isObject(.tensor) else {
                if x.isTraced {
                    let result = try x.tracedObject.negated()
                    dropTemporary(operand)
                    put(target, result)
                    return
                }
                if let native = x.native,
                    let result = try native.combine(.multiply, Value(-1.0), isLeft: true, state.pointee.interpreter)
                {
                    dropTemporary(operand)
                    put(target, result)
                    return
                }
                if let result = try combinedStructures(.multiply, x, Value(-1.0)) {
                    dropTemporary(operand)
                    put(target, result)
                    return
                }
                throw Failure(.type, "`-` does not go with \(x.inWords)", label: "{0} is \(x.inWords)")
            }
            let block = TensorBlock(x.object)
            if mayReuse(operand, target), Mathematics.update(.negate, block) {
                x.retain()
                dropTemporary(operand)
                put(target, x)
            } else {
                let result = try Mathematics.apply(.negate, block, heap)
                dropTemporary(operand)
                put(target, Value(adopting: result))
            }
        }
    }
}
