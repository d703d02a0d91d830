import Tensors

/// `range(start, stop, step)`: whole numbers.
public struct RangeBlock {
    struct Layout {
        var header: BlockHeader
        var start: Double
        var step: Double
        var count: Int
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    public var start: Double { layout.pointee.start }
    public var step: Double { layout.pointee.step }
    public var count: Int { layout.pointee.count }
    public subscript(_ index: Int) -> Double { layout.pointee.start + Double(index) * layout.pointee.step }

    static func make(_ heap: Heap, start: Double, step: Double, count: Int) -> Value? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        memory.bindMemory(to: Layout.self, capacity: 1).initialize(
            to: Layout(header: BlockHeader(kind: .range), start: start, step: step, count: count))
        return Value(object: memory)
    }
}

/// `1:3` in an index, as an engine object's `index` sees it.
public struct SliceBlock {
    struct Layout {
        var header: BlockHeader
        /// Numbers or `none`; nothing counted.
        var start: Value
        var stop: Value
        var step: Value
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    public var start: Int? { SliceBlock.whole(layout.pointee.start) }
    public var stop: Int? { SliceBlock.whole(layout.pointee.stop) }
    public var step: Int? { SliceBlock.whole(layout.pointee.step) }

    private static func whole(_ value: Value) -> Int? { value.isNumber ? Int(exactly: value.number) : nil }

    static func make(_ heap: Heap, _ start: Value, _ stop: Value, _ step: Value) -> Value? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        memory.bindMemory(to: Layout.self, capacity: 1).initialize(
            to: Layout(header: BlockHeader(kind: .slice), start: start, stop: stop, step: step))
        return Value(object: memory)
    }

    /// The positions that the slice takes of so many, as Python has it. `step` is not 0.
    public func positions(_ length: Int) -> (start: Int, step: Int, count: Int) {
        let step = self.step ?? 1
        func clamp(_ index: Int, _ low: Int, _ high: Int) -> Int {
            max(low, min(high, index < 0 ? max(index &+ length, -1) : index))
        }
        if step > 0 {
            let first = start.map { max(0, clamp($0, 0, length)) } ?? 0
            let last = stop.map { max(0, clamp($0, 0, length)) } ?? length
            return (first, step, first < last ? (last - first - 1) / step + 1 : 0)
        }
        let first = start.map { clamp($0, -1, length - 1) } ?? length - 1
        let last = stop.map { clamp($0, -1, length - 1) } ?? -1
        // `Int.min` has no positive twin; such a step takes one element at most all the same.
        let stride = step == Int.min ? Int.max : -step
        return (first, -stride, first > last ? (first - last - 1) / stride + 1 : 0)
    }
}
