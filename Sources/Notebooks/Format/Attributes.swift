import Interchange

/// What stands after a marker: `key=JSON`. Unknown keys are kept.
public struct Attributes: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: JSON] = [:]

    public init() {}

    public init(dictionaryLiteral elements: (String, JSON)...) {
        for (key, value) in elements { values[key] = value }
    }

    public subscript(key: String) -> JSON? {
        get { values[key] }
        set { values[key] = newValue }
    }

    public var isEmpty: Bool { values.isEmpty }

    /// Those named in `first` in that order, the others sorted by their bytes.
    func ordered(first: [String]) -> [(key: String, value: JSON)] {
        let leading = first.compactMap { key in values[key].map { (key: key, value: $0) } }
        let others = values.filter { !first.contains($0.key) }.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        return leading + others.map { (key: $0.key, value: $0.value) }
    }

    /// A key begins with a letter or `_`, then come letters, digits, `_ . -`.
    static func isKeyByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): !first
        default: false
        }
    }
}
