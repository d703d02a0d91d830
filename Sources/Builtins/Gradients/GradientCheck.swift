import Diagnostics
import Language
import Tensors

/// `check_grad(f, x)`: the gradient beside central differences.
final class GradientCheck: NativeObject {
    private let gradient: Held
    private let differences: Held
    /// The largest difference of two elements, and where it is.
    let largest: Double
    private let place: String
    private let interpreter: Interpreter

    /// The gradient of a function by its arguments at the places in `positions`, and the same by differences
    /// (f(x + h) - f(x - h)) / 2h, h being the cube root of the spacing of doubles around 1 times max(1, |x|).
    init(
        _ function: Value, _ arguments: [Value], _ positions: [Int], isTuple: Bool, _ interpreter: Interpreter
    ) throws(Failure) {
        let derivative = Derivative(.gradient, function, positions.map { .position($0) }, isTuple: isTuple)
        let found = try arguments.withUnsafeBufferPointer { (arguments) throws(Failure) in
            try derivative.call(arguments: arguments, names: [], interpreter)
        }
        gradient = Held(adopting: found)
        let measured = try Differences(function, arguments, positions, interpreter).value(isTuple: isTuple)
        differences = Held(adopting: measured)
        var numbers: [(Double, String)] = [], others: [(Double, String)] = []
        try GradientCheck.collect(found, interpreter, &numbers)
        try GradientCheck.collect(measured, interpreter, &others)
        var worst = 0.0, place = ""
        for (one, other) in zip(numbers, others) {
            let difference = abs(one.0 - other.0)
            // A NaN on one side only is as far apart as can be.
            let size = difference.isNaN ? (one.0.isNaN && other.0.isNaN || one.0 == other.0 ? 0 : .infinity) : difference
            if size > worst { (worst, place) = (size, one.1) }
        }
        largest = worst
        self.place = place
        self.interpreter = interpreter
    }

    /// All numbers in a structure, with their places.
    private static func collect(
        _ value: Value, _ interpreter: Interpreter, _ numbers: inout [(Double, String)]
    ) throws(Failure) {
        var found: [(Double, String)] = []
        let lifting = Lifting(interpreter, takesNumbersOfObjects: true, keepsLeaves: true) { (_, original) throws(Failure) in original.retained }
        let (lifted, _) = try lifting.lift(value)
        lifting.restore()
        lifted.release()
        for leaf in lifting.leaves {
            guard let tensor = try Conversions.tensor(leaf.original.value) else { continue }
            for (index, number) in tensor.numbers.enumerated() {
                found.append((number, leaf.path + GradientCheck.position(index, tensor.shape)))
            }
        }
        numbers = found
    }

    /// `[1, 0]` of a flat index.
    private static func position(_ index: Int, _ shape: [Int]) -> String {
        guard !shape.isEmpty else { return "" }
        var rest = index
        var parts: [Int] = []
        for length in shape.reversed() {
            parts.insert(rest % max(length, 1), at: 0)
            rest /= max(length, 1)
        }
        return "[\(parts.map(String.init).joined(separator: ", "))]"
    }

    override var typeName: String { "gradient check" }
    override var fieldNames: [String] { ["gradient", "differences", "largest"] }
    override func field(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "gradient": gradient.value.retained
        case "differences": differences.value.retained
        case "largest": Value(largest)
        default: nil
        }
    }

    override var description: String {
        func block(_ title: String, _ value: Value) -> String {
            let margin = String(repeating: " ", count: 13)
            let lines = interpreter.text(value, .print).split(separator: "\n", omittingEmptySubsequences: false)
            return title + String(repeating: " ", count: 13 - title.count) + lines.joined(separator: "\n" + margin)
        }
        let end = place.isEmpty ? "" : ", at \(place)"
        return [
            block("gradient", gradient.value), block("differences", differences.value),
            "largest difference \(interpreter.text(Value(largest), .print))\(end)",
        ].joined(separator: "\n")
    }
}

/// Central differences of a function by the numbers and tensors in some of its arguments.
private struct Differences {
    private let function: Value
    private let arguments: [Value]
    private let positions: [Int]
    private let interpreter: Interpreter

    init(_ function: Value, _ arguments: [Value], _ positions: [Int], _ interpreter: Interpreter) {
        self.function = function
        self.arguments = arguments
        self.positions = positions
        self.interpreter = interpreter
    }

    func value(isTuple: Bool) throws(Failure) -> Value {
        var structures: [Structure] = []
        // What the leaves are; nothing is changed yet.
        let look = Lifting(interpreter, keepsLeaves: true) { (_, original) throws(Failure) in original.retained }
        for position in positions {
            let (lifted, structure) = try look.lift(arguments[position])
            lifted.release()
            structures.append(structure)
        }
        let hasNetwork = look.hasNetwork
        look.restore()
        var slopes: [Tensor] = []
        for (number, leaf) in look.leaves.enumerated() {
            guard let tensor = try Conversions.tensor(leaf.original.value) else { continue }
            let result = try Tensor(uninitialized: tensor.shape)
            for index in 0..<tensor.count {
                try Interruption.check()
                let x = tensor.block.number(at: index)
                let h = 6e-6 * max(1, abs(x))
                let above = try at(number, index, x + h, hasNetwork: hasNetwork)
                let below = try at(number, index, x - h, hasNetwork: hasNetwork)
                result.block.float64[index] = (above - below) / ((x + h) - (x - h))
            }
            slopes.append(result)
        }
        let found = slopes
        var results: [Value] = []
        for structure in structures {
            results.append(
                try structure.value({ (leaf, _) throws(Failure) in Value(reduced: found[leaf]) }, interpreter))
        }
        return isTuple ? Value(tuple: results) : results.first ?? .none
    }

    /// The function's value with one number changed. A network is computed in float64, as its gradient is.
    private func at(_ leaf: Int, _ index: Int, _ number: Double, hasNetwork: Bool) throws(Failure) -> Double {
        guard hasNetwork else { return try at(leaf, index, number, nil) }
        return try Tracing.within(interpreter) { (tracing, _) throws(Failure) in try at(leaf, index, number, tracing) }
    }

    private func at(_ leaf: Int, _ index: Int, _ number: Double, _ tracing: Tracing?) throws(Failure) -> Double {
        let lifting = Lifting(interpreter) { (place, original) throws(Failure) in
            var value = original.retained
            if place == leaf {
                if original.isNumber {
                    value = Value(number)
                } else if let tensor = original.tensor {
                    let wide = try tensor.float64()
                    let changed = try wide.copy()
                    changed.block.float64[index] = number
                    value.release()
                    value = Value(tensor: changed)
                }
            }
            guard let tracing else { return value }
            defer { value.release() }
            guard let variable = try tracing.variable(of: value) else { return value.retained }
            return tracing.value(variable)
        }
        var changed = arguments
        var lifted: [Value] = []
        defer {
            lifting.restore()
            for value in lifted { value.release() }
        }
        for position in positions {
            changed[position] = try lifting.lift(arguments[position]).value
            lifted.append(changed[position])
        }
        let output = try interpreter.call(function, changed)
        defer { output.release() }
        let result = try output.untraced()
        defer { result.release() }
        guard let tensor = try Conversions.tensor(result), tensor.count == 1 else {
            throw Failure(.type, "the gradient is of one number, the function gives \(result.inWords)")
        }
        return tensor.block.number(at: 0)
    }
}
