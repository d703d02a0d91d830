import Diagnostics
import Tensors

/// Values as tensors.
public enum Conversions {
    /// A tensor, number, bool, range, a list or tuple of these of one shape, or an engine object that has numbers; nil for
    /// anything else.
    public static func tensor(_ value: Value) throws(Failure) -> Tensor? {
        if value.isNumber { return try Tensor(scalar: value.number) }
        if value.isBool { return try Tensor([], [value.isTrue]) }
        if value.isObject(.tensor) { return Tensor(sharing: TensorBlock(value.object)) }
        if let items = value.items { return try stacked(items) }
        if let range = value.range {
            try checkRange(range)
            let result = try Tensor(uninitialized: [range.count])
            for index in 0..<range.count { result.block.float64[index] = range[index] }
            return result
        }
        return try value.native?.tensor()
    }

    /// The tensor that a list, a tuple or a range of numbers is; nil for anything else and for an empty one.
    public static func counted(_ value: Value) throws(Failure) -> Tensor? {
        guard value.items?.isEmpty == false || value.range.map({ $0.count > 0 }) == true else { return nil }
        return try tensor(value)
    }

    /// A range that is too long to be written out is refused before the attempt.
    static func checkRange(_ range: RangeBlock) throws(Failure) { _ = try Tensor(uninitialized: [range.count]) }

    /// Numbers, or tensors of one shape, along a new first axis; nil if anything else is among them. Ragged rows are an
    /// error that names the row.
    static func stacked(_ items: UnsafeBufferPointer<Value>) throws(Failure) -> Tensor? {
        if let flat = try vector(items) { return Tensor(adopting: flat) }
        var parts: [Tensor] = []
        parts.reserveCapacity(items.count)
        for item in items {
            guard let part = try tensor(item) else { return nil }
            parts.append(part)
        }
        return try stacked(parts)
    }

    /// Numbers and bools as a vector, owned; nil if anything else is among them. All bools give a bool vector.
    static func vector(_ items: UnsafeBufferPointer<Value>) throws(Failure) -> TensorBlock? {
        var bools = 0
        for item in items {
            if item.isBool { bools += 1 } else if !item.isNumber { return nil }
        }
        let heap = Heap.current
        if bools == items.count, bools > 0 {
            let block = try TensorBlock.make([items.count], .bool, heap)
            for index in 0..<items.count { block.bytes[index] = items[index].isTrue ? 1 : 0 }
            return block
        }
        let block = try TensorBlock.make([items.count], .float64, heap)
        for index in 0..<items.count {
            block.float64[index] = items[index].isNumber ? items[index].number : items[index].isTrue ? 1 : 0
        }
        return block
    }

    /// Tensors of one shape along a new first axis.
    static func stacked(_ parts: [Tensor]) throws(Failure) -> Tensor {
        guard let first = parts.first else { return try Tensor([Double]()) }
        let shape = first.shape
        var dtype = first.dtype
        for (row, part) in parts.enumerated() {
            guard part.shape == shape else {
                throw Failure(
                    .shape, "row \(row) has the shape \(Tensor.text(of: part.shape)), row 0 has \(Tensor.text(of: shape))",
                    help: "rows of one tensor are of one length; a list of tensors is made by list(a, b)")
            }
            if part.dtype != dtype { dtype = Conversion.common(Conversion.arithmetic(dtype), Conversion.arithmetic(part.dtype)) }
        }
        let heap = Heap.current
        let result = try TensorBlock.make([parts.count] + shape, dtype, heap)
        let bytes = first.count * dtype.size
        for (row, part) in parts.enumerated() where bytes > 0 {
            let target = result.data + row * bytes
            if part.dtype == dtype {
                target.copyMemory(from: part.block.data, byteCount: bytes)
            } else {
                let converted = try Conversion.float(part.block, as: dtype, heap)
                target.copyMemory(from: converted.data, byteCount: bytes)
                converted.release(heap)
            }
        }
        return Tensor(adopting: result)
    }
}

extension Tensor {
    /// Truths of that shape; the caller vouches for their number.
    convenience init(_ shape: [Int], _ truths: [Bool]) throws(Failure) {
        try self.init(uninitialized: shape, .bool)
        for (index, truth) in truths.enumerated() where index < count { block.bytes[index] = truth ? 1 : 0 }
    }
}
