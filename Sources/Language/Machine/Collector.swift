import Tensors

/// Circles of objects: instances that hold each other keep their counts though nobody else holds them. All instances of
/// an interpreter are chained; what can be reached from them is walked through, and those which only the walk accounts
/// for are emptied, upon which the counts do the rest.
///
/// Only an instance can close a circle: everything else is made after what it holds.
enum Collector {
    typealias Chain = UnsafeMutablePointer<InstanceBlock.Layout>

    static func count(_ chain: Chain) -> Int {
        var count = 0
        var next = chain.pointee.next
        while let current = next {
            count += 1
            next = current.pointee.next
        }
        return count
    }

    /// Empties all instances, at the end of a session.
    static func breakAll(_ chain: Chain, _ heap: Heap) { empty(instances(chain), heap) }

    /// Gives back what only circles hold; gives the number of instances that are left.
    static func collect(_ chain: Chain, _ heap: Heap) -> Int {
        let all = instances(chain)
        // How often each object is held from within.
        var held: [UnsafeMutableRawPointer: UInt32] = [:]
        var seen: Set<UnsafeMutableRawPointer> = []
        var waiting: [UnsafeMutableRawPointer] = all.map { UnsafeMutableRawPointer($0) }
        seen.formUnion(waiting)
        while let object = waiting.popLast() {
            forEachHeld(object) { child in
                held[child, default: 0] += 1
                if seen.insert(child).inserted { waiting.append(child) }
            }
        }
        // What somebody else holds stays, with all that it holds.
        var alive: Set<UnsafeMutableRawPointer> = []
        for object in seen where object.assumingMemoryBound(to: BlockHeader.self).pointee.count > held[object] ?? 0 {
            alive.insert(object)
            waiting.append(object)
        }
        while let object = waiting.popLast() {
            forEachHeld(object) { child in
                if alive.insert(child).inserted { waiting.append(child) }
            }
        }
        empty(all.filter { !alive.contains(UnsafeMutableRawPointer($0)) }, heap)
        return count(chain)
    }

    private static func instances(_ chain: Chain) -> [Chain] {
        var result: [Chain] = []
        var next = chain.pointee.next
        while let current = next {
            result.append(current)
            next = current.pointee.next
        }
        return result
    }

    /// Takes the fields out of instances, all of which are held meanwhile.
    private static func empty(_ instances: [Chain], _ heap: Heap) {
        for instance in instances { instance.pointee.header.count &+= 1 }
        for instance in instances {
            for number in 0..<instance.pointee.capacity {
                let value = instance.pointee.fields[number]
                instance.pointee.fields[number] = .missing
                value.release(heap)
            }
        }
        for instance in instances { Value(object: instance).release(heap) }
    }

    /// The objects that an object holds a count of. Of an engine object nothing is known: what it holds counts as held by
    /// somebody else.
    private static func forEachHeld(_ object: UnsafeMutableRawPointer, _ body: (UnsafeMutableRawPointer) -> Void) {
        func visit(_ value: Value) { if value.isObject, !value.isObject(.tensor), !value.isObject(.string) { body(value.object) } }
        guard let kind = BlockKind(rawValue: object.assumingMemoryBound(to: BlockHeader.self).pointee.kind) else { return }
        switch kind {
        case .list: for item in ListBlock(object).items { visit(item) }
        case .tuple, .sequence: for item in TupleBlock(object).items { visit(item) }
        case .map: MapBlock(object).forEach { visit($1) }
        case .function:
            let function = FunctionBlock(object)
            for index in 0..<function.layout.pointee.count { visit(function.captures[index]) }
        case .boundMethod:
            visit(BoundMethodBlock(object).layout.pointee.receiver)
            visit(BoundMethodBlock(object).layout.pointee.function)
        case .instance:
            let instance = InstanceBlock(object)
            for number in 0..<instance.layout.pointee.capacity { visit(instance.layout.pointee.fields[number]) }
            body(UnsafeMutableRawPointer(instance.layout.pointee.class))
        case .class:
            let cls = ClassBlock(object)
            for number in 0..<cls.layout.pointee.methodCount { visit(cls.layout.pointee.methods[number]) }
        case .tensor, .string, .range, .slice, .builtin, .native: break
        }
    }
}
