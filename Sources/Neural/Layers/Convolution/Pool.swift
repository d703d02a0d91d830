import CKernels
import Diagnostics
import Tensors

/// The greatest, or the mean, of each window of a series or an image, a channel by itself:
/// [n, height, width, channels] -> [n, height', width', channels], [n, steps, features] -> [n, steps', features]. The global
/// ones take everything at once: -> [n, channels].
///
/// At the edge with padding "same" only the places inside count. Where several are greatest, the first of them has the
/// gradient.
///
/// - size: of a window, 1 or more; nil for the whole image.
/// - strides: the size by default.
/// - padding: valid by default.
public struct Pool: Layer {
    public enum Kind: String, Sendable { case largest = "maxpool", mean = "avgpool" }

    public let kind: Kind
    public let size: [Int]?
    public let strides: [Int]?
    public let isSame: Bool

    public init(_ kind: Kind, size: [Int]?, strides: [Int]? = nil, isSame: Bool = false) throws(Failure) {
        if let size { try WindowNumbers.check(size, "pool_size of \(kind.rawValue)") }
        if let strides { try WindowNumbers.check(strides, "strides of \(kind.rawValue)") }
        self.kind = kind
        self.size = size
        self.strides = strides
        self.isSame = isSame
    }

    public var title: String { size.map { "\(kind.rawValue) \(WindowNumbers.text($0))" } ?? "global_\(kind.rawValue)" }

    public var code: String {
        guard let size else { return "global_\(kind.rawValue)()" }
        var parts = [WindowNumbers.text(size)]
        if let strides, strides != size { parts.append("strides=\(WindowNumbers.text(strides))") }
        if isSame { parts.append("padding=\"same\"") }
        return "\(kind.rawValue)(\(parts.joined(separator: ", ")))"
    }

    /// A shape of two axes is a series, [steps, features].
    private func axes(_ input: [Int]) -> Int { input.count == 2 ? 1 : 2 }

    /// The windows on a shape; `axes` is 1 for series, 2 for images.
    func windows(_ input: [Int], axes: Int) throws(Failure) -> nnb_windows {
        guard input.count == axes + 1 else {
            throw Failure(
                .shape,
                "takes images of shape (height, width, channels) or series of shape (steps, features); a sample here is \(Tensor.text(of: input))")
        }
        let image = try ImageShape(input, axes: axes)
        let sizes = size ?? (axes == 1 ? [image.columns] : [image.rows, image.columns])
        guard sizes.count == axes || (sizes.count == 2 && sizes[0] == sizes[1]) else {
            throw Failure(.argument, "pool_size has \(sizes.count) numbers and a sample \(axes == 1 ? "one axis" : "two axes") to move on")
        }
        let steps = strides ?? sizes
        let last = axes - 1
        let rows = try WindowAxis(
            image.rows, size: axes == 1 ? 1 : sizes[0], stride: axes == 1 ? 1 : steps[0], zeros: nil, isSame: isSame, "rows")
        let columns = try WindowAxis(
            image.columns, size: sizes[last], stride: steps[min(last, steps.count - 1)], zeros: nil, isSame: isSame,
            axes == 1 ? "steps" : "columns")
        guard Double(rows.size) * Double(columns.size) < 1e9 else {
            throw Failure(.value, "a window of \(rows.size) x \(columns.size) is too large")
        }
        return nnb_windows(
            rows: image.rows, columns: image.columns, channels: image.channels, height: rows.size, width: columns.size,
            down: rows.stride, across: columns.stride, top: rows.before, left: columns.before, out_rows: rows.count,
            out_columns: columns.count)
    }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        let windows = try windows(input, axes: axes(input))
        if size == nil { return [windows.channels] }
        return (axes(input) == 1 ? [] : [windows.out_rows]) + [windows.out_columns, windows.channels]
    }

    public func work(for input: [Int]) -> Int { product(of: input) }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage {
        try PoolStage(windows(context.input, axes: axes(context.input)), context, isMean: kind == .mean)
    }

    /// Behind a convolution, where the greatest commutes with bias and activation, both become one node.
    public func place(
        in plan: inout Plan, at point: Plan.Point, _ slots: ArraySlice<Plan.Slot>
    ) throws(Failure) -> Plan.Point {
        if kind == .largest, !isSame, size != nil, strides == nil || strides == size,
            let pooled = try plan.absorb(self, at: point)
        {
            return pooled
        }
        return try plan.append(self, at: point, slots)
    }
}

/// A convolution and the pool behind it.
struct PooledConvolution: Layer {
    let convolution: Convolution
    let pool: Pool

    var title: String { convolution.title }

    func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        try pool.outputShape(for: convolution.outputShape(for: input))
    }

    func stage(_ context: StageContext) throws(Failure) -> any Stage {
        try ConvolutionStage(convolution, context, pool: pool)
    }
}

final class PoolStage: Stage {
    private let loops: nnb_images
    private let windows: nnb_windows
    private let isMean: Bool
    private let size: Int
    private let inputs: Int
    private let outputs: Int
    private let chosen: Buffer
    private let keepsChosen: Bool

    init(_ windows: nnb_windows, _ context: StageContext, isMean: Bool) throws(Failure) {
        loops = nnb_image_loops(context.dtype == .float64 ? 1 : 0).pointee
        self.windows = windows
        self.isMean = isMean
        size = context.dtype.size
        inputs = product(of: context.input)
        outputs = product(of: context.output)
        keepsChosen = context.isTraining
        chosen = try context.room(isMean || !context.isTraining ? 0 : context.batch * outputs)
    }

    private func chosen(_ row: Int) -> UnsafeMutablePointer<Int32> {
        chosen.bytes.assumingMemoryBound(to: Int32.self) + row * outputs
    }

    func forward(_ part: Part, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
        for row in part.rows {
            let from = x + row * inputs * size, to = y + row * outputs * size
            if isMean {
                loops.mean(windows, from, to)
            } else {
                loops.largest(windows, from, to, keepsChosen ? chosen(row) : nil)
            }
        }
    }

    func backward(
        _ part: Part, x: UnsafeRawPointer, y: UnsafeRawPointer, dy: UnsafeMutableRawPointer, dx: UnsafeMutableRawPointer?
    ) {
        guard let dx else { return }
        (dx + part.rows.lowerBound * inputs * size).initializeMemory(
            as: UInt8.self, repeating: 0, count: part.rows.count * inputs * size)
        for row in part.rows {
            let from = dy + row * outputs * size, to = dx + row * inputs * size
            if isMean { loops.mean_back(windows, from, to) } else { loops.largest_back(windows, from, chosen(row), to) }
        }
    }
}
