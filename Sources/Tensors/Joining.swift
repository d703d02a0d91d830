import Diagnostics

/// Tensors put together.
public enum Joining {
    /// The common type of what is joined: the parts' own where they agree, else by the rule of arithmetic.
    static func common(_ parts: [Tensor]) -> DType {
        guard let first = parts.first?.dtype else { return .float64 }
        if parts.allSatisfy({ $0.dtype == first }) { return first }
        return parts.dropFirst().reduce(Conversion.arithmetic(first)) { Conversion.common($0, $1.dtype) }
    }

    /// `a` with `item` as one more row at its end. Consumes one count of `a` and gives one of the result, which is `a`
    /// itself where nobody else holds it and there is room: pushing n times costs O(n).
    public static func push(_ a: TensorBlock, _ item: TensorBlock, _ heap: Heap) throws(Failure) -> TensorBlock {
        guard a.rank > 0 else { throw Failure(.type, "a number cannot be pushed to") }
        let row = Array(a.shape.dropFirst())
        guard item.shape == row else {
            throw Failure(
                .shape, "a row of shape \(item.shapeText) cannot be pushed to \(a.shapeText): its rows are \(Tensor.text(of: row))",
                label: "{0} is \(a.shapeText)")
        }
        let stored = try Conversion.stored(item, as: a.dtype, heap)
        defer { stored.release(heap) }
        let result = try grown(a, heap)
        let bytes = stored.count * a.dtype.size
        (result.data + (result.dims[0] - 1) * bytes).copyMemory(from: stored.data, byteCount: bytes)
        return result
    }

    /// A vector with one more number at its end; counts as in the form for rows.
    public static func push(_ a: TensorBlock, _ number: Double, _ heap: Heap) throws(Failure) -> TensorBlock {
        guard a.rank == 1 else {
            throw Failure(
                .shape, "a number cannot be pushed to \(a.shapeText): its rows are \(Tensor.text(of: Array(a.shape.dropFirst())))",
                label: "{0} is \(a.shapeText)")
        }
        let probe = try TensorBlock.make([], a.dtype, heap)
        defer { probe.release(heap) }
        if let failure = Conversion.store(number, in: probe, at: 0) { throw failure }
        let result = try grown(a, heap)
        _ = Conversion.store(number, in: result, at: result.count - 1)
        return result
    }

    /// One more row, not set.
    private static func grown(_ a: TensorBlock, _ heap: Heap) throws(Failure) -> TensorBlock {
        let row = a.shape.dropFirst().reduce(1, *)
        let offset = TensorBlock.dataOffset(rank: a.rank)
        let (count, overflow) = a.count.addingReportingOverflow(row)
        guard !overflow, count < Int.max / 32 else { throw Tensor.tooLarge(a.shape, a.dtype) }
        let needed = offset + count * a.dtype.size
        if !a.isShared, needed <= (a.size + 15) & ~15 {
            a.count = count
            a.dims[0] += 1
            return a
        }
        // Room for half as much again. `size` is what was asked of the heap, so it may exceed what the dims need.
        let capacity = needed + count / 2 * a.dtype.size
        guard let pointer = heap.allocate(capacity) else { throw Tensor.tooLarge(a.shape, a.dtype) }
        pointer.copyMemory(from: a.pointer, byteCount: offset + a.count * a.dtype.size)
        let result = TensorBlock(pointer)
        result.header.pointee = BlockHeader(kind: .tensor, detail: a.dtype.rawValue, rank: UInt8(truncatingIfNeeded: a.rank))
        result.size = capacity
        result.count = count
        result.dims[0] += 1
        a.release(heap)
        return result
    }
}
