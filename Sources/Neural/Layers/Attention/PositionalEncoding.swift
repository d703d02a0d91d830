import CKernels
import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Adds to each step of a sequence what tells its position: input and output [batch, steps, features].
///
///     y = x + P      P[t, 2i] = sin(t / 10000^(2i / features)),  P[t, 2i + 1] = cos(t / 10000^(2i / features))
///
/// - isLearned: P [steps, features] is trained instead and starts uniform in ±0.05; false by default.
///
/// Vaswani et al. 2017, arXiv:1706.03762.
public struct PositionalEncoding: Layer {
    public let isLearned: Bool

    public init(isLearned: Bool = false) { self.isLearned = isLearned }

    public var title: String { "positional_encoding" }

    public var code: String { "positional_encoding(\(isLearned ? "learned=true" : ""))" }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        guard input.count == 2 else {
            throw Failure(
                .shape, "takes sequences [steps, features]; a sample here is \(Tensor.text(of: input))",
                help: input.count == 1 ? "put embedding(…) or reshape(…) before it" : nil)
        }
        return input
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        isLearned ? [ParameterDescription(name: "P", shape: input, initializer: .uniform)] : []
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try PositionalEncodingStage(context) }
}

final class PositionalEncodingStage: Stage {
    private let width: Int
    private let size: Int
    private let kernels: Kernels
    private let loops: nnb_layers
    private let fixed: Buffer?
    private let table: UnsafeMutableRawPointer
    private let gradient: Buffer
    let pieces: Int

    init(_ context: StageContext) throws(Failure) {
        width = product(of: context.input)
        size = context.dtype.size
        kernels = context.kernels
        loops = context.loops
        if let learned = context.parameters.first {
            fixed = nil
            table = learned
            pieces = 1
            gradient = try context.room(width, "the gradients")
        } else {
            let buffer = try context.room(width)
            let features = context.input.last ?? 1
            for index in 0..<width {
                let (time, place) = (Double(index / features), index % features)
                let angle = time / pow(10000, Double(place & ~1) / Double(features))
                let value = place & 1 == 0 ? sin(angle) : cos(angle)
                if context.dtype == .float64 {
                    buffer.bytes.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
                } else {
                    buffer.bytes.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
                }
            }
            fixed = buffer
            table = buffer.bytes
            pieces = 0
            gradient = try context.room(0)
        }
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let start = part.rows.lowerBound * width * size
        loops.add_row(part.rows.count, width, x + start, table, y + start)
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        let start = part.rows.lowerBound * width * size
        dx.map { ($0 + start).copyMemory(from: dy + start, byteCount: part.rows.count * width * size) }
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        kernels.table.pointee.column_sums(batch.rows.count, width, width, dy, gradient.bytes)
        update(0, from: 0, count: width, gradient.bytes)
    }
}
