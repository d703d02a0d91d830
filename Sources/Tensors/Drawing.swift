import Diagnostics

/// Random tensors. Every draw comes from the generator that is given.
public enum Drawing {
    /// Uniform in [low, high).
    public static func uniform(
        _ low: Double, _ high: Double, _ shape: [Int], _ generator: inout Generator
    ) throws(Failure) -> Tensor {
        guard (high - low).isFinite, low <= high else {
            throw Failure(
                .value, "uniform needs finite low <= high, not \(NumberText.plain(low)) and \(NumberText.plain(high))")
        }
        let result = try Tensor(uninitialized: shape)
        for index in 0..<result.count {
            let drawn = low + (high - low) * generator.uniform()
            // Rounding may reach the bound that is not part of the interval.
            result.block.float64[index] = drawn < high ? drawn : low
        }
        return result
    }

    /// Normal with that mean and standard deviation.
    public static func normal(
        _ mean: Double, _ deviation: Double, _ shape: [Int], _ generator: inout Generator
    ) throws(Failure) -> Tensor {
        guard deviation >= 0 else {
            throw Failure(.value, "a standard deviation cannot be negative: \(NumberText.plain(deviation))")
        }
        let result = try Tensor(uninitialized: shape)
        for index in 0..<result.count { result.block.float64[index] = mean + deviation * generator.normal() }
        return result
    }

    /// Integers from `low` up to but not including `high`.
    public static func integers(
        _ low: Int, _ high: Int, _ shape: [Int], _ generator: inout Generator
    ) throws(Failure) -> Tensor {
        let (span, over) = high.subtractingReportingOverflow(low)
        guard !over, span > 0 else {
            throw Failure(.value, "randint needs low < high, not \(low) and \(high)", help: "the upper bound is not drawn")
        }
        let result = try Tensor(uninitialized: shape)
        for index in 0..<result.count {
            result.block.float64[index] = Double(low + generator.integer(below: span))
        }
        return result
    }

    public static func permutation(_ count: Int, _ generator: inout Generator) throws(Failure) -> Tensor {
        guard count >= 0 else { throw Failure(.value, "a permutation cannot have \(count) elements") }
        let result = try Tensor(uninitialized: [count])
        let data = result.block.float64
        for index in 0..<count { data[index] = Double(index) }
        for index in stride(from: count - 1, to: 0, by: -1) {
            let other = generator.integer(below: index + 1)
            (data[index], data[other]) = (data[other], data[index])
        }
        return result
    }

    /// Positions among 0 ..< count, with or without putting back, evenly or by weights.
    public static func choice(
        _ count: Int, _ size: Int, replace: Bool, weights: [Double]?, _ generator: inout Generator
    ) throws(Failure) -> [Int] {
        guard size >= 0 else { throw Failure(.value, "\(size) elements cannot be drawn") }
        guard count > 0 || size == 0 else { throw Failure(.value, "there is nothing to choose from") }
        guard replace || size <= count else {
            throw Failure(.value, "\(size) of \(count) cannot be drawn without putting back", help: "replace=true")
        }
        // Before an array of that length is made.
        _ = try Tensor(uninitialized: [size])
        guard var weights else {
            if replace { return (0..<size).map { _ in generator.integer(below: count) } }
            // Before an array of that length is made.
            _ = try Tensor(uninitialized: [count])
            var all = Array(0..<count)
            for index in 0..<size { all.swapAt(index, index + generator.integer(below: count - index)) }
            return Array(all[..<size])
        }
        guard weights.count == count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw Failure(.value, "choice needs \(count) weights, none of them negative")
        }
        var result: [Int] = []
        var sums = cumulated(weights)
        for _ in 0..<size {
            guard let total = sums.last, total > 0, total.isFinite else {
                throw Failure(.value, "too few weights are above 0 to draw \(size)")
            }
            let mark = generator.uniform() * total
            // The first whose running sum passes the mark.
            var (low, high) = (0, count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > mark { high = middle } else { low = middle + 1 }
            }
            while weights[low] == 0, low > 0 { low -= 1 }
            result.append(low)
            if !replace {
                weights[low] = 0
                sums = cumulated(weights)
            }
        }
        return result
    }

    private static func cumulated(_ weights: [Double]) -> [Double] {
        var total = 0.0
        return weights.map { weight in
            total += weight
            return total
        }
    }
}
