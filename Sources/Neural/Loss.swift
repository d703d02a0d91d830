import Autodiff
import CKernels
import Diagnostics
import Tensors

/// How far outputs are from targets. One file each in `Losses/`.
///
/// Scales, m being the number of samples and k of outputs a sample:
///
///     mse, mae, binary_crossentropy, hinge, huber, perceptron, zero_one   the mean over samples and outputs: 1/(m k) Σ
///     half_mse, crossentropy, kl                                          the mean over samples of the sum over outputs: 1/m Σ
///     sse, half_sse                                                       the sum over both: Σ
public struct Loss: Sendable {
    /// What the sum over all elements is divided by.
    public enum Reduction: Sendable { case meanOfAll, meanOverSamples, sum }

    /// What targets must be.
    public enum TargetRule: Sendable, Equatable {
        case numbers
        /// From 0 to 1.
        case probabilities
        /// -1 or 1.
        case signs
    }

    /// A loss in operations of a tape: that of each element, unscaled.
    typealias Traced = @Sendable (_ tape: Tape, _ target: Variable, _ output: Variable, Loss) throws(Failure) -> Variable

    public let name: String
    public let summary: String
    /// y the target, ŷ the output.
    public let formula: String
    /// As it is where the derivative is not obvious; "" elsewhere.
    public let derivative: String
    let code: Int32
    public let reduction: Reduction
    /// A constant in front of the sum.
    let factor: Double
    public let targets: TargetRule
    /// False where the derivative is 0 wherever there is one, so that nothing can be learned by it.
    public let isTrainable: Bool
    /// The name, meaning and value of the parameter, where there is one.
    public let parameterName: String?
    public let parameterSummary: String
    public private(set) var parameter: Double
    /// What the user multiplies it by.
    public private(set) var weight = 1.0
    let traced: Traced

    init(
        _ name: String, _ summary: String, code: Int, formula: String, derivative: String = "", reduction: Reduction,
        factor: Double = 1, targets: TargetRule = .numbers, isTrainable: Bool = true,
        parameter: (name: String, summary: String, value: Double)? = nil, traced: @escaping Traced
    ) {
        self.name = name
        self.summary = summary
        self.code = Int32(truncatingIfNeeded: code)
        self.formula = formula
        self.derivative = derivative
        self.reduction = reduction
        self.factor = factor
        self.targets = targets
        self.isTrainable = isTrainable
        parameterName = parameter?.name
        parameterSummary = parameter?.summary ?? ""
        self.parameter = parameter?.value ?? 1
        self.traced = traced
    }

    /// The loss with another parameter (`delta` of huber, above 0) or times a weight (0 or more).
    public func with(parameter: Double? = nil, weight: Double? = nil) throws(Failure) -> Loss {
        var result = self
        if let parameter {
            guard let parameterName else { throw Failure(.argument, "\(name) has no parameter", help: "write \(name) alone") }
            guard parameter.isFinite, parameter > 0 else {
                throw Failure(.value, "\(parameterName) of \(name) must be above 0, not \(NumberText.plain(parameter))")
            }
            result.parameter = parameter
        }
        if let weight {
            guard weight.isFinite, weight >= 0 else {
                throw Failure(.value, "scale of \(name) must be 0 or more, not \(NumberText.plain(weight))")
            }
            result.weight *= weight
        }
        return result
    }

    /// `mse`, or `huber(delta=2)` with what is not at its default.
    public var text: String {
        var parts: [String] = []
        if let parameterName, parameter != Loss.named(name)?.parameter {
            parts.append("\(parameterName)=\(NumberText.plain(parameter))")
        }
        if weight != 1 { parts.append("scale=\(NumberText.plain(weight))") }
        return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ", ")))"
    }

    /// What one element's loss counts in the whole.
    public func scale(rows: Int, columns: Int) -> Double {
        switch reduction {
        case .meanOfAll: weight * factor / (Double(rows) * Double(columns))
        case .meanOverSamples: weight * factor / Double(rows)
        case .sum: weight * factor
        }
    }

    /// True where that of many samples is the sum of that of their batches, not their mean.
    public var isSum: Bool { reduction == .sum }
    /// True where the outputs must be probabilities.
    public var takesProbabilities: Bool { targets == .probabilities }
    var isCrossentropy: Bool { code == NNB_LOSS_CROSSENTROPY }
    var isBinaryCrossentropy: Bool { code == NNB_LOSS_BINARY_CROSSENTROPY }
    /// Whose outputs must be a distribution over classes.
    public var takesDistribution: Bool { isCrossentropy || code == NNB_LOSS_KL }

    /// The loss of outputs against targets, both [m, k] or [m] (k = 1); for crossentropy the targets may be classes, and
    /// both may have axes between.
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

    /// Targets as they are compared with outputs of a shape: classes become rows with a 1, a vector a column.
    public func prepared(target: Tensor, outputShape: [Int]) throws(Failure) -> Tensor {
        let rows = outputShape.first ?? 1
        let result = try Tensor(uninitialized: outputShape)
        let targets = try Targets(target, outputShape: Array(outputShape.dropFirst()), samples: rows, loss: self)
        targets.gather(Targets.all(rows), Kernels(.float64), into: result.block.data, columns: result.count / max(rows, 1))
        return result
    }

    private func evaluate(_ target: Tensor, _ output: Tensor, gradient: Tensor?) throws(Failure) -> Double {
        let heap = Heap.current
        let dtype = Conversion.arithmetic(output.dtype)
        let y = try Conversion.float(output.block, as: dtype, heap)
        defer { y.release(heap) }
        guard output.count > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        let rows = output.rank == 0 ? 1 : output.shape[0]
        let targets = try Targets(
            target, outputShape: Array(output.shape.dropFirst()), samples: rows, loss: self)
        let t = try Tensor(uninitialized: [output.count], dtype)
        let kernels = Kernels(dtype)
        targets.gather(Targets.all(rows), kernels, into: t.block.data, columns: output.count / rows)
        // Each place of a sequence has a distribution of its own.
        let columns = takesDistribution && output.rank > 2 ? output.shape.last ?? 1 : output.count / rows
        let groups = output.count / columns
        var losses = [Double](repeating: 0, count: groups)
        let scale = scale(rows: groups, columns: columns)
        let d = gradient?.block.data
        losses.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            kernels.loss(
                self, rows: groups, columns: columns, y.data, targets: t.block.data, scale: scale, gradient: d, losses: base)
        }
        return losses.reduce(0, +) * scale
    }
}

extension Loss {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [Loss] = [
        .binaryCrossentropy, .crossentropy, .halfMSE, .halfSSE, .hinge, .huber, .kl, .mae, .mse, .perceptron, .sse,
        .zeroOne,
    ]

    /// What other libraries call some of them.
    public static let aliases: [String: String] = [
        "bce": "binary_crossentropy", "categorical_crossentropy": "crossentropy", "cce": "crossentropy",
        "sparse_categorical_crossentropy": "crossentropy", "kl_divergence": "kl", "mean_squared_error": "mse",
        "mean_absolute_error": "mae",
    ]

    public static func named(_ name: String) -> Loss? {
        let name = aliases[name] ?? name
        return catalogue.first { $0.name == name }
    }
}
