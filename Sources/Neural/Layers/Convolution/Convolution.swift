import Diagnostics
import Tensors

/// Filters that move over a series or an image:
///
///     y[i, j, f] = Σ x[i s + a d - p, j s + b d - p, c] W[a, b, c, f] + b[f]      s stride, d dilation, p padding
///
/// (a correlation, as in every framework; places outside the image are 0). Images [n, height, width, channels], or
/// [n, height, width] with one channel -> [n, height', width', filters]; series [n, steps, features] -> [n, steps', filters].
/// W [kernel…, channels / groups, filters], b [filters].
///
/// - filters: 1 or more.
/// - kernel, strides, dilation: a number for each axis, 1 or more.
/// - padding: valid by default.
/// - groups: channels and filters are divided into so many groups that see nothing of each other; 1 by default.
/// - activation, useBias, initializer, penalty: as for `Dense`.
public struct Convolution: Layer {
    /// 1 for series, 2 for images.
    public let axes: Int
    public let filters: Int
    public let kernel: [Int]
    public let strides: [Int]
    public let padding: Padding
    public let dilation: [Int]
    public let groups: Int
    public let activation: Activation
    public let useBias: Bool
    public let initializer: Initializer
    public let penalty: Penalty?

    public init(
        axes: Int, _ filters: Int, kernel: [Int], _ activation: Activation = .identity, strides: [Int]? = nil,
        padding: Padding = .valid, dilation: [Int]? = nil, groups: Int = 1, useBias: Bool = true,
        initializer: Initializer? = nil, penalty: Penalty? = nil
    ) throws(Failure) {
        let ones = [Int](repeating: 1, count: axes), name = "conv\(axes)d"
        try WindowNumbers.check([filters], "filters of \(name)")
        try WindowNumbers.check(kernel, "kernel_size of \(name)")
        try WindowNumbers.check(strides ?? ones, "strides of \(name)")
        try WindowNumbers.check(dilation ?? ones, "dilation_rate of \(name)")
        try WindowNumbers.check([groups], "groups of \(name)")
        if case .zeros(let rows, let columns) = padding { try WindowNumbers.check([rows, columns], "padding of \(name)", least: 0) }
        guard filters % groups == 0 else {
            throw Failure(.value, "\(filters) filters cannot be divided into \(groups) groups")
        }
        self.axes = axes
        self.filters = filters
        self.kernel = kernel
        self.strides = strides ?? ones
        self.padding = padding
        self.dilation = dilation ?? ones
        self.groups = groups
        self.activation = activation
        self.useBias = useBias
        self.penalty = penalty
        self.initializer = initializer ?? (activation.record.isRectifier ? .heUniform : .glorotUniform)
    }

    public var title: String { "conv\(axes)d \(filters)" }

    public var code: String {
        var parts = ["\(filters)", WindowNumbers.text(kernel)]
        if !activation.isIdentity { parts.append(activation.text) }
        if strides.contains(where: { $0 != 1 }) { parts.append("strides=\(WindowNumbers.text(strides))") }
        if padding != .valid { parts.append("padding=\(padding.text)") }
        if dilation.contains(where: { $0 != 1 }) { parts.append("dilation_rate=\(WindowNumbers.text(dilation))") }
        if groups != 1 { parts.append("groups=\(groups)") }
        if !useBias { parts.append("bias=false") }
        if let penalty { parts.append("penalty=\(penalty.text)") }
        return "conv\(axes)d(\(parts.joined(separator: ", ")))"
    }

    func geometry(_ input: [Int]) throws(Failure) -> Geometry { try Geometry(self, input) }

    public func outputShape(for input: [Int]) throws(Failure) -> [Int] {
        let geometry = try geometry(input)
        return (axes == 1 ? [] : [geometry.rows.count]) + [geometry.columns.count, filters]
    }

    public func parameters(for input: [Int]) -> [ParameterDescription] {
        let channels = (input.count > axes ? input[axes] : 1) / groups
        let field = product(of: kernel)
        let weights = ParameterDescription(
            name: "W", shape: kernel + [channels, filters], initializer: initializer, fanIn: field * channels,
            fanOut: field * filters, penalty: penalty)
        let bias = ParameterDescription(name: "b", shape: [filters], initializer: .zeros)
        return (useBias ? [weights, bias] : [weights]) + activation.parameters(filters)
    }

    public func work(for input: [Int]) -> Int {
        guard let geometry = try? geometry(input) else { return 0 }
        return geometry.places * geometry.depth * filters
    }

    public func stage(_ context: StageContext) throws(Failure) -> any Stage {
        try ConvolutionStage(self, context, pool: nil)
    }

    /// The sizes that follow from the shape of an image. A window lies in the padded image where it starts, plus its `runs`.
    struct Geometry {
        let image: ImageShape
        let rows: WindowAxis
        let columns: WindowAxis
        /// Channels of a group.
        let channels: Int

        init(_ layer: Convolution, _ input: [Int]) throws(Failure) {
            image = try ImageShape(input, axes: layer.axes)
            guard image.channels % layer.groups == 0 else {
                throw Failure(
                    .shape, "\(image.channels) channels cannot be divided into \(layer.groups) groups")
            }
            channels = image.channels / layer.groups
            let last = layer.axes - 1
            var zeros: (Int?, Int?) = (nil, nil)
            if case .zeros(let first, let second) = layer.padding { zeros = (layer.axes == 1 ? 0 : first, second) }
            rows = try WindowAxis(
                image.rows, size: layer.axes == 1 ? 1 : layer.kernel[0], stride: layer.axes == 1 ? 1 : layer.strides[0],
                dilation: layer.axes == 1 ? 1 : layer.dilation[0], zeros: zeros.0, isSame: layer.padding == .same, "rows")
            columns = try WindowAxis(
                image.columns, size: layer.kernel[last], stride: layer.strides[last], dilation: layer.dilation[last],
                zeros: zeros.1, isSame: layer.padding == .same, layer.axes == 1 ? "steps" : "columns")
            let padded = Double(rows.padded) * Double(columns.padded) * Double(image.channels)
            guard padded < 1e9, Double(places) * Double(depth) < 1e11 else {
                throw Failure(.memory, "images of \(image.rows) x \(image.columns) x \(image.channels) are too large for it")
            }
        }

        /// Windows of an image.
        var places: Int { rows.count * columns.count }
        /// Numbers of a window in a group.
        var depth: Int { rows.size * columns.size * channels }
        var isPadded: Bool { rows.padded != image.rows || columns.padded != image.columns }
        var paddedCount: Int { rows.padded * columns.padded * image.channels }

        /// Where each window begins in the padded image.
        var starts: [Int32] {
            (0..<rows.count).flatMap { row in
                (0..<columns.count).map { column in
                    Int32(truncatingIfNeeded: (row * rows.stride * columns.padded + column * columns.stride) * image.channels)
                }
            }
        }

        /// Numbers of a window that lie one behind the other.
        var runLength: Int {
            columns.dilation == 1 && channels == image.channels ? columns.size * channels : channels
        }
        var runs: [Int32] {
            let across = runLength == channels ? columns.size : 1
            return (0..<rows.size).flatMap { row in
                (0..<across).map { column in
                    Int32(truncatingIfNeeded: (row * rows.dilation * columns.padded + column * columns.dilation) * image.channels)
                }
            }
        }
    }
}
