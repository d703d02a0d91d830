import CKernels
import Diagnostics
import Tensors

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Targets as the engine reads them: rows of numbers, or one class a sample, or one for each place of a sequence. Shapes and values are checked once, here.
package struct Targets {
    /// Where they lie, in what `held` or `classes` keeps.
    let places: TargetPlaces
    let samples: Int
    private let held: Tensor
    /// So many a sample, where there are classes.
    private let classes: Buffer?
    private let groups: Int

    /// Targets for metrics alone, where classes are taken whatever the outputs are.
    init(_ y: Tensor, outputShape: [Int], samples: Int, for metrics: [Metric]) throws(Failure) {
        let isAccuracy = metrics.allSatisfy { $0.kind == .accuracy }
        try self.init(
            y, outputShape: outputShape, samples: samples, loss: isAccuracy ? .crossentropy : .mse, checksValues: false)
    }

    package init(
        _ y: Tensor, outputShape: [Int], samples: Int, loss: Loss, checksValues: Bool = true
    ) throws(Failure) {
        let outputs = product(of: outputShape)
        guard y.rank > 0 else {
            throw Failure(.shape, "the targets are one number for \(samples) samples", help: "give one row of targets a sample")
        }
        guard y.shape[0] == samples else {
            throw Failure(
                .shape, "there are \(samples) samples and \(y.shape[0]) targets: y is \(Tensor.text(of: y.shape))",
                help: y.rank == 2 && y.shape[1] == samples ? "y.T has one row a sample" : nil)
        }
        held = y
        self.samples = samples
        let isColumn = y.rank == 1 || (y.rank == 2 && y.shape[1] == 1)
        let fits = y.shape == [samples] + outputShape || (isColumn && outputs == 1)
        if fits {
            places = .rows(Rows(y))
            classes = nil
            groups = 1
            if checksValues { try Targets.check(y, loss) }
            return
        }
        let isSequence = outputShape.count > 1 && loss.isCrossentropy
        let areClasses = isSequence ? y.shape == [samples] + outputShape.dropLast() : isColumn
        guard areClasses, outputs > 1 else {
            let wanted = [samples] + outputShape
            var help: String?
            if outputs == 1, y.rank == 2 {
                help = "the last layer has 1 output: make it dense(\(y.shape[1]), …), or give one column of y"
            } else if isSequence {
                help = "classes for each place are \(Tensor.text(of: [samples] + outputShape.dropLast()))"
            } else if y.rank == 2 {
                help = "make the last layer dense(\(y.shape[1]), …)"
            }
            throw Failure(
                .shape, "the network gives \(Tensor.text(of: wanted)), the targets are \(Tensor.text(of: y.shape))", help: help)
        }
        guard loss.isCrossentropy else {
            throw Failure(
                .shape,
                "the network gives \(outputs) numbers a sample and y has one: \(loss.name) compares number with number",
                help: Targets.areClasses(y)
                    ? "for classes: y = one_hot(y, \(outputs)), or loss=crossentropy with a softmax"
                    : "for one number a sample the last layer is dense(1)")
        }
        let columns = isSequence ? outputShape.last ?? 1 : outputs, places = outputs / max(columns, 1)
        let buffer = try Buffer(bytes: y.count * 4, for: "the classes")
        let classes = buffer.bytes.bindMemory(to: Int32.self, capacity: y.count)
        for index in 0..<y.count {
            let number = y.block.number(at: index)
            guard let label = Int(exactly: number), label >= 0, label < columns else {
                let place = places == 1 ? "\(index)" : "\(index / places), \(index % places)"
                throw Failure(
                    .value,
                    "classes for \(columns) outputs are the integers from 0 to \(columns - 1); y[\(place)] is \(NumberText.plain(number))",
                    help: number == Double(columns) ? "if they count from 1: y - 1" : nil)
            }
            classes[index] = Int32(truncatingIfNeeded: label)
        }
        self.places = .classes(ClassRows(classes: UnsafePointer(classes), places: places))
        self.classes = buffer
        groups = places
    }

    private static func areClasses(_ y: Tensor) -> Bool {
        (0..<min(y.count, 1000)).allSatisfy { Int(exactly: y.block.number(at: $0)).map { $0 >= 0 } ?? false }
    }

    private static func check(_ y: Tensor, _ loss: Loss) throws(Failure) {
        switch loss.targets {
        case .numbers: return
        case .probabilities: try checkProbabilities(y, loss)
        case .signs:
            for index in 0..<y.count {
                let number = y.block.number(at: index)
                guard number != 1, number != -1 else { continue }
                throw Failure(
                    .value, "\(loss.name) needs the targets -1 and 1; y holds \(NumberText.plain(number))",
                    help: number == 0 ? "2 * y - 1 makes -1 and 1 of 0 and 1" : nil)
            }
        }
    }

    private static func checkProbabilities(_ y: Tensor, _ loss: Loss) throws(Failure) {
        var least = Double.infinity, most = -Double.infinity
        for index in 0..<y.count {
            let number = y.block.number(at: index)
            if number < least { least = number }
            if number > most { most = number }
        }
        guard least < 0 || most > 1 else { return }
        let found = NumberText.plain(least < 0 ? least : most)
        throw Failure(
            .value, "\(loss.name) needs targets from 0 to 1; y holds \(found)",
            help: least == -1 && most <= 1 ? "(y + 1) / 2 makes 0 and 1 of -1 and 1; or take tanh with mse" : nil)
    }

    /// The different values among the targets, no more than three of them; of classes always 0 and 1.
    var distinctValues: Set<Double> {
        guard classes == nil else { return [0, 1] }
        let block = held.block
        var found: Set<Double> = []
        var last = Double.nan
        for index in 0..<block.count {
            let number = block.number(at: index)
            if number == last { continue }
            last = number
            found.insert(number)
            if found.count > 2 { break }
        }
        return found
    }

    /// Whether exactly one of so many numbers is 1 everywhere, and none of the others.
    func haveOneClass(_ columns: Int) -> Bool {
        guard classes == nil, columns > 0 else { return true }
        let block = held.block
        for start in stride(from: 0, to: block.count, by: columns) {
            var ones = 0
            for index in start..<min(start + columns, block.count) where block.number(at: index) == 1 { ones += 1 }
            if ones != 1 { return false }
        }
        return true
    }

    /// The class of each sample: the target itself where there is one whole number, else the place of the 1. Refuses what
    /// is no class.
    func labels(for name: String) throws(Failure) -> [Double] {
        let several = Failure(.value, "\(name) needs one class a sample", help: "sample_weight takes any numbers")
        if let classes {
            guard groups == 1 else { throw several }
            let first = classes.bytes.assumingMemoryBound(to: Int32.self)
            return (0..<samples).map { Double(first[$0]) }
        }
        let regression = Failure(.value, "\(name) counts classes, and this is a regression", help: "sample_weight takes any numbers")
        let block = held.block
        guard samples > 0, block.rank < 3 else { throw several }
        let columns = block.count / samples
        if columns == 1 {
            let labels = (0..<samples).map { block.number(at: $0) }
            guard labels.allSatisfy({ $0 == $0.rounded() }) else { throw regression }
            return labels
        }
        let values = distinctValues
        guard values.isSubset(of: [0, 1]) || values.isSubset(of: [-1, 1]) else { throw regression }
        guard haveOneClass(columns) else { throw several }
        return (0..<samples).map { row in Double((0..<columns).first { block.number(at: row * columns + $0) == 1 } ?? 0) }
    }

    /// The row numbers 0 ..< count.
    static func all(_ count: Int) -> [Int32] { (0..<Int32(truncatingIfNeeded: count)).map { $0 } }

    /// The targets of the samples that `index` names, as rows of the kernels' type.
    func gather(_ index: [Int32], _ kernels: Kernels, into out: UnsafeMutableRawPointer, columns: Int) {
        index.withUnsafeBufferPointer { indices in
            guard let base = indices.baseAddress else { return }
            gather(base, indices.count, kernels, into: out, columns: columns)
        }
    }

    func gather(
        _ index: UnsafePointer<Int32>, _ rows: Int, _ kernels: Kernels, into out: UnsafeMutableRawPointer, columns: Int
    ) {
        places.gather(index, rows, kernels, into: out, columns: columns)
    }
}
