import Tensors

/// A class: where its fields lie and its methods.
///
/// `table[symbol]` tells in one load what a name means to its instances: the number of a field, or a method's with
/// `methodBit`, or `nothing`. Names that the interpreter has met after the table was last made lie beyond its end.
struct ClassBlock {
    static let nothing: UInt16 = 0xFFFF
    static let methodBit: UInt16 = 0x8000
    /// More fields than any program has; a field's number also stands in an instance's header.
    static let maximalFields = 250

    struct Layout {
        var header: BlockHeader
        var table: UnsafeMutablePointer<UInt16>
        var tableCount: Int
        var fieldCount: Int
        var methods: UnsafeMutablePointer<Value>
        var methodCount: Int
        /// The function `init`, `missing` where there is none; borrowed from `methods`.
        var initializer: Value
        var info: Unmanaged<ClassInfo>
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    var info: ClassInfo { layout.pointee.info.takeUnretainedValue() }

    /// Takes over one count of each method.
    static func make(_ heap: Heap, _ info: ClassInfo, methods: [(symbol: Int, function: Value)], initializer: Int) -> ClassBlock? {
        guard let memory = heap.allocate(MemoryLayout<Layout>.size) else { return nil }
        let layout = memory.bindMemory(to: Layout.self, capacity: 1)
        let values = UnsafeMutablePointer<Value>.allocate(capacity: max(methods.count, 1))
        layout.initialize(
            to: Layout(
                header: BlockHeader(kind: .class), table: UnsafeMutablePointer<UInt16>.allocate(capacity: 0),
                tableCount: 0, fieldCount: 0, methods: values, methodCount: methods.count, initializer: .missing,
                info: Unmanaged.passRetained(info)))
        let block = ClassBlock(layout)
        for (index, method) in methods.enumerated() {
            values[index] = method.function
            block.set(method.symbol, UInt16(truncatingIfNeeded: index) | methodBit)
            if method.symbol == initializer { layout.pointee.initializer = method.function }
        }
        return block
    }

    @inline(__always)
    func meaning(_ symbol: Int) -> UInt16 {
        symbol < layout.pointee.tableCount ? layout.pointee.table[symbol] : ClassBlock.nothing
    }

    private func set(_ symbol: Int, _ meaning: UInt16) {
        if symbol >= layout.pointee.tableCount {
            let count = symbol + 32
            let table = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
            table.initialize(repeating: ClassBlock.nothing, count: count)
            table.update(from: layout.pointee.table, count: layout.pointee.tableCount)
            layout.pointee.table.deallocate()
            layout.pointee.table = table
            layout.pointee.tableCount = count
        }
        layout.pointee.table[symbol] = meaning
    }

    /// The number of a new field; nil when there are too many.
    func addField(_ symbol: Int, _ name: String) -> Int? {
        let number = layout.pointee.fieldCount
        guard number < ClassBlock.maximalFields else { return nil }
        set(symbol, UInt16(truncatingIfNeeded: number))
        info.fields.append(name)
        layout.pointee.fieldCount = number + 1
        return number
    }

    func free(_ heap: Heap, _ pending: inout [UnsafeMutableRawPointer], _ depth: Int) {
        for index in 0..<layout.pointee.methodCount { layout.pointee.methods[index].drop(heap, &pending, depth) }
        layout.pointee.methods.deallocate()
        layout.pointee.table.deallocate()
        layout.pointee.info.release()
        heap.free(layout, size: MemoryLayout<Layout>.size)
    }
}

/// What only messages and help ask of a class.
final class ClassInfo {
    let name: String
    let documentation: String?
    /// In the order of their numbers.
    var fields: [String] = []
    let methods: [String]

    init(name: String, documentation: String?, methods: [String]) {
        self.name = name
        self.documentation = documentation
        self.methods = methods
    }
}

/// An instance: its fields lie behind the header as far as the class knew them when it was made, else in a buffer.
/// Instances are chained so that those which hold each other in a circle can be found.
struct InstanceBlock {
    struct Layout {
        var header: BlockHeader
        /// Counted.
        var `class`: UnsafeMutablePointer<ClassBlock.Layout>
        /// `missing` where not set.
        var fields: UnsafeMutablePointer<Value>
        var capacity: Int
        var previous: UnsafeMutablePointer<Layout>?
        var next: UnsafeMutablePointer<Layout>?
    }

    let layout: UnsafeMutablePointer<Layout>

    init(_ layout: UnsafeMutablePointer<Layout>) { self.layout = layout }
    init(_ object: UnsafeMutableRawPointer) { layout = object.assumingMemoryBound(to: Layout.self) }

    var `class`: ClassBlock { ClassBlock(layout.pointee.class) }
    /// What the class's table says of a field holds here only up to the capacity.
    @inline(__always)
    func field(_ number: Int) -> Value {
        number < layout.pointee.capacity ? layout.pointee.fields[number] : .missing
    }

    static func size(_ inline: Int) -> Int { MemoryLayout<Layout>.size &+ 8 &* inline }

    @inline(__always)
    static func make(
        _ heap: Heap, _ cls: ClassBlock, chain: UnsafeMutablePointer<Layout>
    ) -> InstanceBlock? {
        let inline = max(cls.layout.pointee.fieldCount, 2)
        guard let memory = heap.allocate(size(inline)) else { return nil }
        let layout = memory.assumingMemoryBound(to: Layout.self)
        let fields = UnsafeMutableRawPointer(layout + 1).assumingMemoryBound(to: Value.self)
        var header = BlockHeader(kind: .instance)
        header.rank = UInt8(truncatingIfNeeded: inline)
        let next = chain.pointee.next
        layout.initialize(
            to: Layout(
                header: header, class: cls.layout, fields: fields, capacity: inline, previous: chain, next: next))
        next?.pointee.previous = layout
        chain.pointee.next = layout
        cls.layout.pointee.header.count &+= 1
        for number in 0..<inline { fields[number] = .missing }
        return InstanceBlock(layout)
    }

    private var inlineCapacity: Int { Int(layout.pointee.header.rank) }
    private var isInline: Bool { layout.pointee.capacity == inlineCapacity }

    /// Where a field lies, with room made for it; nil when the memory cannot be had.
    func slot(_ number: Int, _ heap: Heap) -> UnsafeMutablePointer<Value>? {
        if number >= layout.pointee.capacity {
            let capacity = layout.pointee.capacity
            let room = max(number + 1, self.class.layout.pointee.fieldCount, capacity * 2)
            guard let memory = heap.allocate(room * 8) else { return nil }
            let fields = memory.bindMemory(to: Value.self, capacity: room)
            fields.update(from: layout.pointee.fields, count: capacity)
            (fields + capacity).update(repeating: .missing, count: room - capacity)
            if !isInline { heap.free(layout.pointee.fields, size: capacity * 8) }
            layout.pointee.fields = fields
            layout.pointee.capacity = room
        }
        return layout.pointee.fields + number
    }

    func free(_ heap: Heap, _ pending: inout [UnsafeMutableRawPointer], _ depth: Int) {
        layout.pointee.previous?.pointee.next = layout.pointee.next
        layout.pointee.next?.pointee.previous = layout.pointee.previous
        for number in 0..<layout.pointee.capacity { layout.pointee.fields[number].drop(heap, &pending, depth) }
        if !isInline { heap.free(layout.pointee.fields, size: layout.pointee.capacity * 8) }
        Value(object: layout.pointee.class).drop(heap, &pending, depth)
        heap.free(layout, size: InstanceBlock.size(inlineCapacity))
    }
}
