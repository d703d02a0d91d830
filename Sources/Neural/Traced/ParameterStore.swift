import CKernels
import Diagnostics
import Tensors

/// Parameters in double precision that are trained outside of the executor, each with its place among the optimizer's
/// averages. Others may borrow their numbers for as long as the store lives: they do not move.
public final class ParameterStore {
    private struct Entry {
        let numbers: Buffer
        let count: Int
        /// Among the averages, in elements.
        let offset: Int
    }

    private var entries: [Entry] = []
    private var total = 0
    private var isStepped = false

    public init() {}

    /// The number of parameters, each a tensor.
    public var count: Int { entries.count }

    /// Adds a parameter with the numbers of a tensor, and gives its number.
    public func add(_ tensor: Tensor) throws(Failure) -> Int {
        let wide = try tensor.float64()
        let numbers = try Buffer(bytes: wide.count * 8, for: "the parameters of the model")
        numbers.bytes.copyMemory(from: wide.block.data, byteCount: wide.count * 8)
        entries.append(Entry(numbers: numbers, count: wide.count, offset: total))
        total += (wide.count + 7) & ~7
        return entries.count - 1
    }

    /// Where a parameter's numbers lie.
    public func numbers(_ index: Int) -> UnsafeMutablePointer<Double> {
        entries[index].numbers.bytes.assumingMemoryBound(to: Double.self)
    }

    /// Sets a parameter again.
    public func set(_ index: Int, to tensor: Tensor) throws(Failure) {
        let wide = try tensor.float64()
        guard wide.count == entries[index].count else { throw Failure(.shape, "the parameter has another shape") }
        entries[index].numbers.bytes.copyMemory(from: wide.block.data, byteCount: wide.count * 8)
    }

    /// One step of the optimizer on some of the parameters, with their gradients. Its averages belong to `owner`, whose
    /// training has begun so many epochs.
    public func step(
        _ optimizer: Optimizer, for owner: AnyObject, epochs: Int,
        _ gradients: [(index: Int, gradient: UnsafeMutablePointer<Double>)]
    ) throws(Failure) {
        try optimizer.prepare(for: owner, count: total, .float64, epochs: epochs)
        let loops = Kernels(.float64).table
        if let limit = optimizer.clipValue {
            for (index, gradient) in gradients { loops.pointee.clip(entries[index].count, limit, gradient) }
        }
        if let limit = optimizer.clipNorm {
            let squares = gradients.reduce(0.0) { $0 + loops.pointee.squares(entries[$1.index].count, $1.gradient) }
            if squares.squareRoot() > limit {
                for (index, gradient) in gradients {
                    loops.pointee.scale(entries[index].count, limit / squares.squareRoot(), gradient)
                }
            }
        }
        let step = optimizer.next(.float64)
        isStepped = true
        for (index, gradient) in gradients {
            let entry = entries[index], start = entry.offset * 8
            // The averages lie at the offset, the parameter in a buffer of its own.
            step.apply(
                rows: 1, columns: entry.count, stride: entry.count, x: entry.numbers.bytes - start, g: gradient,
                byteOffset: start)
        }
    }

    /// Parameters stand ahead while they are trained by nag; see `Optimizer.lookAhead`. Nothing before the first step.
    public func lookAhead(_ isAhead: Bool, _ optimizer: Optimizer) {
        guard isStepped, let direction = optimizer.moments.first, optimizer.record.looksAhead(optimizer.settings) else { return }
        let distance = isAhead ? optimizer.learningRate : 0
        let move = optimizer.stand(ahead: distance) - distance
        guard move != 0 else { return }
        let averages = direction.bytes.assumingMemoryBound(to: Double.self)
        for entry in entries {
            let numbers = entry.numbers.bytes.assumingMemoryBound(to: Double.self)
            for index in 0..<entry.count { numbers[index] += move * averages[entry.offset + index] }
        }
    }
}
