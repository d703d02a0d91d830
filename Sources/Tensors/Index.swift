import Diagnostics

/// One part of `X[...]`.
public enum Index: Sendable {
    /// A whole number, counted from the end where negative. The axis goes.
    case at(Int)
    case slice(start: Int? = nil, stop: Int? = nil, step: Int? = nil)
    /// A bool tensor: takes as many axes as it has, gives the elements where it is true along one.
    case mask(Tensor)
    /// A tensor of whole numbers: several of them run together, by the rule of element-by-element operators.
    case gather(Tensor)
    /// `...`: all the axes that are not named.
    case ellipsis
    /// `new`: an axis of length 1.
    case newAxis

    public static let all = Index.slice()
}

/// An index worked out against a shape: where each element of the result lies.
///
/// As in NumPy: whole numbers and slices are resolved by strides; masks and gathers give a table of offsets, whose
/// axes stand where the first of them stood if they are neighbours, else first. Beside a mask or gather a whole
/// number counts as one of them.
struct IndexPlan {
    /// The shape of what is indexed; empty for one element.
    private(set) var shape: [Int] = []
    /// The offset of the first element, in elements.
    private(set) var base = 0
    /// Axes to walk, outermost first. The gathered axes are one of them, with a table in place of a stride.
    private(set) var axes: [Axis] = []

    struct Axis {
        var length: Int
        var stride: Int
        var table: [Int]?
    }

    private struct Gathered {
        var shape: [Int]
        var offsets: [Int]
    }

    init(_ indices: [Index], of dims: [Int]) throws(Failure) {
        let full = try IndexPlan.filled(indices, dims)
        var strides = [Int](repeating: 1, count: dims.count)
        for axis in stride(from: dims.count - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * dims[axis + 1] }
        let hasTables = full.contains { if case .mask = $0 { true } else if case .gather = $0 { true } else { false } }

        var axis = 0
        // Where the gathered axes go, and whether something stood between two of them.
        var place: Int?
        var closed = false, apart = false
        var gathered: [Gathered] = []
        for index in full {
            var isTable = false
            switch index {
            case .at(let position):
                let offset = try IndexPlan.position(position, dims[axis], axis) * strides[axis]
                base += offset
                isTable = hasTables
                axis += 1
            case .slice(let start, let stop, let step):
                let range = try IndexPlan.range(start, stop, step, dims[axis])
                if range.count > 0 { base += range.start * strides[axis] }
                // A stride that is never taken may be beyond all bounds.
                axes.append(Axis(length: range.count, stride: range.count > 1 ? range.step * strides[axis] : 0))
                shape.append(range.count)
                axis += 1
            case .newAxis:
                axes.append(Axis(length: 1, stride: 0))
                shape.append(1)
            case .mask(let mask):
                isTable = true
                gathered.append(try IndexPlan.masked(mask, dims, strides, axis))
                axis += mask.rank
            case .gather(let positions):
                isTable = true
                gathered.append(try IndexPlan.gathered(positions, dims[axis], strides[axis], axis))
                axis += 1
            case .ellipsis:
                break
            }
            if isTable {
                if place == nil { place = axes.count }
                if closed { apart = true }
            } else if place != nil {
                closed = true
            }
        }
        guard !gathered.isEmpty else { return }
        let table = try IndexPlan.joined(gathered)
        let at = apart ? 0 : place ?? 0
        axes.insert(Axis(length: table.offsets.count, stride: 0, table: table.offsets), at: at)
        shape.insert(contentsOf: table.shape, at: at)
    }

    var count: Int { axes.reduce(1) { $0 * $1.length } }

    /// With `...` written out, and slices over what is left.
    private static func filled(_ indices: [Index], _ dims: [Int]) throws(Failure) -> [Index] {
        var taken = 0
        var ellipses = 0
        for index in indices {
            switch index {
            case .at, .slice, .gather: taken += 1
            case .mask(let mask): taken += mask.rank
            case .ellipsis: ellipses += 1
            case .newAxis: break
            }
        }
        guard ellipses <= 1 else { throw Failure(.index, "an index can hold `...` only once") }
        guard taken <= dims.count else {
            let axes = dims.count == 1 ? "1 axis" : "\(dims.count) axes"
            throw Failure(
                .index, "\(taken) indices for a tensor of \(axes)", label: "{0} is \(Tensor.text(of: dims))")
        }
        let rest = [Index](repeating: .all, count: dims.count - taken)
        guard ellipses == 1 else { return indices + rest }
        var result: [Index] = []
        for index in indices {
            if case .ellipsis = index { result += rest } else { result.append(index) }
        }
        return result
    }

    static func position(_ index: Int, _ length: Int, _ axis: Int?) throws(Failure) -> Int {
        let position = index < 0 ? index + length : index
        guard position >= 0, position < length else { throw outside(index, length, axis) }
        return position
    }

    static func outside(_ index: Int, _ length: Int, _ axis: Int?) -> Failure {
        let place = axis.map { $0 == 0 ? "" : " in axis \($0)" } ?? ""
        let length = length == 0 ? "there are none" : "the last is \(length - 1)"
        return Failure(.index, "there is no index \(index)\(place): \(length)")
    }

    /// Python's slice of a length: bounds are cut to what is there.
    static func range(
        _ start: Int?, _ stop: Int?, _ step: Int?, _ length: Int
    ) throws(Failure) -> (start: Int, step: Int, count: Int) {
        let step = step ?? 1
        guard step != 0 else { throw Failure(.index, "the step of a slice cannot be 0") }
        func bound(_ value: Int?, _ missing: Int, _ low: Int, _ high: Int) -> Int {
            guard let value else { return missing }
            // No overflow: a negative value and a length.
            return min(max(value < 0 ? value + length : value, low), high)
        }
        if step > 0 {
            let first = bound(start, 0, 0, length), last = bound(stop, length, 0, length)
            let span = last - first
            return (first, step, span > 0 ? (span - 1) / step + 1 : 0)
        }
        let first = bound(start, length - 1, -1, length - 1), last = bound(stop, -1, -1, length - 1)
        let span = first - last
        // The magnitude of the least Int is no Int.
        return (first, step, span > 0 ? Int((UInt(span) - 1) / step.magnitude) + 1 : 0)
    }

    private static func masked(
        _ mask: Tensor, _ dims: [Int], _ strides: [Int], _ axis: Int
    ) throws(Failure) -> Gathered {
        let covered = Array(dims[axis..<(axis + mask.rank)])
        guard mask.shape == covered else {
            throw Failure(
                .index,
                "the mask is \(Tensor.text(of: mask.shape)), what it picks from is \(Tensor.text(of: covered))",
                label: "{0} is \(Tensor.text(of: dims))")
        }
        // The covered axes lie together, so an element's place among them is its offset in units of the last.
        let unit = mask.rank == 0 ? 0 : strides[axis + mask.rank - 1]
        var offsets: [Int] = []
        for index in 0..<mask.count where mask.block.bytes[index] != 0 { offsets.append(index * unit) }
        return Gathered(shape: [offsets.count], offsets: offsets)
    }

    private static func gathered(
        _ positions: Tensor, _ length: Int, _ stride: Int, _ axis: Int
    ) throws(Failure) -> Gathered {
        var offsets: [Int] = []
        offsets.reserveCapacity(positions.count)
        for index in 0..<positions.count {
            let number = positions.block.number(at: index)
            guard let whole = Conversion.integer(number) else {
                throw Failure(.index, "an index must be a whole number, not \(NumberText.plain(number))")
            }
            offsets.append(try position(whole, length, axis) * stride)
        }
        return Gathered(shape: positions.shape, offsets: offsets)
    }

    /// Several tables that run together are one: their offsets add up.
    private static func joined(_ parts: [Gathered]) throws(Failure) -> Gathered {
        guard parts.count > 1 else { return parts[0] }
        var shape = parts[0].shape
        for part in parts.dropFirst() {
            do throws(Failure) {
                shape = try Broadcast.shape(shape, part.shape, "[]")
            } catch {
                throw Failure(
                    .index,
                    "indices of the shapes \(parts.map { Tensor.text(of: $0.shape) }.joined(separator: " and ")) "
                        + "do not run together",
                    help: "one of them as a column, [:, new], gives all pairs")
            }
        }
        // Refused like a tensor of that shape, where there is no memory for it.
        var total = [Int](repeating: 0, count: try Tensor(uninitialized: shape).count)
        for part in parts {
            let strides = Broadcast.strides(of: part.shape, over: shape)
            for index in total.indices {
                var (rest, offset) = (index, 0)
                for axis in stride(from: shape.count - 1, through: 0, by: -1) {
                    offset += rest % shape[axis] * strides[axis]
                    rest /= shape[axis]
                }
                total[index] += part.offsets[offset]
            }
        }
        return Gathered(shape: shape, offsets: total)
    }

    /// Calls `body(offset of the first, elements, stride)` for every run along the innermost axes, in the result's
    /// row-major order.
    @inline(__always)
    func forEachRun(_ body: (Int, Int, Int) throws(Failure) -> Void) throws(Failure) {
        if count == 0 { return }
        // Axes that continue each other are walked as one.
        var walked = axes.filter { $0.length != 1 || $0.table != nil }
        var run = 1, stride = 1
        if let last = walked.last, last.table == nil {
            (run, stride) = (last.length, last.stride)
            walked.removeLast()
            while let next = walked.last, next.table == nil, next.stride == stride * run {
                run *= next.length
                walked.removeLast()
            }
        }
        var position = [Int](repeating: 0, count: walked.count)
        var offset = base
        for axis in walked { if let table = axis.table { offset += table[0] } }
        while true {
            try body(offset, run, stride)
            var axis = walked.count - 1
            while axis >= 0 {
                let here = walked[axis]
                let old = position[axis]
                position[axis] = old + 1 < here.length ? old + 1 : 0
                if let table = here.table {
                    offset += table[position[axis]] - table[old]
                } else {
                    offset += (position[axis] - old) * here.stride
                }
                if position[axis] != 0 { break }
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
