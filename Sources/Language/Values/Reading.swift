import Diagnostics
import Tensors

/// What a value holds; everything here is borrowed, and nil where the value is of another type.
extension Value {
    public var string: String? { isObject(.string) ? StringBlock(object).string : nil }
    public var tensor: Tensor? { isObject(.tensor) ? Tensor(sharing: TensorBlock(object)) : nil }
    public var bool: Bool? { isBool ? isTrue : nil }
    public var list: ListBlock? { isObject(.list) ? ListBlock(object) : nil }
    public var tuple: TupleBlock? { isObject(.tuple) ? TupleBlock(object) : nil }
    public var map: MapBlock? { isObject(.map) ? MapBlock(object) : nil }
    public var range: RangeBlock? { isObject(.range) ? RangeBlock(object) : nil }
    public var sequence: SequenceBlock? { isObject(.sequence) ? SequenceBlock(object) : nil }
    public var slice: SliceBlock? { isObject(.slice) ? SliceBlock(object) : nil }
    public var native: NativeObject? { isObject(.native) ? ReferenceBlock(object).native : nil }

    /// The items of a list or a tuple.
    public var items: UnsafeBufferPointer<Value>? {
        if let list { return list.items }
        if let tuple { return tuple.items }
        return nil
    }

    /// A whole number.
    public var int: Int? { isNumber ? Int(exactly: number) : nil }

    /// A function of the language or of the prelude, a class, a bound method, or an engine object that can be called.
    public var isCallable: Bool {
        guard isObject, let kind = BlockKind(rawValue: header.pointee.kind) else { return false }
        switch kind {
        case .function, .builtin, .boundMethod, .class: return true
        case .native: return ReferenceBlock(object).native.isCallable
        default: return false
        }
    }

    /// The name of a function of the prelude.
    public var builtinName: String? { isObject(.builtin) ? ReferenceBlock(object).builtin.signature.name : nil }

    /// The type's name as the user reads it and `type` gives it.
    public var typeName: String {
        if isNumber { return "number" }
        if isBool { return "bool" }
        guard isObject, let kind = BlockKind(rawValue: header.pointee.kind) else { return "none" }
        switch kind {
        case .tensor: return "tensor"
        case .string: return "string"
        case .list: return "list"
        case .tuple: return "tuple"
        case .map: return "map"
        case .range: return "range"
        case .sequence: return SequenceBlock(object).start == nil ? "zip" : "enumerate"
        case .slice: return "slice"
        case .function, .builtin, .boundMethod: return "function"
        case .class: return "class"
        case .instance: return InstanceBlock(object).class.info.name
        case .native: return ReferenceBlock(object).native.typeName
        }
    }

    /// The value in the words of a message: `a string`, `a (4, 3) tensor`, `none`.
    public var inWords: String {
        if isNone || isMissing { return "none" }
        if isObject(.tensor) {
            let block = TensorBlock(object)
            return "\(block.rank == 1 ? "a vector of \(block.count)" : "a \(block.shapeText) tensor")"
                + (block.dtype == .float64 ? "" : " of \(block.dtype.name)")
        }
        if isTraced {
            let shape = tracedObject.shape
            return shape.isEmpty ? "a number" : shape.count == 1 ? "a vector of \(shape[0])" : "a \(Tensor.text(of: shape)) tensor"
        }
        let name = typeName
        let article = name.first.map { "aeiouAEIOU".contains($0) } == true ? "an" : "a"
        return "\(article) \(name)"
    }
}
