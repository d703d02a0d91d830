import Diagnostics

/// Tensors put together.
public enum Joining {
    /// The common type of what is joined: the parts' own where they agree, else by the rule of arithmetic.
    static func common(_ parts: [Tensor]) -> DType {
        guard let first = parts.first?.dtype else { return .float64 }
        if parts.allSatisfy({ $0.dtype == first }) { return first }
        return parts.dropFirst().reduce(Conversion.arithmetic(first)) { Conversion.common($0, $1.dtype) }
    }

    /// One after the other along an axis that they have; the other lengths are the same.
    public static func concatenate(_ parts: [Tensor], axis: Int = 0) throws(Failure) -> Tensor {
        guard let first = parts.first else { throw Failure(.value, "there is nothing to join") }
        let rank = first.rank
        guard rank > 0 else { throw Failure(.shape, "numbers are joined by stack, or as [a, b]") }
        let axis = try Axes.resolved(axis, rank: rank)
        var shape = first.shape
        shape[axis] = 0
        for (index, part) in parts.enumerated() {
            let own = part.shape
            guard own.count == rank, own.indices.allSatisfy({ $0 == axis || own[$0] == first.shape[$0] }) else {
                throw Failure(
                    .shape,
                    "tensors of the shapes \(Tensor.text(of: first.shape)) and \(Tensor.text(of: own)) cannot be joined "
                        + "along axis \(axis)",
                    label: "part \(index) is \(Tensor.text(of: own)), the first is \(Tensor.text(of: first.shape))",
                    help: own == first.shape ? nil : "only the length of axis \(axis) may differ")
            }
            shape[axis] += own[axis]
        }
        let dtype = common(parts)
        let result = try Tensor(uninitialized: shape, dtype)
        let inner = shape[(axis + 1)...].reduce(1, *), outer = shape[..<axis].reduce(1, *)
        let row = shape[axis] * inner * dtype.size
        var start = 0
        for part in parts {
            let stored = try part.stored(as: dtype)
            let piece = part.shape[axis] * inner * dtype.size
            for index in 0..<outer {
                (result.block.data + index * row + start)
                    .copyMemory(from: stored.block.data + index * piece, byteCount: piece)
            }
            start += piece
        }
        return result
    }

    /// Beside each other along a new axis; the shapes are the same.
    public static func stack(_ parts: [Tensor], axis: Int = 0) throws(Failure) -> Tensor {
        guard let first = parts.first else { throw Failure(.value, "there is nothing to stack") }
        let axis = try Axes.resolved(axis, rank: first.rank + 1)
        var expanded: [Tensor] = []
        for (index, part) in parts.enumerated() {
            guard part.shape == first.shape else {
                throw Failure(
                    .shape,
                    "stack needs tensors of one shape: part \(index) is \(Tensor.text(of: part.shape)), the first is "
                        + "\(Tensor.text(of: first.shape))")
            }
            expanded.append(try Shaping.expand(part, axis: axis))
        }
        return try concatenate(expanded, axis: axis)
    }

    /// Parts along an axis, cut before each of the given places.
    public static func split(_ x: Tensor, at cuts: [Int], axis: Int = 0) throws(Failure) -> [Tensor] {
        let axis = try Axes.resolved(axis, rank: x.rank)
        let length = x.shape[axis]
        var parts: [Tensor] = []
        var start = 0
        for cut in cuts + [length] {
            let end = cut < 0 ? cut + length : cut
            guard end >= start, end <= length else {
                throw Failure(.value, "an axis of length \(length) cannot be cut at \(cut): the cuts ascend within it")
            }
            parts.append(try Shaping.take(x, axis: axis, from: start, to: end))
            start = end
        }
        return parts
    }

    /// Equal parts along an axis.
    public static func split(_ x: Tensor, into count: Int, axis: Int = 0) throws(Failure) -> [Tensor] {
        let resolved = try Axes.resolved(axis, rank: x.rank)
        let length = x.shape[resolved]
        guard count > 0 else { throw Failure(.value, "a tensor cannot be split into \(count) parts") }
        guard length % count == 0 else {
            throw Failure(
                .value, "an axis of length \(length) has no \(count) equal parts",
                help: "a list of places cuts it anywhere: split(x, [\(length / 2)])")
        }
        let part = length / count
        guard count <= length || length == 0 && count < 1 << 20 else { return [] }
        return try split(x, at: (1..<max(count, 1)).map { $0 * part }, axis: axis)
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
        // `a` may be gone after it.
        let result = try grown(a, heap)
        let bytes = stored.count * result.dtype.size
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
