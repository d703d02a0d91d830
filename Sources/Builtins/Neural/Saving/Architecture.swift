import Diagnostics
import Language
import Neural
import Tensors

/// What a network is made of, as the code that makes it: `sequential(input(784), dense(128, tanh), dense(10, softmax))`.
///
/// It comes out of files that anyone may have written, so it is not run as a program: it is read as calls of layers,
/// activations and penalties with literals for arguments, and nothing else is ever called.
struct Architecture {
    private let interpreter: Interpreter
    private let text: [UInt8]
    private var place = 0

    static let longest = 1 << 20
    static let deepest = 32

    /// What may be called.
    private static let allowed: Set<String> = {
        let layers = [
            AttentionFunctions.builtins, CompositionFunctions.builtins, ConvolutionFunctions.builtins,
            LayerFunctions.builtins, NormalizationFunctions.builtins, RecurrentFunctions.builtins, PenaltyFunctions.builtins,
        ]
        return Set(layers.flatMap { $0.map(\.name) } + Activation.catalogue.map(\.name) + ["concat", "reshape"])
    }()

    /// The network that the code makes, with numbers of its own.
    static func network(_ code: String, _ interpreter: Interpreter) throws(Failure) -> NetworkObject {
        guard code.utf8.count <= longest else { throw Failure(.data, "what it says of the network is too long") }
        var reader = Architecture(interpreter: interpreter, text: Array(code.utf8))
        let value = try reader.value(depth: 0)
        defer { value.release() }
        reader.skipBlanks()
        guard reader.place == reader.text.count, let network = value.native as? NetworkObject else {
            throw reader.failure("it is no network")
        }
        return network
    }

    private init(interpreter: Interpreter, text: [UInt8]) {
        self.interpreter = interpreter
        self.text = text
    }

    private func failure(_ what: String) -> Failure {
        Failure(.data, "what it says of the network cannot be read: \(what) (character \(place))")
    }

    private var next: UInt8? { place < text.count ? text[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// A value with one count: a literal, a name, a call, a tuple, or a sum of those.
    private mutating func value(depth: Int) throws(Failure) -> Value {
        var result = try term(depth)
        while take("+") {
            let other: Value
            do throws(Failure) { other = try term(depth) } catch {
                result.release()
                throw error
            }
            defer { other.release() }
            let sum = try? (result.native as? PenaltyObject)?.combine(.add, other, isLeft: true, interpreter)
            result.release()
            guard let sum = sum ?? nil else { throw failure("only penalties are added") }
            result = sum
        }
        return result
    }

    private mutating func term(_ depth: Int) throws(Failure) -> Value {
        guard depth < Architecture.deepest else { throw failure("it is nested too deep") }
        skipBlanks()
        guard let byte = next else { throw failure("it ends too early") }
        switch byte {
        case UInt8(ascii: "\""): return Value(string: try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return Value(try number())
        case UInt8(ascii: "("), UInt8(ascii: "["):
            place += 1
            let close: Unicode.Scalar = byte == UInt8(ascii: "(") ? ")" : "]"
            let items = try arguments(depth, until: close)
            guard items.allSatisfy({ $0.name.isEmpty }) else {
                for item in items { item.value.release() }
                throw failure("a name stands in a tuple")
            }
            return Value(tuple: items.map(\.value))
        default:
            let name = word()
            switch name {
            case "": throw failure("a value is expected")
            case "true": return Value(true)
            case "false": return Value(false)
            case "none": return .none
            case "inf": return Value(Double.infinity)
            default: break
            }
            guard Architecture.allowed.contains(name), let function = interpreter.preludeValue(name) else {
                throw failure("there is no layer `\(name)`")
            }
            guard take("(") else { return function.retained }
            let given = try arguments(depth, until: ")")
            defer { for argument in given { argument.value.release() } }
            let ordered = given.filter { $0.name.isEmpty } + given.filter { !$0.name.isEmpty }
            return try interpreter.call(
                function, ordered.map(\.value), names: ordered.map(\.name).filter { !$0.isEmpty })
        }
    }

    /// Values with their names, "" where there is none, up to the closing sign.
    private mutating func arguments(
        _ depth: Int, until close: Unicode.Scalar
    ) throws(Failure) -> [(name: String, value: Value)] {
        var result: [(name: String, value: Value)] = []
        do throws(Failure) {
            while !take(close) {
                if !result.isEmpty {
                    guard take(",") else { throw failure("a comma is expected") }
                    if take(close) { break }
                }
                skipBlanks()
                let start = place
                var name = word()
                if name.isEmpty || !take("=") {
                    place = start
                    name = ""
                }
                result.append((name, try value(depth: depth + 1)))
            }
        } catch {
            for item in result { item.value.release() }
            throw error
        }
        return result
    }

    private mutating func word() -> String {
        let start = place
        while let byte = next,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
                || (place > start && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte))
        {
            place += 1
        }
        return String(decoding: text[start..<place], as: UTF8.self)
    }

    private mutating func number() throws(Failure) -> Double {
        let start = place
        while let byte = next, "+-.0123456789eE".utf8.contains(byte) { place += 1 }
        guard let number = Double(String(decoding: text[start..<place], as: UTF8.self)) else {
            throw failure("a number is expected")
        }
        return number
    }

    /// Without escapes: names of options have none.
    private mutating func string() throws(Failure) -> String {
        place += 1
        let start = place
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { place += 1 }
        guard next == UInt8(ascii: "\"") else { throw failure("a text does not end") }
        defer { place += 1 }
        return String(decoding: text[start..<place], as: UTF8.self)
    }
}
