import Autodiff
import Diagnostics
import Tensors

/// Activations in operations of a tape, which differentiates them as often as it is asked to. Where there is a choice,
/// the greater and the lesser of two numbers make it and not a mask, so that a computation can be repeated on other
/// numbers. `max(z, 0)` has the derivative 0 at 0 and `z - max(z, 0)` has 1 there; the forms below follow from that.
extension Activation {
    /// f(z) on the tape; of a random slope the mean. Nil where it has no form in the tape's operations.
    public func traced(_ z: Variable, on tape: Tape) throws(Failure) -> Variable? {
        guard let traced = record.traced else { return nil }
        return try traced(tape, z, self)
    }
}

extension Tape {
    /// max(z, 0), with that derivative at 0.
    func rectified(_ z: Variable, _ atZero: Double?) throws(Failure) -> Variable {
        let usual = try apply(.maximum, z, leaf(0))
        guard let slope = atZero, slope != 0 else { return usual }
        // z + max(-z, 0) is the same number with the derivative 1 at 0.
        let other = try apply(.add, z, apply(.maximum, apply(.negate, z), leaf(0)))
        if slope == 1 { return other }
        return try apply(.add, apply(.multiply, leaf(1 - slope), usual), apply(.multiply, leaf(slope), other))
    }

    /// z above 0, a z below.
    func leaky(_ z: Variable, _ a: Double, _ atZero: Double?) throws(Failure) -> Variable {
        // a z + (1 - a) max(z, 0) has the derivative a at 0, and s there where max has (s - a) / (1 - a).
        let inner = a == 1 ? nil : atZero.map { ($0 - a) / (1 - a) }
        return try apply(
            .add, apply(.multiply, leaf(a), z), apply(.multiply, leaf(1 - a), rectified(z, inner)))
    }

    func sigmoid(_ z: Variable, _ slope: Double = 1) throws(Failure) -> Variable {
        // By tanh, so that no exponential overflows on the way back either.
        let half = try leaf(0.5)
        let inner = try apply(.tanh, apply(.multiply, leaf(slope / 2), z))
        return try apply(.add, half, apply(.multiply, half, inner))
    }

    func softplus(_ z: Variable) throws(Failure) -> Variable {
        // max(z, 0) + log(1 + exp(-|z|)) with |z| = 2 max(z, 0) - z, whose derivative at 0 is -1: together ½ there.
        let above = try apply(.maximum, z, leaf(0))
        let distance = try apply(.subtract, z, apply(.add, above, above))
        return try apply(.add, above, apply(.log1p, apply(.exp, distance)))
    }

    func hardSigmoid(_ z: Variable) throws(Failure) -> Variable {
        let line = try apply(.divide, apply(.add, z, leaf(3)), leaf(6))
        return try apply(.minimum, apply(.maximum, line, leaf(0)), leaf(1))
    }

    /// sin z / z, by its series where that would divide by next to nothing.
    func sinc(_ z: Variable) throws(Failure) -> Variable {
        let isNear = try compare(.less, apply(.abs, z), leaf(1e-2)), square = try apply(.square, z)
        var series = try leaf(-1.0 / 5040)
        for factor in [1.0 / 120, -1.0 / 6, 1] {
            series = try apply(.add, leaf(factor), apply(.multiply, square, series))
        }
        let far = try choose(isNear, leaf(1), z)
        return try choose(isNear, series, apply(.divide, apply(.sin, far), far))
    }
}
