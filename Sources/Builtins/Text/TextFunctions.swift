import Diagnostics
import Language
import Tensors

/// Functions on strings. A character is a Unicode scalar, as everywhere in the language.
enum TextFunctions {
    static let builtins: [Builtin] = [
        endsWith, find, join, lower, number, replace, repr, startsWith, str, strip, upper,
    ]

    private static let text = Builtin.Parameter("text", "string", .required, .positional, "the string")

    static let upper = Builtin(
        "upper", "the string in capital letters", [text], example: "upper(\"perceptron\")  # \"PERCEPTRON\""
    ) { call throws(Failure) in Value(string: try call.string(0).uppercased()) }

    static let lower = Builtin(
        "lower", "the string in small letters", [text], example: "lower(\"ReLU\")  # \"relu\""
    ) { call throws(Failure) in Value(string: try call.string(0).lowercased()) }

    static let strip = Builtin(
        "strip", "the string without white space, or other characters, at both ends",
        [
            text,
            Builtin.Parameter(
                "characters", "string", .none, .positional, "what is taken away; white space without it"),
        ],
        example: "strip(\"  a b \")  # \"a b\""
    ) { call throws(Failure) in
        let unwanted = try call.optionalString(1).map { Set($0.unicodeScalars) }
        func goes(_ scalar: Unicode.Scalar) -> Bool { unwanted?.contains(scalar) ?? scalar.properties.isWhitespace }
        var scalars = Substring(try call.string(0)).unicodeScalars
        while let first = scalars.first, goes(first) { scalars.removeFirst() }
        while let last = scalars.last, goes(last) { scalars.removeLast() }
        return Value(string: String(scalars))
    }

    static let replace = Builtin(
        "replace", "the string with each occurrence of a part replaced",
        [
            text, Builtin.Parameter("old", "string", .required, .positional, "what is looked for; not empty"),
            Builtin.Parameter("new", "string", .required, .positional, "what is put in its place"),
        ],
        example: "replace(\"a-b-c\", \"-\", \"+\")  # \"a+b+c\""
    ) { call throws(Failure) in
        let bytes = Array(try call.string(0).utf8), old = Array(try call.string(1).utf8), new = Array(try call.string(2).utf8)
        guard !old.isEmpty else { throw call.refused(1, "cannot be empty") }
        var count = 0
        Occurrences.each(of: old, in: bytes) { _ in
            count += 1
            return !Interruption.isRequested
        }
        try Interruption.check()
        try Room.check(bytes.count, adding: count, of: new.count - old.count)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + count * (new.count - old.count))
        var start = 0
        Occurrences.each(of: old, in: bytes) { place in
            result += bytes[start..<place]
            result += new
            start = place + old.count
            return true
        }
        result += bytes[start...]
        return Value(string: String(decoding: result, as: UTF8.self))
    }

    static let startsWith = Builtin(
        "starts_with", "whether the string begins so",
        [text, Builtin.Parameter("start", "string", .required, .positional, "the beginning asked for")],
        example: "starts_with(\"w_hidden\", \"w_\")  # true"
    ) { call throws(Failure) in Value(try call.string(0).utf8.starts(with: call.string(1).utf8)) }

    static let endsWith = Builtin(
        "ends_with", "whether the string ends so",
        [text, Builtin.Parameter("end", "string", .required, .positional, "the end asked for")],
        example: "ends_with(\"iris.csv\", \".csv\")  # true"
    ) { call throws(Failure) in Value(try call.string(0).utf8.reversed().starts(with: call.string(1).utf8.reversed())) }

    static let find = Builtin(
        "find", "where a part first occurs, -1 where it does not",
        [
            Builtin.Parameter("x", "string, list or vector", .required, .positional, "what is searched"),
            Builtin.Parameter("part", "string or element", .required, .positional, "what is looked for"),
        ],
        example: "find(\"backprop\", \"prop\")  # 4"
    ) { call throws(Failure) in
        if let text = call[0].string {
            let bytes = Array(text.utf8)
            guard let place = Occurrences.first(of: Array(try call.string(1).utf8), in: bytes) else { return Value(-1.0) }
            return Value(bytes[..<place].count { $0 & 0xC0 != 0x80 })
        }
        var position = 0
        var found = -1
        try call.forEach(0) { (element) throws(Failure) in
            if found < 0, try element.equals(call[1]) { found = position }
            position += 1
        }
        return Value(found)
    }

    static let join = Builtin(
        "join", "strings one after the other, with a separator between them; what is no string as `print` writes it",
        [
            Builtin.Parameter("parts", "list", .required, .positional, "what is joined"),
            Builtin.Parameter("separator", "string", .string(""), .positional, "what stands between two parts"),
        ],
        example: "join([\"a\", \"b\"], \", \")  # \"a, b\""
    ) { call throws(Failure) in
        // `", ".join(parts)`, as Python has it, comes here with the separator first.
        let isTurned = call[0].string != nil && call[1].string == nil && call[1].isIterable
        let separator = try call.string(isTurned ? 0 : 1)
        var result = ""
        var isFirst = true
        try call.forEach(isTurned ? 1 : 0) { (part) throws(Failure) in
            if !isFirst { result += separator }
            isFirst = false
            let piece = part.string ?? call.interpreter.text(part, .print)
            try Room.check(result.utf8.count, adding: 1, of: piece.utf8.count + separator.utf8.count)
            result += piece
        }
        return Value(string: result)
    }

    static let str = Builtin(
        "str", "a value as `print` writes it",
        [Builtin.Parameter("x", "anything", .required, .positional, "the value")], example: "str(0.1 + 0.2)  # \"0.3\"", tracing: .itself
    ) { call throws(Failure) in Value(string: call.interpreter.text(call[0], .print)) }

    static let repr = Builtin(
        "repr", "a value as it could be typed, with all its digits",
        [Builtin.Parameter("x", "anything", .required, .positional, "the value")],
        example: "repr(0.1 + 0.2)  # \"0.30000000000000004\"", tracing: .itself
    ) { call throws(Failure) in
        if let tensor = call[0].tensor { try MemoryLimit.check(64 * tensor.count) }
        return Value(string: call.interpreter.text(call[0], .repr))
    }

    static let number = Builtin(
        "number", "the number that a string, a bool or a tensor of one element holds",
        [Builtin.Parameter("x", "string, bool or number", .required, .positional, "what is read")],
        example: "number(\"2.5\") + 1  # 3.5", tracing: .itself
    ) { call throws(Failure) in
        if call[0].isNumber { return call[0] }
        if call[0].isTraced {
            let tracing = try call.tracing
            return tracing.value(try tracing.tape.reshape(call.variable(0, tracing), []))
        }
        if let truth = call[0].bool { return Value(truth ? 1.0 : 0.0) }
        if let tensor = call[0].tensor {
            guard tensor.count == 1 else {
                throw call.unexpected(0, "a number, or a tensor of one element")
            }
            return Value(canonical: tensor.numbers.first ?? .nan)
        }
        let text = try call.string(0)
        guard let number = NumberReading.number(text) else {
            throw Failure(
                .value, "\"\(text.prefix(40))\" is no number",
                help: text.contains(",") ? "a point stands before the decimals: replace(text, \",\", \".\")" : nil, argument: 0)
        }
        return Value(canonical: number)
    }
}

/// Numbers as people write them: as in the language, with a sign, and `inf` and `nan`.
enum NumberReading {
    static func number(_ text: String) -> Double? {
        var bytes = Array(text.utf8)
        while let last = bytes.last, last <= 32 { bytes.removeLast() }
        bytes = Array(bytes.drop { $0 <= 32 })
        var digits = bytes[...]
        var sign = 1.0
        if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            digits = digits.dropFirst()
        } else if text.unicodeScalars.first == "\u{2212}" {
            sign = -1
            digits = digits.dropFirst(3)
        }
        switch String(decoding: digits, as: UTF8.self).lowercased() {
        case "inf", "infinity": return sign * .infinity
        case "nan": return .nan
        case let word where word.hasPrefix("0x"):
            return UInt64(word.dropFirst(2), radix: 16).map { sign * Double($0) }
        case let word:
            // What Swift reads beyond this (`0x1p3`, `+5` after the sign) is no number here.
            guard let first = word.utf8.first, first == UInt8(ascii: ".") || (first >= 48 && first <= 57),
                word.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || "._e+-".utf8.contains($0) })
            else { return nil }
            return Double(word.filter { $0 != "_" }).map { sign * $0 }
        }
    }
}

/// Where a part occurs in a text.
enum Occurrences {
    static func first(of part: [UInt8], in bytes: [UInt8]) -> Int? {
        if part.isEmpty { return 0 }
        var found: Int?
        each(of: part, in: bytes) { place in
            found = place
            return false
        }
        return found
    }

    /// Knuth, Morris and Pratt (1977): linear whatever the texts are.
    ///
    /// - Parameter body: is given those that do not overlap, from the left, as long as it says true.
    static func each(of part: [UInt8], in bytes: [UInt8], _ body: (Int) -> Bool) {
        guard !part.isEmpty, part.count <= bytes.count else { return }
        var fallback = [Int](repeating: 0, count: part.count)
        var matched = 0
        for index in part.indices.dropFirst() {
            while matched > 0, part[index] != part[matched] { matched = fallback[matched - 1] }
            if part[index] == part[matched] { matched += 1 }
            fallback[index] = matched
        }
        matched = 0
        for index in bytes.indices {
            while matched > 0, bytes[index] != part[matched] { matched = fallback[matched - 1] }
            if bytes[index] == part[matched] { matched += 1 }
            if matched == part.count {
                guard body(index - part.count + 1) else { return }
                matched = 0
            }
        }
    }
}

/// Refuses texts that the machine has no memory for before they are made.
enum Room {
    static func check(_ bytes: Int, adding count: Int, of size: Int) throws(Failure) {
        let (more, over) = count.multipliedReportingOverflow(by: size)
        let (whole, overAll) = bytes.addingReportingOverflow(more)
        guard whole > 16 << 20 || over || overAll else { return }
        guard !over, !overAll, whole < MemoryLimit.available() / 4 else {
            throw Failure(.memory, "this text would be too long for the memory that is left")
        }
    }
}
