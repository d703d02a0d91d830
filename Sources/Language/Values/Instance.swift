import Diagnostics
import Tensors

/// An instance of a class, for what goes through the fields of objects.
public struct Instance {
    private let block: InstanceBlock

    /// Nil for what is no instance.
    public init?(_ value: Value) {
        guard value.isObject(.instance) else { return nil }
        block = InstanceBlock(value.object)
    }

    fileprivate init(_ block: InstanceBlock) { self.block = block }

    public var className: String { block.class.info.name }
    /// The same for the same object.
    public var identity: UnsafeMutableRawPointer { UnsafeMutableRawPointer(block.layout) }
    /// The instance as a value, borrowed.
    public var value: Value { Value(object: block.layout) }
    /// Fields that its class knows; this instance need not have all of them.
    public var fieldCount: Int { block.class.layout.pointee.fieldCount }
    public func name(_ field: Int) -> String {
        let names = block.class.info.fields
        return names.indices.contains(field) ? names[field] : "?"
    }
    public func isOfClass(of other: Instance) -> Bool { block.layout.pointee.class == other.block.layout.pointee.class }

    /// Borrowed; `missing` where the instance has no such field. Setting takes over one count.
    public subscript(_ field: Int) -> Value {
        get { block.field(field) }
        nonmutating set {
            guard field >= 0, field < fieldCount, let slot = block.slot(field, Heap.current) else { return newValue.release() }
            let old = slot.pointee
            slot.pointee = newValue
            old.release()
        }
    }
}

extension Interpreter {
    /// An instance of the same class without any fields, with one count.
    public func emptyInstance(like instance: Instance) throws(Failure) -> Value {
        guard let made = InstanceBlock.make(Heap.current, InstanceBlock(instance.identity).class, chain: machine.state.pointee.chain)
        else { throw Machine.outOfMemory }
        return Value(object: made.layout)
    }

    /// All instances that there are; none may be made or given back meanwhile.
    public func forEachInstance(_ body: (Instance) -> Void) {
        var next = machine.state.pointee.chain.pointee.next
        while let layout = next {
            next = layout.pointee.next
            body(Instance(InstanceBlock(layout)))
        }
    }
}
