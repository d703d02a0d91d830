import Tensors

/// What `zip` and `enumerate` give: several things that are run through side by side, up to the end of the shortest.
/// Laid out like a tuple whose first item is the first number of `enumerate`, `missing` for `zip`.
public struct SequenceBlock {
    let tuple: TupleBlock

    init(_ object: UnsafeMutableRawPointer) { tuple = TupleBlock(object) }

    /// The first number of `enumerate`; nil for `zip`.
    public var start: Double? { tuple.start[0].isNumber ? tuple.start[0].number : nil }
    /// What is run through; borrowed.
    public var parts: UnsafeBufferPointer<Value> { UnsafeBufferPointer(rebasing: tuple.items.dropFirst()) }
    /// Items of the tuples that it gives.
    var width: Int { tuple.count - (start == nil ? 1 : 0) }
}
