import CKernels
import Diagnostics

/// Operators on any types and shapes: operands brought to one type, the loops of `tensor_loops.h` run over them.
extension Elementwise {
    @usableFromInline @inline(never)
    static func general(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if a.dtype == .float64, b.dtype == .float64, a.count <= 4 * small, b.count > 0,
            operation.rawValue <= BinaryOperation.divide.rawValue, a.ends(with: b)
        {
            let result = try TensorBlock.make(like: a, .float64, heap)
            fewRows(operation, a, b, into: result)
            return result
        }
        let dtype = try operandType(operation, a.dtype, b.dtype)
        let left = try Conversion.float(a, as: dtype, heap)
        defer { left.release(heap) }
        let right = try Conversion.float(b, as: dtype, heap)
        defer { right.release(heap) }
        let resultType = operation.isComparison ? DType.bool : dtype

        if a.hasShape(of: b) {
            let result = try TensorBlock.make(like: a, resultType, heap)
            try run(heap, result) { () throws(Failure) in
                try loop(operation, 0, a.count, left, 0, right, 0, into: result, 0)
            }
            return result
        }
        // A bias on a matrix, or a tensor without axes.
        if b.count > 0, a.ends(with: b) {
            let result = try TensorBlock.make(like: a, resultType, heap)
            try run(heap, result) { () throws(Failure) in
                try repeatRight(operation, left, right, into: result)
            }
            return result
        }
        let plan = try Broadcast(a.shape, b.shape, operation.symbol)
        let result = try TensorBlock.make(plan.shape, resultType, heap)
        var failure: Failure?
        plan.forEachRun { x, y, z in
            do throws(Failure) {
                try loop(operation, plan.form, plan.run, left, x, right, y, into: result, z)
            } catch { failure = error }
        }
        if let failure {
            result.release(heap)
            throw failure
        }
        return result
    }

    /// Releases the result if its making fails.
    static func run(_ heap: Heap, _ result: TensorBlock, _ body: () throws(Failure) -> Void) throws(Failure) {
        do throws(Failure) {
            try body()
        } catch {
            result.release(heap)
            throw error
        }
    }

    /// The right operand's shape is the end of the left's: as many rounds as it takes.
    static func repeatRight(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, into result: TensorBlock
    ) throws(Failure) {
        let length = b.count
        if length == 1 { return try loop(operation, 1, a.count, a, 0, b, 0, into: result, 0) }
        var start = 0
        while start < a.count {
            try loop(operation, 0, length, a, start, b, 0, into: result, start)
            start += length
        }
    }

    @usableFromInline @inline(never)
    static func generalUpdate(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        guard a.dtype == .float64 || a.dtype == .float32, !operation.isComparison, b.count > 0,
            a.hasShape(of: b) || a.ends(with: b)
        else { return false }
        if a.dtype == .float64, b.dtype == .float64, a.count <= 4 * small,
            operation.rawValue <= BinaryOperation.divide.rawValue
        {
            fewRows(operation, a, b, into: a)
            return true
        }
        let right = try Conversion.float(b, as: a.dtype, heap)
        defer { right.release(heap) }
        // The divisors are looked at before anything is written.
        if operation == .floorDivide || operation == .modulo { try refuseZeros(operation, right, 0, right.count) }
        try repeatRight(operation, a, right, into: a)
        return true
    }

    @usableFromInline @inline(never)
    static func general(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        let other = try single(operation, a.dtype, number, heap)
        defer { other.release(heap) }
        let left = try Conversion.float(a, as: other.dtype, heap)
        defer { left.release(heap) }
        let result = try TensorBlock.make(like: a, operation.isComparison ? .bool : other.dtype, heap)
        try run(heap, result) { () throws(Failure) in
            if operation == .power, let function = shortPower(number) {
                Mathematics.loop(function, left, into: result)
            } else {
                try loop(operation, 1, a.count, left, 0, other, 0, into: result, 0)
            }
        }
        return result
    }

    @usableFromInline @inline(never)
    static func general(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        let other = try single(operation, b.dtype, number, heap)
        defer { other.release(heap) }
        let right = try Conversion.float(b, as: other.dtype, heap)
        defer { right.release(heap) }
        let result = try TensorBlock.make(like: b, operation.isComparison ? .bool : other.dtype, heap)
        try run(heap, result) { () throws(Failure) in
            try loop(operation, 2, b.count, other, 0, right, 0, into: result, 0)
        }
        return result
    }

    @usableFromInline @inline(never)
    static func generalUpdate(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> Bool {
        guard a.dtype == .float64 || a.dtype == .float32, !operation.isComparison else { return false }
        if operation == .power, let function = shortPower(number) {
            Mathematics.loop(function, a, into: a)
            return true
        }
        let other = try single(operation, a.dtype, number, heap)
        defer { other.release(heap) }
        try loop(operation, 1, a.count, a, 0, other, 0, into: a, 0)
        return true
    }

    @usableFromInline @inline(never)
    static func generalUpdateRight(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        guard b.dtype == .float64 || b.dtype == .float32, !operation.isComparison,
            operation != .floorDivide, operation != .modulo
        else { return false }
        let other = try single(operation, b.dtype, number, heap)
        defer { other.release(heap) }
        try loop(operation, 2, b.count, other, 0, b, 0, into: b, 0)
        return true
    }

    // MARK: the loops

    /// The type in which two operands meet; an error where the operation does not take them.
    static func operandType(_ operation: BinaryOperation, _ a: DType, _ b: DType) throws(Failure) -> DType {
        if operation.isLogical {
            guard a == .bool, b == .bool else { throw notMask(operation, a != .bool ? a : b, operand: a != .bool ? 0 : 1) }
            return .bool
        }
        if operation.isComparison, a == b { return a }
        return Conversion.common(a, b)
    }

    static func notMask(_ operation: BinaryOperation, _ dtype: DType, operand: Int) -> Failure {
        Failure(
            .type, "`\(operation.symbol)` joins bool tensors, not \(dtype.name)",
            label: "{\(operand)} is \(dtype.name)",
            help: "compare first, each side in parentheses: (X > 0) \(operation.symbol) (X < 1)")
    }

    /// A number as a block of one element, of the type that it takes beside a tensor.
    static func single(
        _ operation: BinaryOperation, _ dtype: DType, _ number: Double, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        var type = Conversion.arithmetic(dtype)
        if operation.isLogical {
            guard dtype == .bool else { throw notMask(operation, dtype, operand: 0) }
            type = .bool
        } else if operation.isComparison, dtype == .uint8 {
            // Rounded to float32, 254.99999999 would be equal to 255.
            type = .float64
        }
        let block = try TensorBlock.make([], type, heap)
        switch type {
        case .float64: block.float64[0] = number
        case .float32: block.float32[0] = Float(number)
        case .uint8, .bool: block.bytes[0] = number != 0 ? 1 : 0
        }
        return block
    }

    /// Powers that need no `pow`.
    static func shortPower(_ exponent: Double) -> UnaryFunction? {
        exponent == 2 ? .square : nil
    }

    /// One run of a loop over operands of one type; offsets count elements.
    @usableFromInline
    static func loop(
        _ operation: BinaryOperation, _ form: Int32, _ count: Int,
        _ a: TensorBlock, _ x: Int, _ b: TensorBlock, _ y: Int, into out: TensorBlock, _ z: Int
    ) throws(Failure) {
        let code = Int32(operation.rawValue)
        if operation == .floorDivide || operation == .modulo, count > 0 {
            try refuseZeros(operation, b, y, form == 1 ? 1 : count)
        }
        switch (a.dtype, operation.isComparison) {
        case (.float64, false): nnb_binary_f64(code, form, count, a.float64 + x, b.float64 + y, out.float64 + z)
        case (.float32, false): nnb_binary_f32(code, form, count, a.float32 + x, b.float32 + y, out.float32 + z)
        case (.float64, true): nnb_compare_f64(code, form, count, a.float64 + x, b.float64 + y, out.bytes + z)
        case (.float32, true): nnb_compare_f32(code, form, count, a.float32 + x, b.float32 + y, out.bytes + z)
        default: nnb_compare_u8(code, form, count, a.bytes + x, b.bytes + y, out.bytes + z)
        }
    }

    static func refuseZeros(
        _ operation: BinaryOperation, _ divisor: TensorBlock, _ start: Int, _ count: Int
    ) throws(Failure) {
        for index in start..<(start + count) where divisor.number(at: index) == 0 {
            throw divisionByZero(operation)
        }
    }

    /// What `//` and `%` by zero say, of numbers and of tensors.
    public static func divisionByZero(_ operation: BinaryOperation) -> Failure {
        Failure(
            .value, "`\(operation.symbol)` by zero", label: "{1} is zero",
            help: operation == .floorDivide ? "`/` gives inf, -inf or nan instead" : nil)
    }
}

