import Diagnostics
import Language
import Tensors

/// The least and the greatest: of all the elements, along an axis, or of several operands element by element.
enum ExtremesFunctions {
    static let builtins: [Builtin] = [argmax, argmin, max, min]

    static let max = record(
        "max", "the greatest element; of several operands, element by element", .maximum,
        "max([1, 5, 3])  # 5"
    ) { x, axes, keepdims throws(Failure) in try Extremes.max(x, axes, keepdims: keepdims) }

    static let min = record(
        "min", "the least element; of several operands, element by element", .minimum,
        "min(3, 2)  # 2"
    ) { x, axes, keepdims throws(Failure) in try Extremes.min(x, axes, keepdims: keepdims) }

    static let argmax = place("argmax", "the index of the first greatest element", "argmax([1, 5, 3])  # 1") {
        x, axis, keepdims throws(Failure) in try Extremes.argmax(x, axis: axis, keepdims: keepdims)
    }

    static let argmin = place("argmin", "the index of the first least element", "argmin([2, 1, 3])  # 1") {
        x, axis, keepdims throws(Failure) in try Extremes.argmin(x, axis: axis, keepdims: keepdims)
    }

    private static func place(
        _ name: String, _ summary: String, _ example: String,
        _ body: @escaping @Sendable (Tensor, Int?, Bool) throws(Failure) -> Tensor
    ) -> Builtin {
        Builtin(
            name, summary, [TensorParameter.x, TensorParameter.oneAxis, TensorParameter.keepdims],
            shapes: "[n, k] -> number; axis=1: [n]", example: example, tracing: .constant
        ) { call throws(Failure) in
            Value(reduced: try body(call.tensor(0), call.optionalInt(1), call.bool(2)))
        }
    }

    private static func record(
        _ name: String, _ summary: String, _ operation: BinaryOperation, _ example: String,
        _ reduce: @escaping @Sendable (Tensor, Axes, Bool) throws(Failure) -> Tensor
    ) -> Builtin {
        let operands = Builtin.Parameter(
            "x", "tensors, lists or numbers", .required, .variadic, "one operand, or several to compare element by element")
        return Builtin(
            name, summary, [operands, TensorParameter.axis, TensorParameter.keepdims],
            shapes: "[n, d] -> number; axis=0: [d]; two operands: as operators", example: example,
            tracing: .onTape { (tracing, call) throws(Failure) in
                let tape = tracing.tape
                if call.rest.count == 1 {
                    let x = try call.restVariable(0, tracing), axes = try call.axes(1), keepdims = try call.bool(2)
                    return try operation == .maximum
                        ? tape.greatest(x, axes, keepdims: keepdims) : tape.least(x, axes, keepdims: keepdims)
                }
                if !call.isAbsent(1) || call[2].isTrue { throw severalOperands(name) }
                var result = try call.restVariable(0, tracing)
                for index in 1..<call.rest.count {
                    result = try tape.apply(
                        operation == .maximum ? .maximum : .minimum, result, call.restVariable(index, tracing))
                }
                return result
            }
        ) { call throws(Failure) in
            let named = !call.isAbsent(1) || call[2].isTrue
            if call.rest.count == 1 {
                return Value(reduced: try reduce(call.restTensor(0), call.reducedAxes(1), call.bool(2)))
            }
            if call.rest.isEmpty { throw Failure(.argument, "`\(name)` needs `x`: a tensor, a list or several numbers") }
            if named {
                throw severalOperands(name)
            }
            return try elementwise(operation, call)
        }
    }

    private static func severalOperands(_ name: String) -> Failure {
        Failure(
            .argument, "an axis and several operands of `\(name)` do not go together",
            help: "\(name)(X, axis=0) runs along an axis of one tensor")
    }

    private static func elementwise(_ operation: BinaryOperation, _ call: borrowing Call) throws(Failure) -> Value {
        let heap = Heap.current
        // A number takes the type of the tensor that it is compared with.
        var number: Double?
        var tensor: Tensor?
        for index in 0..<call.rest.count {
            if call.rest[index].isNumber {
                let next = call.rest[index].number
                number = number.map { operation($0, next) } ?? next
            } else {
                let next = try call.restTensor(index)
                if let known = tensor {
                    tensor = Tensor(adopting: try Elementwise.binary(operation, known.block, next.block, heap))
                } else {
                    tensor = next
                }
            }
        }
        guard let tensor else { return Value(canonical: number ?? .nan) }
        guard let number else { return Value(reduced: tensor) }
        return Value(reduced: Tensor(adopting: try Elementwise.binary(operation, tensor.block, number, heap)))
    }
}
