import CKernels
import Diagnostics
import Tensors

/// What an activation is: everything that is said of it anywhere comes from here. One file each in `Activations/`.
public struct ActivationRecord: Sendable {
    /// A number in the formula that the user may set.
    public struct Parameter: Sendable {
        public let name: String
        public let summary: String
        public let value: Double
        /// The least value allowed; `aboveZero` forbids 0 itself.
        public let aboveZero: Bool
    }

    /// What its outputs may be: chooses the rule of `accuracy` and which loss fits.
    public enum Range: Sendable, Equatable {
        /// [0, 1]
        case unit
        /// [-1, 1]
        case symmetric
        /// Each row sums to 1.
        case distribution
        case other
    }

    public let name: String
    public let summary: String
    public let formula: String
    /// The derivative, f standing for the output; says what is taken where there is none.
    public let derivative: String
    public let rangeText: String
    public let range: Range
    public let parameter: Parameter?
    /// Weights of a layer with it start as He et al. propose rather than Glorot.
    public let isRectifier: Bool
    /// False where the derivative is 0 everywhere, so that nothing before it can be learned.
    public let isTrainable: Bool
    let code: Int

    init(
        _ name: String, _ summary: String, code: Int, formula: String, derivative: String, rangeText: String,
        range: Range = .other, parameter: Parameter? = nil, isRectifier: Bool = false, isTrainable: Bool = true
    ) {
        self.name = name
        self.summary = summary
        self.code = code
        self.formula = formula
        self.derivative = derivative
        self.rangeText = rangeText
        self.range = range
        self.parameter = parameter
        self.isRectifier = isRectifier
        self.isTrainable = isTrainable
    }

    /// The activation with its parameter, or with the default where none is given.
    public func activation(_ value: Double? = nil) throws(Failure) -> Activation {
        guard let value else { return standard }
        guard let parameter else {
            throw Failure(.argument, "\(name) has no parameter", help: "write \(name) alone")
        }
        guard value.isFinite, parameter.aboveZero ? value > 0 : value >= 0 else {
            let bound = parameter.aboveZero ? "above 0" : "0 or more"
            throw Failure(.value, "\(parameter.name) of \(name) must be \(bound), not \(NumberText.plain(value))")
        }
        return Activation(record: self, parameter: value)
    }

    var standard: Activation { Activation(record: self, parameter: parameter?.value ?? 1) }
}

/// An activation with its parameter: f in `y = f(z)`.
public struct Activation: Sendable {
    public let record: ActivationRecord
    public let parameter: Double

    public var name: String { record.name }
    var code: Int32 { Int32(truncatingIfNeeded: record.code) }
    var isSoftmax: Bool { record.range == .distribution }
    var isIdentity: Bool { record.code == Int(NNB_F_IDENTITY) }

    /// `tanh`, or `leaky_relu(0.2)` where the parameter is not the default.
    public var text: String {
        guard let usual = record.parameter, usual.value != parameter else { return name }
        return "\(name)(\(NumberText.plain(parameter)))"
    }

    /// f of each element; softmax goes over the last axis. Gives float32 for float32 and bytes, else float64.
    public func value(of z: Tensor) throws(Failure) -> Tensor {
        let heap = Heap.current
        let dtype = Conversion.arithmetic(z.dtype)
        let source = try Conversion.float(z.block, as: dtype, heap)
        defer { source.release(heap) }
        let result = try source.copy(heap)
        let (rows, columns) = Activation.rows(of: result)
        if columns > 0 {
            Kernels(dtype).activate(self, rows: rows, columns: columns, stride: columns, bias: nil, result.data)
        }
        return Tensor(adopting: result)
    }

    /// f' at each element, as `derivative` of the record states it; for softmax the diagonal f(1 - f).
    public func derivative(at z: Tensor) throws(Failure) -> Tensor {
        let y = try value(of: z)
        let result = try Making.full(y.shape, 1, y.dtype)
        guard y.count > 0 else { return result }
        if isSoftmax {
            for index in 0..<y.count {
                let f = y.block.number(at: index)
                _ = Conversion.store(f * (1 - f), in: result.block, at: index)
            }
        } else {
            Kernels(y.dtype).slope(self, rows: 1, columns: y.count, stride: y.count, y: y.block.data, result.block.data)
        }
        return result
    }

    /// The gradient by z of a loss whose gradient by y = f(z) is `gradient`.
    public func pulledBack(_ gradient: Tensor, output y: Tensor) throws(Failure) -> Tensor {
        guard gradient.shape == y.shape else {
            throw Failure(
                .shape,
                "the gradient is \(Tensor.text(of: gradient.shape)) and the output of \(name) is \(Tensor.text(of: y.shape))")
        }
        let heap = Heap.current
        let dtype = Conversion.arithmetic(y.dtype)
        let output = try Conversion.float(y.block, as: dtype, heap)
        defer { output.release(heap) }
        let given = try Conversion.float(gradient.block, as: dtype, heap)
        defer { given.release(heap) }
        let result = try given.copy(heap)
        let (rows, columns) = Activation.rows(of: result)
        if columns > 0 {
            Kernels(dtype).slope(self, rows: rows, columns: columns, stride: columns, y: output.data, result.data)
        }
        return Tensor(adopting: result)
    }

    private static func rows(of block: TensorBlock) -> (rows: Int, columns: Int) {
        guard block.count > 0 else { return (0, 0) }
        let columns = block.rank == 0 ? 1 : block.dims[block.rank - 1]
        return (block.count / columns, columns)
    }
}

extension Activation {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [ActivationRecord] = [
        .elu, .identity, .leakyReLU, .relu, .selu, .sigmoid, .sign, .softmax, .softplus, .softsign, .step, .tanh,
    ]

    public static func named(_ name: String) -> ActivationRecord? { catalogue.first { $0.name == name } }
}
