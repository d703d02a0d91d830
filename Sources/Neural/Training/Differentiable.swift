import Diagnostics
import Tensors

/// Layers of a network as one function of samples and parameters with its derivatives, on rows of plain numbers: for those
/// who differentiate what is around it. It has a copy of the parameters in its own type, taken by `takeParameters`.
///
///     let function = try Differentiable(network, batch: 32, .float64)
///     function.x …                            // write the samples, rows one after the other
///     let y = function.forward(rows: 32)      // [rows, outputs], until the next call
///     function.dy …                           // write the gradient by y
///     function.backward()                     // function.dx and function.gradients
public final class Differentiable {
    private let network: Network
    private let layers: Range<Int>
    private let executor: Executor
    private let parameters: Buffer
    private let stored: Buffer
    public let dtype: DType
    /// The most rows.
    public let batch: Int
    /// Of one sample, before and after.
    public let inputShape: [Int]
    public let outputShape: [Int]

    /// The layers of a network that has been built; all of them where none are said.
    public init(
        _ network: Network, layers: Range<Int>? = nil, batch: Int, _ dtype: DType, threads: Int = 1
    ) throws(Failure) {
        let range = layers ?? 0..<network.layers.count
        guard let first = network.layers.indices.contains(range.lowerBound) ? network.layers[range.lowerBound] : nil,
            range.upperBound <= network.layers.count, let last = network.layers[range].last, batch > 0
        else { throw Failure(.internal, "there are no such layers") }
        self.network = network
        self.layers = range
        self.batch = batch
        self.dtype = dtype
        inputShape = first.inputShape
        outputShape = last.outputShape
        parameters = try Buffer(bytes: network.storageCount * dtype.size, for: "the parameters")
        stored = try Buffer(bytes: network.storageCount * dtype.size, for: "the gradients")
        executor = try Executor(
            Plan(input: inputShape, Array(network.layers[range]), first: range.lowerBound), storage: parameters, dtype,
            batch: batch, threads: threads, isTraining: true, wantsInputGradient: true)
        takeParameters()
    }

    /// Copies the network's parameters as they are now.
    public func takeParameters() {
        guard let storage = network.storage else { return }
        convert(storage.bytes, network.dtype, parameters.bytes, dtype)
    }

    /// Gives the network what layers keep up to date themselves, such as moving averages.
    public func returnState() {
        guard let storage = network.storage else { return }
        for built in network.layers[layers] {
            for (parameter, offset) in zip(built.parameters, built.offsets) where !parameter.isTrained {
                for index in offset..<offset + parameter.count { store(number(parameters.bytes, dtype, index), storage.bytes, network.dtype, index) }
            }
        }
    }

    // MARK: parameters in one row, float64 only

    /// Sets the trained parameters of the layers from one row, in order.
    func setParameters(_ row: UnsafePointer<Double>) {
        var next = row
        for built in network.layers[layers] {
            for (parameter, offset) in zip(built.parameters, built.offsets) where parameter.isTrained {
                parameters.bytes.assumingMemoryBound(to: Double.self).advanced(by: offset).update(from: next, count: parameter.count)
                next += parameter.count
            }
        }
    }

    /// The gradients by them, in the same order.
    func getGradients(_ row: UnsafeMutablePointer<Double>) {
        var next = row
        for built in network.layers[layers] {
            for (parameter, offset) in zip(built.parameters, built.offsets) where parameter.isTrained {
                next.update(from: stored.bytes.assumingMemoryBound(to: Double.self) + offset, count: parameter.count)
                next += parameter.count
            }
        }
    }

    /// Takes what layers keep up to date themselves as the network has it now.
    func takeState() {
        guard let storage = network.storage else { return }
        for built in network.layers[layers] {
            for (parameter, offset) in zip(built.parameters, built.offsets) where !parameter.isTrained {
                for index in offset..<offset + parameter.count {
                    store(number(storage.bytes, network.dtype, index), parameters.bytes, dtype, index)
                }
            }
        }
    }

    /// Where samples are written: `[rows] + inputShape`.
    public var x: UnsafeMutableRawPointer { executor.x }
    /// The outputs of the last call: `[rows] + outputShape`.
    public var y: UnsafeRawPointer { UnsafeRawPointer(executor.steps[executor.steps.count - 1].y) }
    /// Where the gradient by the outputs is written; `backward` may change it.
    public var dy: UnsafeMutableRawPointer { executor.steps[executor.steps.count - 1].dy ?? executor.x }
    /// The gradient by the samples, after `backward`.
    public var dx: UnsafeRawPointer { UnsafeRawPointer(executor.inputGradient ?? executor.x) }
    /// The gradient by the network's parameters, each at its `offsets`, after `backward`; those of other layers are 0.
    public var gradients: UnsafeRawPointer { UnsafeRawPointer(stored.bytes) }

    /// y of the first rows of x. With `isTraining` layers behave as in training: dropout drops, drawing from `key`.
    @discardableResult
    public func forward(rows: Int, isTraining: Bool = true, key: UInt64 = 0) -> UnsafeRawPointer {
        executor.rows = max(0, min(rows, batch))
        executor.isTrainingPass = isTraining
        executor.key = key
        executor.run { thread, threads in executor.forward(thread, threads) }
        return y
    }

    /// dx and the gradients of the rows that `forward` was called with.
    public func backward() {
        executor.run { thread, threads in
            executor.backward(thread, threads)
            executor.meet(threads)
            executor.train(thread, threads, .store(stored.bytes))
        }
    }

    private func convert(_ source: UnsafeRawPointer, _ from: DType, _ target: UnsafeMutableRawPointer, _ to: DType) {
        if from == to {
            target.copyMemory(from: source, byteCount: network.storageCount * to.size)
        } else {
            for index in 0..<network.storageCount { store(number(source, from, index), target, to, index) }
        }
    }

    private func number(_ data: UnsafeRawPointer, _ dtype: DType, _ index: Int) -> Double {
        dtype == .float64
            ? data.load(fromByteOffset: index * 8, as: Double.self) : Double(data.load(fromByteOffset: index * 4, as: Float.self))
    }

    private func store(_ value: Double, _ data: UnsafeMutableRawPointer, _ dtype: DType, _ index: Int) {
        if dtype == .float64 {
            data.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
        } else {
            data.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
        }
    }
}
