import Autodiff
import Diagnostics
import Tensors

/// Losses in operations of a tape.
extension Loss {
    /// The loss of outputs [m, …] against targets of their shape, with the scale of the formula; a number.
    public func traced(target: Variable, output: Variable, on tape: Tape) throws(Failure) -> Variable {
        let shape = tape.shape(output)
        guard tape.shape(target) == shape else {
            throw Failure(
                .shape,
                "the outputs are \(Tensor.text(of: shape)) and the targets \(Tensor.text(of: tape.shape(target)))")
        }
        let (rows, columns) = Loss.extent(shape)
        guard rows * columns > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        let total = try traced(tape, target, output, self)
        return try tape.apply(.multiply, tape.leaf(scale(rows: rows, columns: columns)), total)
    }

    /// The loss of f(z) where the activation f belongs to it, from the sums z, so that nothing is lost by rounding:
    /// softmax with crossentropy or kl, sigmoid with binary_crossentropy. Nil for other pairs.
    public func traced(
        target: Variable, sums z: Variable, _ activation: Activation, on tape: Tape
    ) throws(Failure) -> Variable? {
        let shape = tape.shape(z)
        guard tape.shape(target) == shape, shape.reduce(1, *) > 0 else { return nil }
        let (rows, columns) = Loss.extent(shape)
        let total: Variable
        if takesDistribution, activation.isSoftmax {
            let hit = try tape.apply(.negate, tape.sum(tape.apply(.multiply, target, tape.logSoftmax(z))))
            if isCrossentropy {
                total = hit
            } else {
                let safe = try tape.apply(.maximum, target, tape.leaf(1e-300))
                total = try tape.apply(.add, hit, tape.sum(tape.apply(.multiply, target, tape.apply(.log, safe))))
            }
        } else if isBinaryCrossentropy, activation.name == "sigmoid" {
            // softplus(c z) - y c z
            let inner = try tape.apply(.multiply, tape.leaf(activation.parameter), z)
            total = try tape.sum(
                tape.apply(.subtract, tape.softplus(inner), tape.apply(.multiply, target, inner)))
        } else {
            return nil
        }
        return try tape.apply(.multiply, tape.leaf(scale(rows: rows, columns: columns)), total)
    }

    private static func extent(_ shape: [Int]) -> (rows: Int, columns: Int) {
        let rows = shape.first ?? 1
        return (rows, rows == 0 ? 0 : shape.reduce(1, *) / rows)
    }
}

extension Tape {
    /// Probabilities kept 1e-7 away from 0 and 1, before their logarithm is taken.
    func inside(_ p: Variable) throws(Failure) -> Variable {
        try apply(.minimum, apply(.maximum, p, leaf(1e-7)), leaf(1 - 1e-7))
    }
}
