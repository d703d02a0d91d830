import Autodiff
import Diagnostics
import Language
import Tensors

/// Functions that only move elements, of followed tensors: the body is called with codes in place of the elements, and
/// where each code turns up in the result is where its element goes. What is no code is a constant, as the padding is.
///
/// A code is a negative number below the normal range, which no calculation gives and which survives being copied.
enum Arrangement {
    static func result(_ call: borrowing Call, _ body: Builtin.Body) throws(Failure) -> Value {
        guard let tracing = Tracing.current(call.interpreter) else { return try body(call) }
        var parts: [Variable] = []
        var count = 0
        let moved = try call.with(
            { (value) throws(Failure) in try encoded(value, tracing, &parts, &count) }, body)
        defer { moved.release() }
        guard !parts.isEmpty else { return moved.retained }
        let flat = try parts.map { (part) throws(Failure) in try tracing.tape.reshape(part, [size(part, tracing)]) }
        let all = parts.count == 1 ? flat[0] : try tracing.tape.concatenate(flat)
        return try decoded(moved, all, count, tracing)
    }

    private static func size(_ part: Variable, _ tracing: Tracing) -> Int { tracing.tape.shape(part).reduce(1, *) }

    /// With codes for what is followed; the rest stays.
    private static func encoded(
        _ value: Value, _ tracing: Tracing, _ parts: inout [Variable], _ count: inout Int
    ) throws(Failure) -> Value {
        guard value.holdsTraced else { return value.retained }
        if value.isTraced, let variable = try tracing.variable(of: value) {
            parts.append(variable)
            let codes = try Tensor(uninitialized: tracing.tape.shape(variable))
            for index in 0..<codes.count {
                count += 1
                codes.block.float64[index] = Double(bitPattern: 0x8000_0000_0000_0000 | UInt64(count))
            }
            return Value(reduced: codes)
        }
        guard let items = value.items else { return try value.untraced() }
        var encodedItems: [Value] = []
        do throws(Failure) {
            for item in items { encodedItems.append(try encoded(item, tracing, &parts, &count)) }
        } catch {
            for item in encodedItems { item.release() }
            throw error
        }
        return value.isObject(.list) ? Value(list: encodedItems) : Value(tuple: encodedItems)
    }

    private static func index(_ number: Double, _ count: Int) -> Int? {
        let bits = number.bitPattern
        guard bits > 0x8000_0000_0000_0000, bits <= 0x8000_0000_0000_0000 | UInt64(count) else { return nil }
        return Int(bits & 0x7FFF_FFFF_FFFF_FFFF) - 1
    }

    private static func decoded(
        _ value: Value, _ all: Variable, _ count: Int, _ tracing: Tracing
    ) throws(Failure) -> Value {
        let tape = tracing.tape
        if value.isNumber {
            guard let index = index(value.number, count) else { return value }
            return tracing.value(try tape.index(all, [.at(index)]))
        }
        if let items = value.items {
            var parts: [Value] = []
            do throws(Failure) {
                for item in items { parts.append(try decoded(item, all, count, tracing)) }
            } catch {
                for part in parts { part.release() }
                throw error
            }
            return value.isObject(.list) ? Value(list: parts) : Value(tuple: parts)
        }
        guard let tensor = value.tensor, tensor.dtype == .float64 else { return value.retained }
        let places = try Tensor(uninitialized: tensor.shape), constants = try tensor.copy()
        var codes = 0
        for element in 0..<tensor.count {
            let found = index(tensor.block.float64[element], count)
            places.block.float64[element] = Double(found ?? 0)
            guard found != nil else { continue }
            codes += 1
            constants.block.float64[element] = 0
        }
        guard codes > 0 else { return value.retained }
        let gathered = try tape.index(all, [.gather(places)])
        if codes == tensor.count { return tracing.value(gathered) }
        let mask = try Tensor(uninitialized: tensor.shape)
        for element in 0..<tensor.count {
            mask.block.float64[element] = index(tensor.block.float64[element], count) == nil ? 0 : 1
        }
        return tracing.value(try tape.select(tape.leaf(mask), gathered, tape.leaf(constants)))
    }
}
