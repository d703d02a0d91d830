import CKernels
import Diagnostics
import Tensors

/// A convolution image by image: its windows are laid out as rows (im2col), and one product with W gives the outputs; with
/// padding the image is first copied into a frame of zeros. The gradient by W is formed for each part of the batch by itself and added up
/// in order.
///
/// With a pool behind it only the greatest of each of the pool's windows is kept, and which one it was: the convolution's
/// own outputs never leave the cache.
final class ConvolutionStage: Stage {
    private let kernels: Kernels
    private let loops: nnb_images
    private let geometry: Convolution.Geometry
    private let filters: Int
    private let groups: Int
    private let places: Int
    private let depth: Int
    private let size: Int
    private let imageBytes: Int
    private let outBytes: Int
    private let weights: UnsafeMutableRawPointer
    let bias: UnsafeRawPointer?
    let pieces: Int
    private let tables: Buffer
    private let starts: UnsafePointer<Int32>
    private let runs: UnsafePointer<Int32>
    private let runCount: Int
    private let pool: nnb_windows?
    private let chosen: Buffer
    private let keepsChosen: Bool

    // A thread's space: the padded image, its gradient, the windows and then their gradients, the unpooled outputs or
    // their gradient.
    private let space: Buffer
    private let spaceBytes: Int
    private let paddedBytes: Int
    private let outputsBytes: Int
    /// The gradients by W and b of each part.
    private let partial: Buffer
    private let partialBytes: Int
    private let sumBytes: Int

    init(_ layer: Convolution, _ context: StageContext, pool: Pool?) throws(Failure) {
        guard let weights = context.parameters.first else { throw Failure(.internal, "a convolution has no W") }
        kernels = context.kernels
        loops = nnb_image_loops(kernels.isDouble ? 1 : 0).pointee
        geometry = try layer.geometry(context.input)
        filters = layer.filters
        groups = layer.groups
        places = geometry.places
        depth = geometry.depth
        size = kernels.size
        self.weights = weights
        bias = context.parameters.count > 1 ? UnsafeRawPointer(context.parameters[1]) : nil
        imageBytes = geometry.image.rows * geometry.image.columns * geometry.image.channels * size
        outBytes = product(of: context.output) * size
        pieces = max(1, min(depth * filters / 4096, 16))
        if let pool {
            self.pool = try pool.windows([geometry.rows.count, geometry.columns.count, filters], axes: 2)
        } else {
            self.pool = nil
        }
        let all = geometry.starts, runs = geometry.runs
        tables = try Buffer(bytes: (all.count + runs.count) * 4, for: "the windows of a convolution")
        let table = tables.bytes.bindMemory(to: Int32.self, capacity: all.count + runs.count)
        for (index, value) in (all + runs).enumerated() { table[index] = value }
        starts = UnsafePointer(table)
        self.runs = UnsafePointer(table + all.count)
        runCount = runs.count

        let size = kernels.size
        let line: (Int) -> Int = { ($0 * size + 127) & ~63 }
        paddedBytes = line(geometry.paddedCount)
        outputsBytes = line(places * filters)
        let isTraining = context.isTraining
        spaceBytes = 2 * paddedBytes + line(places * depth) + outputsBytes
        space = try context.room(spaceBytes / size * context.threads)
        sumBytes = line(filters)
        partialBytes = isTraining ? line(depth * filters) + 2 * sumBytes : 0
        partial = try context.room(partialBytes / size * context.parts, "the gradients")
        keepsChosen = isTraining
        chosen = try context.room(pool == nil || !isTraining ? 0 : context.batch * product(of: context.output))
    }

    private func image(_ x: UnsafeRawPointer, _ row: Int, _ part: Part) -> UnsafeRawPointer {
        let image = x + row * imageBytes
        guard geometry.isPadded else { return image }
        let frame = space.bytes + part.thread * spaceBytes
        // The zeros around it stay.
        let across = geometry.image.columns * geometry.image.channels * size
        for line in 0..<geometry.image.rows {
            (frame + inside(line)).copyMemory(from: image + line * across, byteCount: across)
        }
        return UnsafeRawPointer(frame)
    }

    /// Where a line of the image begins in its frame, in bytes.
    private func inside(_ line: Int) -> Int {
        ((line + geometry.rows.before) * geometry.columns.padded + geometry.columns.before) * geometry.image.channels * size
    }

    /// Filters of a group.
    private var width: Int { filters / groups }

    private func windows(_ part: Part) -> UnsafeMutableRawPointer {
        space.bytes + part.thread * spaceBytes + 2 * paddedBytes
    }

    /// Lays out the windows of a group of an image.
    private func take(_ image: UnsafeRawPointer, _ group: Int, _ windows: UnsafeMutableRawPointer) {
        loops.take_windows(
            places, starts, runCount, runs, geometry.runLength, image + group * geometry.channels * size, windows)
    }

    private func chosen(_ row: Int) -> UnsafeMutablePointer<Int32> {
        chosen.bytes.assumingMemoryBound(to: Int32.self) + row * (outBytes / size)
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        for row in part.rows {
            let image = image(x, row, part), out = y + row * outBytes
            let sums = pool == nil ? out : space.bytes + part.thread * spaceBytes + spaceBytes - outputsBytes
            let windows = windows(part)
            for group in 0..<groups {
                let column = group * width * size
                take(image, group, windows)
                kernels.product(
                    places, width, depth, windows, depth, transposed: false, weights + column, filters, transposed: false,
                    sums + column, filters)
            }
            if let pool { loops.largest(pool, sums, out, keepsChosen ? chosen(row) : nil) }
        }
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let mine = partial.bytes + part.number * partialBytes
        let sums = mine + (partialBytes - 2 * sumBytes), row = sums + sumBytes
        clear(mine, partialBytes)
        let frame = space.bytes + part.thread * spaceBytes, back = frame + paddedBytes
        let unpooled = frame + spaceBytes - outputsBytes, windows = windows(part)
        for number in part.rows {
            let image = image(x, number, part)
            var d = UnsafeRawPointer(dy + number * outBytes)
            if bias != nil {
                kernels.table.pointee.column_sums(outBytes / size / filters, filters, filters, d, row)
                kernels.add(filters, row, to: sums)
            }
            if let pool {
                clear(unpooled, outputsBytes)
                loops.largest_back(pool, d, chosen(number), unpooled)
                d = UnsafeRawPointer(unpooled)
            }
            for group in 0..<groups {
                let column = group * width * size
                take(image, group, windows)
                kernels.product(
                    depth, width, places, windows, depth, transposed: true, d + column, filters, transposed: false,
                    mine + column, filters, adds: true)
            }
            guard let dx else { continue }
            let target = dx + number * imageBytes
            let whole = geometry.isPadded ? back : target
            clear(whole, geometry.isPadded ? paddedBytes : imageBytes)
            for group in 0..<groups {
                let column = group * width * size
                kernels.product(
                    places, depth, width, d + column, filters, transposed: false, weights + column, filters,
                    transposed: true, windows, depth)
                loops.add_windows(
                    places, starts, runCount, runs, geometry.runLength, windows, whole + group * geometry.channels * size)
            }
            guard geometry.isPadded else { continue }
            let across = geometry.image.columns * geometry.image.channels * size
            for line in 0..<geometry.image.rows {
                (target + line * across).copyMemory(from: back + inside(line), byteCount: across)
            }
        }
    }

    private func clear(_ data: UnsafeMutableRawPointer, _ bytes: Int) {
        data.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let all = depth * filters, first = all * piece / pieces, count = all * (piece + 1) / pieces - first
        for part in 1..<max(1, batch.count) {
            kernels.add(count, partial.bytes + part * partialBytes + first * size, to: partial.bytes + first * size)
        }
        update(0, from: first, count: count, partial.bytes + first * size)
        guard piece == 0, bias != nil else { return }
        let sums = partial.bytes + (partialBytes - 2 * sumBytes)
        for part in 1..<max(1, batch.count) { kernels.add(filters, sums + part * partialBytes, to: sums) }
        update(1, from: 0, count: filters, sums)
    }
}
