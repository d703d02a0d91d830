import Diagnostics

/// `X[a:b]`, `X[:, j]` and the like: whole numbers and slices only, without the general plan and its arrays.
enum BasicIndexing {
    /// Nil where an index holds something else.
    static func get(_ a: TensorBlock, _ indices: [Index], _ heap: Heap) throws(Failure) -> Item? {
        let rank = a.rank
        guard rank > 0, indices.count <= rank else { return nil }
        for index in indices {
            switch index {
            case .at, .slice: continue
            default: return nil
            }
        }
        // The lengths and strides of the axes that stay.
        let scratchSize = 16 * rank
        guard let scratch = heap.allocate(scratchSize) else { throw Tensor.tooLarge(a.shape, a.dtype) }
        defer { heap.free(scratch, size: scratchSize) }
        let lengths = scratch.bindMemory(to: Int.self, capacity: 2 * rank), strides = lengths + rank
        var kept = 0, offset = 0, count = 1
        var step = 1
        for axis in stride(from: rank - 1, through: 0, by: -1) { step *= a.dims[axis] }
        for axis in 0..<rank {
            step = a.dims[axis] == 0 ? 0 : step / a.dims[axis]
            guard axis < indices.count else {
                lengths[kept] = a.dims[axis]
                strides[kept] = step
                count *= a.dims[axis]
                kept += 1
                continue
            }
            switch indices[axis] {
            case .at(let index):
                offset += try IndexPlan.position(index, a.dims[axis], axis) * step
            case .slice(let start, let stop, let every):
                let range = try IndexPlan.range(start, stop, every, a.dims[axis])
                if range.count > 0 { offset += range.start * step }
                lengths[kept] = range.count
                // A stride that is never taken may be beyond all bounds.
                strides[kept] = range.count > 1 ? range.step * step : 0
                count *= range.count
                kept += 1
            default: return nil
            }
        }
        if kept == 0 { return Indexing.element(a, offset) }
        guard let result = TensorBlock.make(heap, dtype: a.dtype, rank: kept, dims: lengths, count: count) else {
            throw Tensor.tooLarge(a.shape, a.dtype)
        }
        if count > 0 {
            switch a.dtype.size {
            case 8: copy(a.float64 + offset, result.float64, lengths, strides, kept)
            case 4: copy(a.float32 + offset, result.float32, lengths, strides, kept)
            default: copy(a.bytes + offset, result.bytes, lengths, strides, kept)
            }
        }
        return .tensor(result)
    }

    private static func copy<Element>(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, _ lengths: UnsafePointer<Int>,
        _ strides: UnsafePointer<Int>, _ rank: Int
    ) {
        var axes = rank
        var run = 1
        // The axes at the end that lie as they will.
        while axes > 0, strides[axes - 1] == run || lengths[axes - 1] == 1 {
            run *= lengths[axes - 1]
            axes -= 1
        }
        var written = 0
        fill(source, target, lengths, strides, axes, run, &written)
    }

    /// One axis a level: there are at most as many as a tensor has.
    private static func fill<Element>(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>, _ lengths: UnsafePointer<Int>,
        _ strides: UnsafePointer<Int>, _ axes: Int, _ run: Int, _ written: inout Int
    ) {
        if axes == 0 {
            (target + written).update(from: source, count: run)
            written += run
        } else if axes == 1, run == 1 {
            for index in 0..<lengths[0] { target[written + index] = source[index * strides[0]] }
            written += lengths[0]
        } else {
            for index in 0..<lengths[0] {
                fill(source + index * strides[0], target, lengths + 1, strides + 1, axes - 1, run, &written)
            }
        }
    }
}
