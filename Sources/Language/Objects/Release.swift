import Tensors

/// Giving back what nobody holds any more.
///
/// What an object holds is released along with it, up to 64 levels deep by recursion and beyond that from a list, so
/// that a chain of any length does not overflow the stack.
extension Value {
    static let releaseDepth = 64

    /// Gives back one count.
    @inline(__always)
    func release(_ heap: Heap) {
        guard isObject else { return }
        let header = self.header
        header.pointee.count &-= 1
        if header.pointee.count == 0 { Value.destroy(object, heap) }
    }

    /// Gives back one count, from code that has no heap at hand.
    public func release() { release(Heap.current) }

    /// The same value with one count more: for storing a borrowed value.
    public var retained: Value {
        retain()
        return self
    }

    @inline(never)
    static func destroy(_ object: UnsafeMutableRawPointer, _ heap: Heap) {
        let kind = object.assumingMemoryBound(to: BlockHeader.self).pointee.kind
        if kind == BlockKind.tensor.rawValue {
            let block = TensorBlock(object)
            heap.free(object, size: block.size)
            return
        }
        var pending: [UnsafeMutableRawPointer] = []
        destroy(object, heap, &pending, 0)
        while let next = pending.popLast() { destroy(next, heap, &pending, 0) }
    }

    @inline(__always)
    func drop(_ heap: Heap, _ pending: inout [UnsafeMutableRawPointer], _ depth: Int) {
        guard isObject else { return }
        let header = self.header
        header.pointee.count &-= 1
        if header.pointee.count == 0 {
            if depth < Value.releaseDepth {
                Value.destroy(object, heap, &pending, depth + 1)
            } else {
                pending.append(object)
            }
        }
    }

    private static func destroy(
        _ object: UnsafeMutableRawPointer, _ heap: Heap, _ pending: inout [UnsafeMutableRawPointer], _ depth: Int
    ) {
        guard let kind = BlockKind(rawValue: object.assumingMemoryBound(to: BlockHeader.self).pointee.kind) else {
            return
        }
        switch kind {
        case .tensor:
            heap.free(object, size: TensorBlock(object).size)
        case .string:
            heap.free(object, size: StringBlock.size(StringBlock(object).layout.pointee.capacity))
        case .list:
            let list = ListBlock(object)
            for item in list.items { item.drop(heap, &pending, depth) }
            heap.free(list.layout.pointee.items, size: list.layout.pointee.capacity * 8)
            heap.free(object, size: MemoryLayout<ListBlock.Layout>.size)
        case .tuple, .sequence:
            let tuple = TupleBlock(object)
            for item in tuple.items { item.drop(heap, &pending, depth) }
            heap.free(object, size: TupleBlock.size(tuple.count))
        case .map:
            let map = MapBlock(object)
            for position in 0..<map.layout.pointee.used {
                map.layout.pointee.entries[position].key.drop(heap, &pending, depth)
                map.layout.pointee.entries[position].value.drop(heap, &pending, depth)
            }
            map.freeParts(heap)
            heap.free(object, size: MemoryLayout<MapBlock.Layout>.size)
        case .range:
            heap.free(object, size: MemoryLayout<RangeBlock.Layout>.size)
        case .slice:
            heap.free(object, size: MemoryLayout<SliceBlock.Layout>.size)
        case .function:
            let function = FunctionBlock(object)
            for index in 0..<function.layout.pointee.count { function.captures[index].drop(heap, &pending, depth) }
            heap.free(object, size: FunctionBlock.size(function.layout.pointee.count))
        case .boundMethod:
            let method = BoundMethodBlock(object)
            method.layout.pointee.receiver.drop(heap, &pending, depth)
            method.layout.pointee.function.drop(heap, &pending, depth)
            heap.free(object, size: MemoryLayout<BoundMethodBlock.Layout>.size)
        case .class:
            ClassBlock(object).free(heap, &pending, depth)
        case .instance:
            InstanceBlock(object).free(heap, &pending, depth)
        case .builtin, .native:
            let reference = ReferenceBlock(object).layout.pointee.object
            let state = heap.state
            if state.pointee.releasing >= releaseDepth {
                object.storeBytes(of: state.pointee.waiting, as: UnsafeMutableRawPointer?.self)
                object.storeBytes(of: reference, toByteOffset: 8, as: Unmanaged<AnyObject>.self)
                state.pointee.waiting = object
                return
            }
            heap.free(object, size: MemoryLayout<ReferenceBlock.Layout>.size)
            // Swift's deinit may release values of its own, through `release()`.
            state.pointee.releasing += 1
            reference.release()
            // The outermost one goes on with those that wait.
            while state.pointee.releasing == 1, let next = state.pointee.waiting {
                state.pointee.waiting = next.load(as: UnsafeMutableRawPointer?.self)
                let reference = next.load(fromByteOffset: 8, as: Unmanaged<AnyObject>.self)
                heap.free(next, size: MemoryLayout<ReferenceBlock.Layout>.size)
                reference.release()
            }
            state.pointee.releasing -= 1
        }
    }
}
