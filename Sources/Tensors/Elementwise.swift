import CKernels
import Diagnostics

/// Operators element by element, of raw blocks: results are owned by the caller.
///
/// Types: uint8 and bool become float32 and float64 first; float32 with float64 gives float64; a number takes the
/// type of the tensor. Comparisons give bool. NaN and infinities go through as IEEE 754 has them.
public enum Elementwise {
    /// Up to this many elements a loop in place beats the call of a kernel.
    @usableFromInline static let small = 16

    // MARK: two tensors

    /// `a op b`, shapes by the rule of `Broadcast`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if a.dtype == .float64, b.dtype == .float64, a.count <= small,
            operation.rawValue <= BinaryOperation.divide.rawValue, a.hasShape(of: b)
        {
            let result = try TensorBlock.make(like: a, .float64, heap)
            few(operation, a, b, into: result)
            return result
        }
        return try general(operation, a, b, heap)
    }

    /// `a op b` into `a`, where that keeps its shape and type; false (and nothing done) where it does not: then
    /// `binary` has the result or the error. The caller vouches that nobody else holds `a`.
    @inlinable
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        if a.dtype == .float64, b.dtype == .float64, a.count <= small,
            operation.rawValue <= BinaryOperation.divide.rawValue, a.hasShape(of: b)
        {
            few(operation, a, b, into: a)
            return true
        }
        return try generalUpdate(operation, a, b, heap)
    }

    /// `a op b` into `b`, under the same conditions: for a temporary on the right.
    @inlinable
    public static func updateRight(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        guard a.dtype == b.dtype, a.dtype == .float64 || a.dtype == .float32,
            operation.rawValue <= BinaryOperation.minimum.rawValue, a.hasShape(of: b)
        else { return false }
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, a, b, into: b)
        } else {
            try loop(operation, 0, a.count, a, 0, b, 0, into: b, 0)
        }
        return true
    }

    /// `x op= b` of a name or field: the result may not change its shape, and a float tensor keeps its type. Gives `a`
    /// with one more count if it was changed in place, else a block of its own.
    public static func compound(
        _ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if !a.isShared, try update(operation, a, b, heap) {
            a.retain()
            return a
        }
        var result = try binary(operation, a, b, heap)
        guard result.hasShape(of: a) else {
            defer { result.release(heap) }
            throw Failure(
                .shape,
                "`\(operation.symbol)=` may not change the shape \(a.shapeText) into \(result.shapeText)",
                label: BroadcastFailure.label(a.shape, b.shape),
                help: "write {0} = {0} \(operation.symbol) {1} if that is meant")
        }
        if a.dtype == .float32, result.dtype == .float64 {
            let wide = result
            defer { wide.release(heap) }
            result = try Conversion.float(wide, as: .float32, heap)
        }
        return result
    }

    // MARK: a tensor and a number

    /// `a op number`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            let result = try TensorBlock.make(like: a, .float64, heap)
            few(operation, a, number, into: result)
            return result
        }
        return try general(operation, a, number, heap)
    }

    /// `number op b`.
    @inlinable
    public static func binary(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> TensorBlock {
        if b.dtype == .float64, b.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            let result = try TensorBlock.make(like: b, .float64, heap)
            few(operation, number, b, into: result)
            return result
        }
        return try general(operation, number, b, heap)
    }

    /// `a op number` into `a`; false where its type would change. The caller vouches that nobody else holds `a`.
    @inlinable
    public static func update(
        _ operation: BinaryOperation, _ a: TensorBlock, _ number: Double, _ heap: Heap
    ) throws(Failure) -> Bool {
        if a.dtype == .float64, a.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, a, number, into: a)
            return true
        }
        return try generalUpdate(operation, a, number, heap)
    }

    /// `number op b` into `b`; false where its type would change. The caller vouches that nobody else holds `b`.
    @inlinable
    public static func updateRight(
        _ operation: BinaryOperation, _ number: Double, _ b: TensorBlock, _ heap: Heap
    ) throws(Failure) -> Bool {
        if b.dtype == .float64, b.count <= small, operation.rawValue <= BinaryOperation.divide.rawValue {
            few(operation, number, b, into: b)
            return true
        }
        return try generalUpdateRight(operation, number, b, heap)
    }

    // MARK: a few elements

    // Both blocks float64 and of one shape; only the four ground operations.
    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, into out: TensorBlock) {
        let (x, y, z, n) = (a.float64, b.float64, out.float64, a.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x[i] + y[i] }
        case .subtract: for i in 0..<n { z[i] = x[i] - y[i] }
        case .multiply: for i in 0..<n { z[i] = x[i] * y[i] }
        default: for i in 0..<n { z[i] = x[i] / y[i] }
        }
    }

    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ a: TensorBlock, _ y: Double, into out: TensorBlock) {
        let (x, z, n) = (a.float64, out.float64, a.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x[i] + y }
        case .subtract: for i in 0..<n { z[i] = x[i] - y }
        case .multiply: for i in 0..<n { z[i] = x[i] * y }
        default: for i in 0..<n { z[i] = x[i] / y }
        }
    }

    @inlinable @inline(__always)
    static func few(_ operation: BinaryOperation, _ x: Double, _ b: TensorBlock, into out: TensorBlock) {
        let (y, z, n) = (b.float64, out.float64, b.count)
        switch operation {
        case .add: for i in 0..<n { z[i] = x + y[i] }
        case .subtract: for i in 0..<n { z[i] = x - y[i] }
        case .multiply: for i in 0..<n { z[i] = x * y[i] }
        default: for i in 0..<n { z[i] = x / y[i] }
        }
    }

    /// The right operand's shape is the end of the left's: a bias on a few rows.
    private static func fewRows(_ operation: BinaryOperation, _ a: TensorBlock, _ b: TensorBlock, into out: TensorBlock) {
        let (y, length) = (b.float64, b.count)
        var start = 0
        while start < a.count {
            let (x, z) = (a.float64 + start, out.float64 + start)
            switch operation {
            case .add: for i in 0..<length { z[i] = x[i] + y[i] }
            case .subtract: for i in 0..<length { z[i] = x[i] - y[i] }
            case .multiply: for i in 0..<length { z[i] = x[i] * y[i] }
            default: for i in 0..<length { z[i] = x[i] / y[i] }
            }
            start += length
        }
    }

    // MARK: any types and shapes

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
    private static func run(_ heap: Heap, _ result: TensorBlock, _ body: () throws(Failure) -> Void) throws(Failure) {
        do throws(Failure) {
            try body()
        } catch {
            result.release(heap)
            throw error
        }
    }

    /// The right operand's shape is the end of the left's: as many rounds as it takes.
    private static func repeatRight(
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
    private static func operandType(_ operation: BinaryOperation, _ a: DType, _ b: DType) throws(Failure) -> DType {
        if operation.isLogical {
            guard a == .bool, b == .bool else { throw notMask(operation, a != .bool ? a : b, operand: a != .bool ? 0 : 1) }
            return .bool
        }
        if operation.isComparison, a == b { return a }
        return Conversion.common(a, b)
    }

    private static func notMask(_ operation: BinaryOperation, _ dtype: DType, operand: Int) -> Failure {
        Failure(
            .type, "`\(operation.symbol)` joins bool tensors, not \(dtype.name)",
            label: "{\(operand)} is \(dtype.name)",
            help: "compare first, each side in parentheses: (X > 0) \(operation.symbol) (X < 1)")
    }

    /// A number as a block of one element, of the type that it takes beside a tensor.
    private static func single(
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
    private static func shortPower(_ exponent: Double) -> UnaryFunction? {
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

    private static func refuseZeros(
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

