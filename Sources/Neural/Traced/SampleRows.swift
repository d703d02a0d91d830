import Diagnostics
import Tensors

/// Rows of a tensor `[n, …]`, gathered as numbers in double precision.
public struct SampleRows {
    public let tensor: Tensor
    public let count: Int
    /// Of one row.
    public let shape: [Int]
    private let rows: Rows

    public init(_ x: Tensor) throws(Failure) {
        guard let count = x.shape.first else {
            throw Failure(.shape, "the samples are one number", help: "X is [samples, features]: one row a sample")
        }
        guard count <= Int(Int32.max) else { throw Failure(.value, "\(count) samples are too many") }
        tensor = x
        self.count = count
        shape = Array(x.shape.dropFirst())
        rows = Rows(x)
    }

    /// The rows that `order` names; there is room for them in `out`.
    public func gather(_ order: UnsafeBufferPointer<Int32>, into out: UnsafeMutablePointer<Double>) {
        guard let base = order.baseAddress else { return }
        rows.gather(base, order.count, Kernels(.float64), into: UnsafeMutableRawPointer(out))
    }
}

/// Targets in the form in which a loss of the engine compares them with outputs `[n] + outputShape`: classes become rows
/// with a 1, a vector becomes a column. What does not fit is an error.
public struct TargetRows {
    private let targets: Targets
    private let width: Int
    /// Of one row.
    public let shape: [Int]

    public init(_ y: Tensor, outputShape: [Int], samples: Int, loss: Loss) throws(Failure) {
        targets = try Targets(y, outputShape: outputShape, samples: samples, loss: loss)
        width = product(of: outputShape)
        shape = outputShape
    }

    /// What each sample's loss counts; nil where nothing is said of it.
    public func weights(_ classes: ClassWeight?, _ samples: Tensor?) throws(Failure) -> [Double]? {
        try SampleWeights.of(targets.samples, classes, samples, targets)
    }

    public func gather(_ order: UnsafeBufferPointer<Int32>, into out: UnsafeMutablePointer<Double>) {
        guard let base = order.baseAddress else { return }
        targets.gather(base, order.count, Kernels(.float64), into: out, columns: width)
    }
}

/// The metrics of the engine while an epoch runs, for who trains outside of the executor.
public final class Meters {
    private var meters: [Meter] = []
    private let targets: Targets
    private let width: Int

    public init(_ metrics: [Metric], _ y: Tensor, outputShape: [Int], samples: Int) throws(Failure) {
        targets = try Targets(y, outputShape: outputShape, samples: samples, for: metrics)
        width = product(of: outputShape)
        for metric in metrics {
            meters.append(try Meter(metric, columns: width, activation: nil, targets: targets))
        }
    }

    public func begin() { for index in meters.indices { meters[index].reset() } }

    /// The outputs of the samples that `order` names.
    public func add(_ order: UnsafeBufferPointer<Int32>, outputs: UnsafePointer<Double>) throws(Failure) {
        guard let base = order.baseAddress, !meters.isEmpty else { return }
        let rows = try Tensor(uninitialized: [order.count, width])
        targets.gather(base, order.count, Kernels(.float64), into: rows.block.data, columns: width)
        for index in meters.indices {
            meters[index].add(rows: order.count, outputs: outputs, targets: rows.block.data, isDouble: true)
        }
    }

    public var values: [(name: String, value: Double)] { meters.map { ($0.metric.name, $0.value) } }
}
