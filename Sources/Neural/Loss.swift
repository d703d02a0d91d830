import CKernels
import Diagnostics
import Tensors

/// How far outputs are from targets. One file each in `Losses/`.
///
/// Scales, m being the number of samples and k of outputs a sample:
///
///     mse, mae, binary_crossentropy   the mean over samples and outputs: 1/(m k) Σ
///     half_mse, crossentropy          the mean over samples of the sum over outputs: 1/m Σ
public struct Loss: Sendable {
    public let name: String
    public let summary: String
    /// y the target, ŷ the output.
    public let formula: String
    let code: Int32
    /// What the sum over all elements is divided by besides m: true for k.
    let isMeanOverOutputs: Bool
    /// A constant in front of the sum.
    let factor: Double

    /// What one element's loss counts in the whole.
    func scale(rows: Int, columns: Int) -> Double {
        factor / (Double(rows) * (isMeanOverOutputs ? Double(columns) : 1))
    }

    /// True where the outputs must be probabilities.
    public var takesProbabilities: Bool { code == NNB_LOSS_BINARY_CROSSENTROPY || code == NNB_LOSS_CROSSENTROPY }
    var isCrossentropy: Bool { code == NNB_LOSS_CROSSENTROPY }
    var isBinaryCrossentropy: Bool { code == NNB_LOSS_BINARY_CROSSENTROPY }

    /// The loss of outputs against targets, both [m, k] or [m] (k = 1); for crossentropy the targets may be classes.
    /// A single sample of shape [k] must be given as [1, k].
    public func value(target: Tensor, output: Tensor) throws(Failure) -> Double {
        try evaluate(target, output, gradient: nil)
    }

    /// The derivative of `value` by the outputs, in their shape.
    public func gradient(target: Tensor, output: Tensor) throws(Failure) -> Tensor {
        let dtype = Conversion.arithmetic(output.dtype)
        let result = try Tensor(uninitialized: output.shape, dtype)
        _ = try evaluate(target, output, gradient: result)
        return result
    }

    private func evaluate(_ target: Tensor, _ output: Tensor, gradient: Tensor?) throws(Failure) -> Double {
        let heap = Heap.current
        let dtype = Conversion.arithmetic(output.dtype)
        let y = try Conversion.float(output.block, as: dtype, heap)
        defer { y.release(heap) }
        guard output.count > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        let rows = output.rank == 0 ? 1 : output.shape[0]
        let columns = output.count / rows
        let targets = try Targets(
            target, outputShape: Array(output.shape.dropFirst()), samples: rows, loss: self)
        let t = try Tensor(uninitialized: [rows, columns], dtype)
        let kernels = Kernels(dtype)
        targets.gather(Targets.all(rows), kernels, into: t.block.data, columns: columns)
        var losses = [Double](repeating: 0, count: rows)
        let scale = scale(rows: rows, columns: columns)
        let d = gradient?.block.data
        losses.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            kernels.table.pointee.loss(code, rows, columns, y.data, t.block.data, scale, d, base)
        }
        return losses.reduce(0, +) * scale
    }
}

extension Loss {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [Loss] = [.binaryCrossentropy, .crossentropy, .halfMSE, .mae, .mse]

    public static func named(_ name: String) -> Loss? { catalogue.first { $0.name == name } }
}
