import Diagnostics
import Tensors

/// Values as text. What is printed can be typed, as far as it is a value.
package struct ValueText {
    let isExact: Bool
    let quotes: Bool
    let columns: Int
    /// Long things are abbreviated.
    let abbreviates: Bool

    static let deepest = 12
    static let mostItems = 200

    init(_ style: TextStyle) {
        switch style {
        case .print: (isExact, quotes, columns, abbreviates) = (false, false, 80, true)
        case .repr: (isExact, quotes, columns, abbreviates) = (true, true, 0, false)
        case .result(let columns): (isExact, quotes, self.columns, abbreviates) = (false, true, columns, true)
        }
    }

    func text(_ value: Value) -> String {
        if !quotes, let string = value.string { return string }
        return text(value, 0, [])
    }

    /// `open`: the objects that are being written, so that one which holds itself ends.
    private func text(_ value: Value, _ depth: Int, _ open: Set<UnsafeMutableRawPointer>) -> String {
        if value.isNumber { return isExact ? Numerals.exact(value.number) : Numerals.printed(value.number) }
        if value.isBool { return value.isTrue ? "true" : "false" }
        guard value.isObject, let kind = BlockKind(rawValue: value.header.pointee.kind) else {
            return value == .ellipsis ? "..." : value == .newAxis ? "new" : "none"
        }
        if depth > ValueText.deepest { return "..." }
        switch kind {
        case .tensor:
            let block = TensorBlock(value.object)
            let text = TensorText(block, columns: columns, isExact: isExact, abbreviates: abbreviates).text
            return isExact && block.dtype != .float64 && block.dtype != .bool ? "\(text).astype(\"\(block.dtype.name)\")" : text
        case .string: return ValueText.quoted(StringBlock(value.object).string)
        case .list:
            let items = ListBlock(value.object).items
            // `list(t)` are the rows of t.
            if isExact, items.count == 1, items[0].isObject(.tensor),
                let row = try? Shaping.expand(Tensor(sharing: TensorBlock(items[0].object)), axis: 0)
            {
                let value = Value(tensor: row)
                defer { value.release() }
                return "list(\(text(value, depth, open)))"
            }
            let readsAsTensor = !items.isEmpty && items.allSatisfy { $0.isNumber || $0.isBool || $0.isObject(.tensor) }
            return joined(items, readsAsTensor ? "list(" : "[", readsAsTensor ? ")" : "]", depth, open)
        case .tuple:
            let items = TupleBlock(value.object).items
            return joined(items, "(", items.count == 1 ? ",)" : ")", depth, open)
        case .map: return map(MapBlock(value.object), depth, open)
        case .range:
            let range = RangeBlock(value.object)
            let start = Numerals.printed(range.start)
            let stop = Numerals.printed(range.start + Double(range.count) * range.step)
            if range.step != 1 { return "range(\(start), \(stop), \(Numerals.printed(range.step)))" }
            return range.start == 0 ? "range(\(stop))" : "range(\(start), \(stop))"
        case .sequence:
            let sequence = SequenceBlock(value.object)
            let end = sequence.start.map { $0 == 0 ? ")" : ", start=\(Numerals.printed($0)))" } ?? ")"
            return joined(sequence.parts, sequence.start == nil ? "zip(" : "enumerate(", end, depth, open)
        case .slice:
            let slice = SliceBlock(value.object)
            return "\(slice.start.map(String.init) ?? ""):\(slice.stop.map(String.init) ?? "")"
                + (slice.step.map { ":\($0)" } ?? "")
        case .function:
            let info = FunctionBlock(value.object).layout.pointee.code.pointee.info
            // A lambda has no name of its own.
            let name = info.isLambda ? "" : info.name
            return "<function \(name)(\(info.parameters.map(\.name).joined(separator: ", ")))>"
        case .builtin:
            let signature = ReferenceBlock(value.object).builtin.signature
            return "<function \(signature.name)(\(signature.parameters.map(\.name).joined(separator: ", ")))>"
        case .boundMethod:
            let method = BoundMethodBlock(value.object).layout.pointee
            return "<method of \(method.receiver.inWords): \(text(method.function, depth + 1, open))>"
        case .class: return "<class \(ClassBlock(value.object).info.name)>"
        case .instance: return instance(InstanceBlock(value.object), depth, open)
        case .native:
            guard value.isTraced else { return ReferenceBlock(value.object).native.description }
            let plain = value.tracedObject.printed()
            defer { plain.release() }
            return text(plain, depth, open)
        }
    }

    private func joined(
        _ items: some RandomAccessCollection<Value>, _ start: String, _ end: String, _ depth: Int,
        _ open: Set<UnsafeMutableRawPointer>
    ) -> String {
        var parts = items.prefix(abbreviates ? ValueText.mostItems : Int.max).map { text($0, depth + 1, open) }
        if abbreviates, items.count > ValueText.mostItems { parts.append("... \(items.count) in all") }
        return lines(parts, start, end)
    }

    /// On one line where that is short, else one part a line.
    private func lines(_ parts: [String], _ start: String, _ end: String) -> String {
        let isBroken = parts.contains { $0.contains("\n") }
        let line = start + parts.joined(separator: ", ") + end
        guard isBroken || columns > 0 && line.count > columns else { return line }
        if !isBroken, parts.allSatisfy({ $0.count <= columns / 4 }) {
            // Short parts fill lines.
            var text = start
            var length = start.count
            for (number, part) in parts.enumerated() {
                let last = number == parts.count - 1
                if length + part.count + 2 > columns, number > 0 {
                    text += "\n "
                    length = 1
                }
                text += last ? part : part + ", "
                length += part.count + 2
            }
            return text.replacingSpaceBeforeNewline() + end
        }
        let margin = "\n" + String(repeating: " ", count: start.count)
        return start + parts.map { $0.indented(by: start.count) }.joined(separator: "," + margin) + end
    }

    private func map(_ map: MapBlock, _ depth: Int, _ open: Set<UnsafeMutableRawPointer>) -> String {
        var parts: [String] = []
        for (key, value) in map.entries.prefix(abbreviates ? ValueText.mostItems : Int.max) {
            let name = key.string.map(ValueText.quoted) ?? text(key, depth + 1, open)
            let text = text(value, depth + 1, open)
            parts.append(name + ": " + text.indented(by: name.count + 2))
        }
        if abbreviates, map.count > ValueText.mostItems { parts.append("... \(map.count) in all") }
        return lines(parts, "{", "}")
    }

    private func instance(_ instance: InstanceBlock, _ depth: Int, _ open: Set<UnsafeMutableRawPointer>) -> String {
        let info = instance.class.info
        let object = UnsafeMutableRawPointer(instance.layout)
        guard !open.contains(object) else { return "\(info.name)(...)" }
        let inside = open.union([object])
        var parts: [String] = []
        for (number, name) in info.fields.enumerated() {
            let value = instance.field(number)
            if !value.isMissing { parts.append(name + "=" + text(value, depth + 1, inside).indented(by: name.count + 1)) }
        }
        return lines(parts, info.name + "(", ")")
    }

    /// In double quotes, so that it reads back.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\x" + (digits.count < 2 ? "0" : "") + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

extension String {
    /// All lines but the first moved to the right.
    func indented(by count: Int) -> String {
        guard contains("\n") else { return self }
        let margin = String(repeating: " ", count: count)
        return split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n" + margin)
    }

    fileprivate func replacingSpaceBeforeNewline() -> String {
        var result = ""
        for character in self {
            if character == "\n", result.last == " " { result.removeLast() }
            result.append(character)
        }
        return result
    }
}
