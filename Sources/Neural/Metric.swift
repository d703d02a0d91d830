import Diagnostics
import Tensors

/// What is measured beside the loss. One file each in `Metrics/`.
public struct Metric: Sendable {
    public let name: String
    public let summary: String
    public let formula: String
    let kind: Kind

    enum Kind: Sendable { case accuracy, mse, mae, r2 }

    /// The metric of outputs against targets, both [m, k] or [m]; `activation` is that of the last layer where it is
    /// known, by which accuracy decides a single output.
    public func value(target: Tensor, output: Tensor, activation: Activation? = nil) throws(Failure) -> Double {
        guard output.count > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        let rows = output.rank == 0 ? 1 : output.shape[0]
        let outputShape = Array(output.shape.dropFirst())
        // Each place of a sequence has a class of its own.
        let columns = kind == .accuracy && output.rank > 2 ? output.shape.last ?? 1 : output.count / rows
        guard columns > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        let heap = Heap.current
        let y = try Conversion.float(output.block, as: .float64, heap)
        defer { y.release(heap) }
        let targets = try Targets(target, outputShape: outputShape, samples: rows, for: [self])
        var meter = try Meter(self, columns: columns, activation: activation, targets: targets, outputs: output)
        let t = try Tensor(uninitialized: [output.count])
        let kernels = Kernels(.float64)
        targets.gather(Targets.all(rows), kernels, into: t.block.data, columns: output.count / rows)
        meter.add(rows: output.count / columns, outputs: y.data, targets: t.block.data, isDouble: true)
        return meter.value
    }
}

extension Metric {
    /// All of them, in the order of the alphabet.
    public static let catalogue: [Metric] = [.accuracy, .mae, .mse, .r2]

    public static func named(_ name: String) -> Metric? { catalogue.first { $0.name == name } }
}

/// A metric while it is being summed, batch by batch.
struct Meter {
    let metric: Metric
    let columns: Int
    private var rule = Rule.largest
    private var rows = 0
    private var sum = 0.0
    // For r2, an output each: the mean of the targets, the sum of their squared distances from it, and the squared errors.
    private var means: [Double] = []
    private var spreads: [Double] = []
    private var errors: [Double] = []

    /// By one class a sample, or by several labels, each right or wrong by itself.
    enum Rule { case largest, half, sign, halves, signs }

    /// Refuses accuracy where the numbers are no classes.
    init(
        _ metric: Metric, columns: Int, activation: Activation?, targets: Targets, outputs: Tensor? = nil, loss: Loss? = nil
    ) throws(Failure) {
        self.metric = metric
        self.columns = columns
        switch metric.kind {
        case .accuracy:
            // What the losses of signs train are the outputs' signs, whatever the outputs are.
            let isOfSigns = columns == 1 && loss?.targets == .signs && targets.distinctValues.isSubset(of: [-1, 1])
            rule = isOfSigns ? .sign : try Meter.rule(columns, activation, targets, outputs)
        case .r2:
            means = Array(repeating: 0, count: columns)
            spreads = means
            errors = means
        case .mse, .mae: break
        }
    }

    private static func rule(
        _ columns: Int, _ activation: Activation?, _ targets: Targets, _ outputs: Tensor?
    ) throws(Failure) -> Rule {
        let refusal = Failure(
            .value, "accuracy counts right classes, and this is a regression", help: "metrics=[r2] or metrics=[mae]")
        let values = targets.distinctValues
        guard columns == 1 else {
            guard values.isSubset(of: [0, 1]) || values.isSubset(of: [-1, 1]) else { throw refusal }
            if targets.haveOneClass(columns) { return .largest }
            return values.contains(-1) ? .signs : .halves
        }
        switch activation?.record.range {
        case .unit?:
            guard values.isSubset(of: [0, 1]) else { throw refusal }
            return .half
        case .symmetric?:
            guard values.isSubset(of: [-1, 1]) else {
                guard values.isSubset(of: [0, 1]) else { throw refusal }
                throw Failure(
                    .value, "the network's output is from -1 to 1 and the classes are 0 and 1",
                    help: "2 * y - 1 makes -1 and 1 of them; or end with a sigmoid")
            }
            return .sign
        case nil:
            // Only numbers are known: by the classes, if they are such.
            if values.isSubset(of: [0, 1]) { return .half }
            if values.isSubset(of: [-1, 1]) { return .sign }
            if let outputs, (values.union(outputs.numbers)).allSatisfy({ $0 == $0.rounded() }) {
                throw Failure(
                    .value, "accuracy takes the outputs of a network, and these are numbers of classes",
                    help: "how many classes agree is mean(a == b)")
            }
            throw refusal
        default: throw refusal
        }
    }

    mutating func reset() {
        rows = 0
        sum = 0
        for column in means.indices {
            means[column] = 0
            spreads[column] = 0
            errors[column] = 0
        }
    }

    mutating func add(rows count: Int, outputs: UnsafeRawPointer, targets: UnsafeRawPointer, isDouble: Bool) {
        if isDouble {
            add(count, outputs.assumingMemoryBound(to: Double.self), targets.assumingMemoryBound(to: Double.self))
        } else {
            add(count, outputs.assumingMemoryBound(to: Float.self), targets.assumingMemoryBound(to: Float.self))
        }
    }

    private mutating func add<Real: BinaryFloatingPoint>(
        _ count: Int, _ outputs: UnsafePointer<Real>, _ targets: UnsafePointer<Real>
    ) {
        for row in 0..<count {
            let y = outputs + row * columns, t = targets + row * columns
            rows += 1
            switch metric.kind {
            case .accuracy:
                switch rule {
                case .largest: if Meter.largest(y, columns) == Meter.largest(t, columns) { sum += 1 }
                case .half, .halves: sum += Meter.right(y, t, columns, by: 0.5)
                case .sign, .signs: sum += Meter.right(y, t, columns, by: 0)
                }
            case .mse: for column in 0..<columns { sum += square(Double(y[column]) - Double(t[column])) }
            case .mae: for column in 0..<columns { sum += abs(Double(y[column]) - Double(t[column])) }
            case .r2:
                for column in 0..<columns {
                    let target = Double(t[column])
                    let distance = target - means[column]
                    means[column] += distance / Double(rows)
                    spreads[column] += distance * (target - means[column])
                    errors[column] += square(Double(y[column]) - target)
                }
            }
        }
    }

    private func square(_ x: Double) -> Double { x * x }

    /// The part of the outputs that lie on the side of the bound on which their targets lie. NaN is never right.
    private static func right<Real: BinaryFloatingPoint>(
        _ y: UnsafePointer<Real>, _ t: UnsafePointer<Real>, _ count: Int, by bound: Real
    ) -> Double {
        var right = 0
        for index in 0..<count where y[index] == y[index] && (y[index] >= bound) == (t[index] >= bound) { right += 1 }
        return Double(right) / Double(count)
    }

    /// The first of the greatest; nothing where a NaN is among them.
    private static func largest<Real: BinaryFloatingPoint>(_ row: UnsafePointer<Real>, _ count: Int) -> Int {
        var best = 0
        for index in 0..<count {
            if row[index] != row[index] { return -1 }
            if row[index] > row[best] { best = index }
        }
        return best
    }

    var value: Double {
        guard rows > 0 else { return .nan }
        switch metric.kind {
        case .accuracy: return sum / Double(rows)
        case .mse, .mae: return sum / Double(rows * columns)
        case .r2:
            var total = 0.0
            for column in 0..<columns {
                // As scikit-learn: a constant target is met or missed.
                total += spreads[column] == 0 ? (errors[column] == 0 ? 1 : 0) : 1 - errors[column] / spreads[column]
            }
            return total / Double(columns)
        }
    }
}
