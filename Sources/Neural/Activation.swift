import Autodiff
import CKernels
import Diagnostics
import Tensors

/// An activation with its parameters: f in `y = f(z)`.
public struct Activation: Sendable {
    public let record: ActivationRecord
    /// In the order of the record's parameters.
    public let values: [Double]
    /// The derivative at the kink, where it is not the one that the record states.
    public let atZero: Double?
    package let loop: ActivationLoop

    init(record: ActivationRecord, values: [Double], atZero: Double?) {
        self.record = record
        self.values = values
        self.atZero = atZero
        loop = ActivationLoop(record, values, atZero: atZero)
    }

    public var name: String { record.name }
    /// The first parameter, 1 where there is none.
    public var parameter: Double { loop.first }
    /// Whether a layer that trains must keep f'(z) when it computes f(z), because the output does not tell it.
    public var keepsSlope: Bool { loop.keepsSlope }
    package var isSoftmax: Bool { record.range == .distribution }
    var isIdentity: Bool { loop.isIdentity }
    /// Whether training draws random numbers for it.
    public var isRandom: Bool { loop.isRandom }

    /// `tanh`, or `leaky_relu(a=0.2)` with what is not at its default.
    public var text: String {
        var parts: [String] = []
        for (parameter, value) in zip(record.parameters, values) where parameter.value != value {
            parts.append("\(parameter.name)=\(NumberText.plain(value))")
        }
        if let atZero { parts.append("at_zero=\(NumberText.plain(atZero))") }
        return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ", ")))"
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
            Kernels(dtype).activate(loop, rows: rows, columns: columns, stride: columns, bias: nil, result.data)
        }
        return Tensor(adopting: result)
    }

    /// f' at each element, as `derivative` of the record states it; for softmax the diagonal f(1 - f), for a random slope
    /// its mean.
    public func derivative(at z: Tensor) throws(Failure) -> Tensor {
        if keepsSlope {
            let heap = Heap.current
            let dtype = Conversion.arithmetic(z.dtype)
            let source = try Conversion.float(z.block, as: dtype, heap)
            defer { source.release(heap) }
            let y = try source.copy(heap)
            defer { y.release(heap) }
            let result = try source.copy(heap)
            let (rows, columns) = Activation.rows(of: result)
            if columns > 0 {
                Kernels(dtype).activate(
                    loop, rows: rows, columns: columns, stride: columns, bias: nil, y.data, slopes: result.data)
            }
            return Tensor(adopting: result)
        }
        let y = try value(of: z)
        let result = try Making.full(y.shape, 1, y.dtype)
        guard y.count > 0 else { return result }
        if isSoftmax {
            for index in 0..<y.count {
                let f = y.block.number(at: index)
                _ = Conversion.store(f * (1 - f), in: result.block, at: index)
            }
        } else {
            Kernels(y.dtype).slope(loop, rows: 1, columns: y.count, stride: y.count, y: y.block.data, result.block.data)
        }
        return result
    }

    /// The gradient by z of a loss whose gradient by f(z) is `gradient`.
    public func pulledBack(_ gradient: Tensor, through z: Tensor) throws(Failure) -> Tensor {
        guard gradient.shape == z.shape else {
            throw Failure(
                .shape,
                "the gradient is \(Tensor.text(of: gradient.shape)) and the output of \(name) is \(Tensor.text(of: z.shape))")
        }
        let heap = Heap.current
        let dtype = Conversion.arithmetic(z.dtype)
        let given = try Conversion.float(gradient.block, as: dtype, heap)
        defer { given.release(heap) }
        let result = try given.copy(heap)
        let (rows, columns) = Activation.rows(of: result)
        guard columns > 0 else { return Tensor(adopting: result) }
        let kernels = Kernels(dtype)
        if keepsSlope {
            let slopes = try derivative(at: z)
            kernels.table.pointee.multiply(rows, columns, columns, slopes.block.data, result.data)
        } else {
            let y = try value(of: z)
            kernels.slope(loop, rows: rows, columns: columns, stride: columns, y: y.block.data, result.data)
        }
        return Tensor(adopting: result)
    }

    private static func rows(of block: TensorBlock) -> (rows: Int, columns: Int) {
        guard block.count > 0 else { return (0, 0) }
        let columns = block.rank == 0 ? 1 : block.dims[block.rank - 1]
        return (block.count / columns, columns)
    }
}

/// What the kernels take of an activation. Plain numbers: handing them on counts no references.
package struct ActivationLoop: Sendable {
    package static let identity = Activation.identity.loop

    let code: Int32
    let first: Double
    let second: Double
    /// NaN stands for the derivative at 0 that the record states.
    let slopeAtZero: Double
    package let keepsSlope: Bool

    init(_ record: ActivationRecord, _ values: [Double], atZero: Double?) {
        code = Int32(truncatingIfNeeded: record.code)
        first = values.first ?? 1
        second = values.count > 1 ? values[1] : first
        slopeAtZero = atZero ?? .nan
        keepsSlope = record.needsSum || atZero != nil
    }

    var isIdentity: Bool { code == Int32(NNB_F_IDENTITY) }
    var isRandom: Bool { code == Int32(NNB_F_RRELU) }

    /// The parameter where nothing is drawn: of random ones their mean.
    var usual: Double { isRandom ? (first + second) / 2 : first }
}

extension Activation {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [ActivationRecord] = [
        .elu, .exp, .gelu, .geluTanh, .hardSigmoid, .hardSwish, .hardTanh, .identity, .leakyReLU, .mish, .prelu, .relu,
        .relu6, .rrelu, .selu, .sigmoid, .sign, .sin, .sinc, .softExponential, .softmax, .softplus, .softsign, .step,
        .swish, .tanh,
    ]

    /// What other libraries and the course call some of them.
    public static let aliases: [String: String] = [
        "exponential": "exp", "hard_silu": "hard_swish", "linear": "identity", "logistic": "sigmoid", "silu": "swish",
        "sinusoid": "sin",
    ]

    public static func named(_ name: String) -> ActivationRecord? {
        let name = aliases[name] ?? name
        return catalogue.first { $0.name == name }
    }
}
