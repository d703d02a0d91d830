import Autodiff
import Diagnostics
import Tensors

/// Losses in operations of a tape.
extension Loss {
    /// The loss of outputs [m, …] against targets of their shape, with the scale of the formula; a number. What each sample
    /// counts, [m], stands in `weights`.
    public func traced(
        target: Variable, output: Variable, weights: Variable? = nil, on tape: Tape
    ) throws(Failure) -> Variable {
        let shape = tape.shape(output)
        guard tape.shape(target) == shape else {
            throw Failure(
                .shape,
                "the outputs are \(Tensor.text(of: shape)) and the targets \(Tensor.text(of: tape.shape(target)))")
        }
        guard shape.reduce(1, *) > 0 else { throw Failure(.value, "the \(name) of no outputs is not defined") }
        return try sum(traced(tape, target, output, self), weights, on: tape)
    }

    /// The loss of f(z) where the activation f belongs to it, from the sums z, so that nothing is lost by rounding:
    /// softmax with crossentropy or kl, sigmoid with binary_crossentropy. Nil for other pairs.
    public func traced(
        target: Variable, sums z: Variable, _ activation: Activation, weights: Variable? = nil, on tape: Tape
    ) throws(Failure) -> Variable? {
        let shape = tape.shape(z)
        guard tape.shape(target) == shape, shape.reduce(1, *) > 0 else { return nil }
        let each: Variable
        if takesDistribution, activation.isSoftmax {
            let hit = try tape.apply(.negate, tape.apply(.multiply, target, tape.logSoftmax(z)))
            if isCrossentropy {
                each = hit
            } else {
                let safe = try tape.apply(.maximum, target, tape.leaf(1e-300))
                each = try tape.apply(.add, hit, tape.apply(.multiply, target, tape.apply(.log, safe)))
            }
        } else if isBinaryCrossentropy, activation.name == "sigmoid" {
            // softplus(c z) - y c z
            let inner = try tape.apply(.multiply, tape.leaf(activation.parameter), z)
            each = try tape.apply(.subtract, tape.softplus(inner), tape.apply(.multiply, target, inner))
        } else {
            return nil
        }
        return try sum(each, weights, on: tape)
    }

    /// The losses of all elements together, with the scale of the formula.
    private func sum(_ each: Variable, _ weights: Variable?, on tape: Tape) throws(Failure) -> Variable {
        let shape = tape.shape(each), samples = shape.first ?? 1, count = shape.reduce(1, *)
        var each = each
        if let weights {
            let ones = [Int](repeating: 1, count: max(0, shape.count - 1))
            each = try tape.apply(.multiply, each, tape.reshape(weights, [samples] + ones))
        }
        // Each place of a sequence has a distribution of its own.
        let columns = takesDistribution && shape.count > 2 ? shape.last ?? 1 : count / samples
        return try tape.apply(.multiply, tape.leaf(scale(rows: count / columns, columns: columns)), tape.sum(each))
    }
}

extension Tape {
    /// Probabilities kept 1e-7 away from 0 and 1, before their logarithm is taken.
    func inside(_ p: Variable) throws(Failure) -> Variable {
        try apply(.minimum, apply(.maximum, p, leaf(1e-7)), leaf(1 - 1e-7))
    }
}
