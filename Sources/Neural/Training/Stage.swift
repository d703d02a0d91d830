import Diagnostics
import Tensors

/// A layer at work. It is made once for a network, a type and a greatest batch, allocates then what it needs, and nothing
/// in a step.
///
/// A batch is cut into parts of its rows, by shapes alone and never by the number of threads; each part goes through all
/// stages on one thread, while other threads are at other parts. Then, all parts being done, each piece of the parameters
/// is trained by one thread. So
///
///     forward(part)     y[rows] from x[rows]
///     backward(part)    dx[rows] from dy[rows]; keeps what `train` will need
///     train(piece)      the gradient by a piece of the parameters, over the whole batch, handed to `update`
///
/// x, y, dx and dy point to row 0 of their buffers: rows `[batch, …]` contiguous in the context's type. Sums over the batch
/// are made in a fixed order: in `train` over the rows, or in `backward` into a place of the part's own (`part.number`)
/// that `train` adds up in order. Whatever is not a function of the part or piece alone (`part.thread`) may choose scratch
/// space and nothing else.
///
/// Unsafe inside: pointers whose extents are the context's shapes; the executor vouches for them.
public protocol Stage: AnyObject {
    /// True where a training step needs all rows at once (batch normalisation): then `forward` and `backward` are called
    /// with all rows and `part.number` in 0 ..< `wholePieces`, between barriers. It divides its columns by that number.
    var needsWholeBatch: Bool { get }
    var wholePieces: Int { get }

    /// Above 1 where a stage's sums over its inputs are formed by pieces of the inputs and then added up in order. A first
    /// stage of this kind can begin piece by piece: then the thread that trains a piece of the parameters is also the one
    /// that reads it. `forward` of a part gives the same numbers.
    var inputPieces: Int { get }
    func columns(ofInputPiece piece: Int) -> Range<Int>
    /// The sums over a piece of the inputs, for all rows.
    func begin(_ piece: Int, _ batch: Part, x: UnsafeRawPointer)
    /// `forward`, given that `begin` was called for each piece, and the bias.
    func forwardBegun(_ part: Part, y: UnsafeMutableRawPointer)

    /// Added to the outputs by the executor together with the activation: a number for each place of the last axis.
    var bias: UnsafeRawPointer? { get }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer)

    /// dy is the gradient before the layer's activation and bias; it may be overwritten. dx is nil where nobody needs it;
    /// what stood there is replaced.
    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?)

    /// Into how many pieces the parameters are cut; from shapes alone. Pieces cost about the same.
    var pieces: Int { get }

    /// The whole batch is 0 ..< `batch.rows.count`, which had `batch.count` parts; `batch.thread` is the thread's number.
    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update)
}

extension Stage {
    public var needsWholeBatch: Bool { false }
    public var wholePieces: Int { 1 }
    public var inputPieces: Int { 1 }
    public func columns(ofInputPiece piece: Int) -> Range<Int> { 0..<0 }
    public func begin(_ piece: Int, _ batch: Part, x: UnsafeRawPointer) {}
    public func forwardBegun(_ part: Part, y: UnsafeMutableRawPointer) {}
    public var bias: UnsafeRawPointer? { nil }
    public var pieces: Int { 0 }
    public func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {}
}

/// Rows of a batch that are computed in one go.
public struct Part {
    public let rows: Range<Int>
    /// Which of the parts, from 0.
    public let number: Int
    /// All parts of this batch.
    public let count: Int
    /// Who computes it: for scratch space only.
    public let thread: Int
    public let isTraining: Bool
    /// All rows of this batch.
    public let total: Int
    /// Another one in each step; with a stage's number and an element's index it makes a random number.
    public let key: UInt64
}

/// What a stage is made for.
public struct StageContext {
    public let dtype: DType
    /// Of one sample.
    public let input: [Int]
    public let output: [Int]
    /// The most rows of a batch, parts of it, and threads at work.
    public let batch: Int
    public let parts: Int
    public let threads: Int
    /// The layer's parameters, in the order in which it describes them, each row-major.
    public let parameters: [UnsafeMutableRawPointer]
    /// Which stage of the network it is: makes random numbers differ from layer to layer.
    public let number: Int
    /// False where `backward` and `train` will never be called.
    public let isTraining: Bool

    var kernels: Kernels { Kernels(dtype) }

    /// Room for so many numbers, 0 at first, at a cache line.
    func room(_ count: Int, _ purpose: String = "the outputs of a layer") throws(Failure) -> Buffer {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.size)
        return try Buffer(bytes: overflow ? -1 : bytes, for: purpose)
    }
}

/// What becomes of a gradient: the optimizer's step at once, or a place where it is kept.
public struct Update: ~Copyable {
    /// A layer's parameter: where it begins in the network's buffer, in elements.
    struct Place {
        let offset: Int
        let count: Int
        let cost: Penalty
    }

    enum Way {
        case step(OptimizerStep, parameters: UnsafeMutableRawPointer)
        /// The same layout as the network's buffer.
        case store(UnsafeMutableRawPointer)
        /// The same, with the penalties' part and each number within the step's limit; the sum of the squares of each piece
        /// is added to its place.
        case collect(
            UnsafeMutableRawPointer, OptimizerStep, parameters: UnsafeMutableRawPointer,
            squares: UnsafeMutablePointer<Double>)
    }

    let places: UnsafeBufferPointer<Place>
    let way: Way
    let kernels: Kernels
    /// Which of all pieces of the network's parameters this is.
    let piece: Int

    /// Takes the gradient by the elements `start ..< start + count` of the layer's parameter `number`; may overwrite it.
    public func callAsFunction(_ number: Int, from start: Int, count: Int, _ gradient: UnsafeMutableRawPointer) {
        let size = kernels.size, offset = (places[number].offset + start) * size
        switch way {
        case .step(let step, let parameters):
            addCosts(places[number].offset + start, count, parameters, gradient)
            if let limit = step.limit { kernels.table.pointee.clip(count, limit, gradient) }
            step.apply(rows: 1, columns: count, stride: count, x: parameters, g: gradient, byteOffset: offset)
        case .store(let gradients):
            (gradients + offset).copyMemory(from: gradient, byteCount: count * size)
        case .collect(let gradients, let step, let parameters, let squares):
            addCosts(places[number].offset + start, count, parameters, gradient)
            if let limit = step.limit { kernels.table.pointee.clip(count, limit, gradient) }
            (gradients + offset).copyMemory(from: gradient, byteCount: count * size)
            squares[piece] += kernels.table.pointee.squares(count, gradient)
        }
    }

    /// The derivatives of the penalties; parameters that lie together may come together, each with its own.
    private func addCosts(
        _ first: Int, _ count: Int, _ parameters: UnsafeMutableRawPointer, _ gradient: UnsafeMutableRawPointer
    ) {
        for place in places where !place.cost.isNone {
            let start = max(first, place.offset), end = min(first + count, place.offset + place.count)
            guard start < end else { continue }
            _ = kernels.table.pointee.penalty(
                end - start, place.cost.l1, place.cost.l2, parameters + start * kernels.size,
                gradient + (start - first) * kernels.size)
        }
    }
}
