import CKernels
import Diagnostics
import Tensors

/// A vector for each of a number of things, looked up by the thing's number: input [batch, …] of whole numbers from 0 ->
/// output [batch, …, width]. W [count, width] starts uniform in ±0.05, as in Keras.
///
/// - count: how many things there are.
/// - width: the length of their vectors.
/// - padding: the number for which 0 is given instead of its vector; by default there is none. A recurrent layer with mask=0 then
///   leaves such steps out.
///
/// Bengio et al. 2003, JMLR 3, 1137-1155.
public struct Embedding: Layer {
    public let count: Int
    public let width: Int
    public let padding: Int?

    public init(_ count: Int, _ width: Int, padding: Int? = nil) throws(Failure) {
        guard count > 0, count <= 1 << 24 else {
            throw Failure(.value, "count of embedding must be from 1 to \(1 << 24), not \(count)")
        }
        guard width > 0, width <= 1 << 16 else {
            throw Failure(.value, "width of embedding must be from 1 to \(1 << 16), not \(width)")
        }
        if let padding, padding < 0 || padding >= count {
            throw Failure(.value, "padding of embedding must be one of the numbers 0 to \(count - 1), not \(padding)")
        }
        self.count = count
        self.width = width
        self.padding = padding
    }

    public var title: String { "embedding \(count) × \(width)" }

    public var code: String { "embedding(\(count), \(width)\(padding.map { ", padding=\($0)" } ?? ""))" }

    public func outputShape(for input: [Int]) -> [Int] { input + [width] }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        [ParameterDescription(name: "W", shape: [count, width], initializer: .uniform)]
    }

    public func work(for input: [Int]) -> Int { product(of: input) * width * 4 }

    public func check(_ x: Tensor) throws(Failure) {
        for index in 0..<x.count {
            let number = x.block.number(at: index)
            guard let id = Int(exactly: number), id >= 0, id < count else {
                throw Failure(
                    .value,
                    "embedding of \(count) takes the whole numbers from 0 to \(count - 1); X holds \(NumberText.plain(number))",
                    help: number == Double(count) ? "embedding(\(count + 1), …), or X - 1 if they count from 1" : nil)
            }
        }
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage { try EmbeddingStage(self, context) }

    /// Refuses an embedding, also one inside of a layer, behind layers that give anything but the numbers that came in.
    static func check(_ layer: any Layer, after before: [any Layer]) throws(Failure) {
        guard let other = before.last(where: { !($0 is Reshape || $0 is Flatten) }), isIn(layer) else { return }
        throw Failure(
            .shape, "takes whole numbers, the numbers of things, and \(other.title) before it gives others",
            help: "put it first: an embedding looks up what X holds")
    }

    private static func isIn(_ layer: any Layer) -> Bool {
        layer is Embedding || (layer as? any CompositeLayer)?.inner(for: []).contains { isIn($0.layer) } == true
    }
}

/// The gradient is formed for all of W, piece by piece of its rows: each looks through the batch for its own numbers.
final class EmbeddingStage: Stage {
    private let count: Int
    private let width: Int
    private let padding: Int
    private let places: Int
    private let size: Int
    private let loops: nnb_layers
    private let table: UnsafeMutableRawPointer
    let pieces: Int
    private let strip: Int
    private let gradients: Buffer

    init(_ layer: Embedding, _ context: StageContext) throws(Failure) {
        guard let table = context.parameters.first else { throw Failure(.internal, "the embedding has no parameters") }
        count = layer.count
        width = layer.width
        padding = layer.padding ?? -1
        places = product(of: context.input)
        size = context.dtype.size
        loops = context.loops
        self.table = table
        pieces = max(1, min(count, count * width / 8192, Plan.mostParts))
        strip = ((count + pieces - 1) / pieces * width * size + 127) & ~63
        gradients = try Buffer(bytes: context.isTraining ? strip * context.threads : 0, for: "the gradients")
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        let first = part.rows.lowerBound * places
        loops.lookup(part.rows.count * places, width, count, padding, x + first * size, table, y + first * width * size)
    }

    /// Numbers of things have no derivative.
    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        if let dx { loops.clear(part.rows.count, places, dx + part.rows.lowerBound * places * size, places) }
    }

    func train(
        _ piece: Int, _ batch: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeRawPointer, update: borrowing Update
    ) {
        let first = count * piece / pieces, own = count * (piece + 1) / pieces - first
        let gradient = gradients.bytes + batch.thread * strip
        loops.lookup_gradient(batch.rows.count * places, width, first, own, padding, x, dy, gradient)
        update(0, from: first * width, count: own * width, gradient)
    }
}
