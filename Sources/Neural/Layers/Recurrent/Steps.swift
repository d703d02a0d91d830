import CKernels
import Diagnostics
import Tensors

/// Rows of a batch for each step of time, one step after the other: [steps, rows, length].
struct Steps {
    let buffer: Buffer
    /// Elements of a row.
    let length: Int
    let size: Int

    init(_ context: StageContext, steps: Int, length: Int) throws(Failure) {
        buffer = try context.room([steps, context.batch, length])
        self.length = length
        size = context.dtype.size
    }

    /// The place of a row, of which there are `total` a step.
    @inline(__always)
    func at(_ step: Int, _ row: Int, of total: Int, column: Int = 0) -> UnsafeMutableRawPointer {
        buffer.bytes + ((step &* total &+ row) &* length &+ column) &* size
    }

    /// A row's length that begins each row at a multiple of a vector's.
    static func padded(_ length: Int) -> Int { (length + 15) & ~15 }
}

/// A matrix turned round once for all steps, because a library's product with the transpose is slower: one copy a thread.
struct TurnedMatrix {
    private let buffer: Buffer
    private let rows: Int
    private let columns: Int
    private let stride: Int

    init(_ context: StageContext, rows: Int, columns: Int) throws(Failure) {
        self.rows = rows
        self.columns = columns
        stride = (rows * columns * context.dtype.size + 127) & ~63
        buffer = try Buffer(bytes: context.isTraining ? stride * context.threads : 0, for: "the gradients")
    }

    /// The transpose [columns, rows] of a matrix [rows, columns].
    func turn(_ matrix: UnsafeRawPointer, _ loops: nnb_layers, thread: Int) -> UnsafeRawPointer {
        let place = buffer.bytes + thread * stride
        loops.transpose(rows, columns, matrix, place)
        return UnsafeRawPointer(place)
    }
}

/// Which steps are left out: one byte a step and row.
struct StepMask {
    private let bytes: Buffer?
    private let value: Double

    init(_ context: StageContext, value: Double?, steps: Int) throws(Failure) {
        self.value = value ?? 0
        bytes = value == nil ? nil : try Buffer(bytes: steps * context.batch, for: "a mask")
    }

    var isUsed: Bool { bytes != nil }

    func at(_ step: Int, _ row: Int, of total: Int) -> UnsafeMutablePointer<UInt8>? {
        bytes.map { ($0.bytes + (step &* total &+ row)).assumingMemoryBound(to: UInt8.self) }
    }

    func mark(
        _ loops: nnb_layers, _ step: Int, _ rows: Range<Int>, of total: Int, columns: Int, stride: Int, _ x: UnsafeRawPointer
    ) {
        guard let mask = at(step, rows.lowerBound, of: total) else { return }
        loops.mark(rows.count, columns, stride, value, x, mask)
    }
}

/// The gradient by a matrix over all steps at once: inputsᵀ deltas, cut into strips of its rows. The matrix may be several
/// parameters that lie one under the other.
struct StepGradient {
    /// The heights of the parameters.
    let heights: [Int]
    let columns: Int
    let pieces: Int
    private let strip: Int
    private let strips: Buffer
    private let kernels: Kernels

    init(_ context: StageContext, heights: [Int], columns: Int) throws(Failure) {
        self.heights = heights
        self.columns = columns
        let rows = heights.reduce(0, +)
        var pieces = 1
        while 2 * pieces <= Plan.mostParts, 2 * pieces <= rows, rows * columns / (2 * pieces) >= 8192 { pieces *= 2 }
        self.pieces = pieces
        strip = ((rows + pieces - 1) / pieces * columns * context.dtype.size + 127) & ~63
        strips = try Buffer(bytes: context.isTraining ? strip * context.threads : 0, for: "the gradients")
        kernels = context.kernels
    }

    /// The space of a thread for one piece.
    func space(_ thread: Int) -> UnsafeMutableRawPointer { strips.bytes + thread * strip }

    func rows(of piece: Int) -> Range<Int> {
        let rows = heights.reduce(0, +)
        return rows * piece / pieces..<rows * (piece + 1) / pieces
    }

    /// The piece's gradient from `count` rows of inputs and deltas, handed on parameter by parameter; `first` is the
    /// number of the first of them.
    func train(
        _ piece: Int, _ batch: Part, count: Int, inputs: UnsafeRawPointer, stride: Int, deltas: UnsafeRawPointer,
        first: Int, _ update: borrowing Update
    ) {
        let rows = rows(of: piece), gradient = space(batch.thread)
        kernels.product(
            rows.count, columns, count, inputs + rows.lowerBound * kernels.size, stride, transposed: true, deltas, columns,
            transposed: false, gradient, columns)
        hand(rows, gradient, first: first, update)
    }

    /// Rows of the matrix's gradient, to the parameters that they belong to.
    func hand(_ rows: Range<Int>, _ gradient: UnsafeMutableRawPointer, first: Int, _ update: borrowing Update) {
        var start = 0
        for (number, height) in heights.enumerated() {
            let own = rows.clamped(to: start..<start + height)
            if !own.isEmpty {
                update(
                    first + number, from: (own.lowerBound - start) * columns, count: own.count * columns,
                    gradient + (own.lowerBound - rows.lowerBound) * columns * kernels.size)
            }
            start += height
        }
    }
}

extension StageContext {
    /// Room for a product of lengths, which may be too many for the memory or for counting them.
    func room(_ lengths: [Int], _ purpose: String = "the outputs of a layer") throws(Failure) -> Buffer {
        var count = 1
        for length in lengths {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            count = overflow ? Int.max : product
        }
        return try room(count, purpose)
    }

    var loops: nnb_layers { nnb_layer_loops(dtype == .float64 ? 1 : 0).pointee }
}
