import Diagnostics
import Tensors

/// A number or a tensor that is followed: what is done to it is recorded for a gradient. To a user it is the number or
/// tensor that it stands for, so the machine asks it wherever it knows its own numbers and tensors by heart. It is a
/// value as they are: what changes it puts another in its place.
///
/// Arguments are borrowed, results carry one count, as everywhere.
open class TracedObject: NativeObject {
    /// Empty for a number.
    open var shape: [Int] { [] }
    /// What it stands for, now: a number, a bool or a tensor of its own, nothing of which is recorded any more.
    open func plain() throws(Failure) -> Value { .none }
    /// What it stands for, on its way to being written.
    open func printed() -> Value { .none }
    /// `object @ other`, or `other @ object`.
    open func product(_ other: Value, isLeft: Bool, _ interpreter: Interpreter) throws(Failure) -> Value? { nil }
    /// `-object`.
    open func negated() throws(Failure) -> Value { .none }
    /// The tensor `whole` with its elements at the keys set to `part`, or changed by `operation`; one of the two is
    /// this object, or both are followed.
    open func changed(
        _ whole: Value, _ keys: [Value], _ operation: BinaryOperation?, _ part: Value, _ interpreter: Interpreter
    ) throws(Failure) -> Value { .none }
    /// A tensor of items, this one among them: numbers, or tensors of one shape along a new first axis. Numbers are laid
    /// out in so many rows where `rows` is given.
    open func joined(_ items: [Value], rows: Int?, _ interpreter: Interpreter) throws(Failure) -> Value { .none }
    /// What a body gives that only arranges the elements of its arguments, this object among them, in another way.
    open func moved(_ call: borrowing Call, _ body: Builtin.Body) throws(Failure) -> Value { .none }
    /// A changing method of tensors on `whole`: what stands in its place after, and what the call gives. Nil where there
    /// is no such method.
    open func method(
        _ name: String, _ whole: Value, _ arguments: [Value], _ interpreter: Interpreter
    ) throws(Failure) -> (whole: Value, result: Value)? { nil }
}

extension Value {
    /// A number or tensor that is followed for a gradient.
    @inlinable @inline(__always)
    public var isTraced: Bool {
        isObject && header.pointee.kind == BlockKind.native.rawValue && header.pointee.detail == 1
    }

    /// Valid only where `isTraced`.
    public var tracedObject: TracedObject {
        unsafeDowncast(ReferenceBlock(object).native, to: TracedObject.self)
    }

    /// Whether something in it is followed: looks into lists, tuples, maps and what runs through them, not into objects.
    public var holdsTraced: Bool { holdsTraced(depth: 0) }

    private func holdsTraced(depth: Int) -> Bool {
        guard isObject, let kind = BlockKind(rawValue: header.pointee.kind), depth < 64 else { return false }
        switch kind {
        case .native: return header.pointee.detail == 1
        case .list: return ListBlock(object).items.contains { $0.holdsTraced(depth: depth + 1) }
        case .tuple, .sequence: return TupleBlock(object).items.contains { $0.holdsTraced(depth: depth + 1) }
        case .map:
            var found = false
            MapBlock(object).forEach { _, value in found = found || value.holdsTraced(depth: depth + 1) }
            return found
        default: return false
        }
    }

    /// What stands for it without being followed, with one count: lists, tuples and maps are copied where they hold
    /// something that is.
    public func untraced() throws(Failure) -> Value {
        guard holdsTraced, let kind = BlockKind(rawValue: header.pointee.kind) else { return retained }
        if isTraced { return try tracedObject.plain() }
        if kind == .map {
            var entries: [(Value, Value)] = []
            for (key, value) in MapBlock(object).entries {
                do throws(Failure) {
                    let plain = try value.untraced()
                    entries.append((key.retained, plain))
                } catch {
                    for (key, value) in entries {
                        key.release()
                        value.release()
                    }
                    throw error
                }
            }
            return Value(map: entries)
        }
        var items: [Value] = []
        for item in kind == .list ? ListBlock(object).items : TupleBlock(object).items {
            do throws(Failure) {
                items.append(try item.untraced())
            } catch {
                for item in items { item.release() }
                throw error
            }
        }
        switch kind {
        case .list: return Value(list: items)
        case .tuple: return Value(tuple: items)
        default: return Value(sequence: items)
        }
    }
}
