import Autodiff
import Diagnostics
import Tensors

// The layers that have a form in the tape's own operations.

extension Dense {
    public var isRecordable: Bool { activation.record.traced != nil && !activation.record.isTrained }

    /// f(x W + b)
    public func record(_ x: Variable, _ parameters: [Variable], on tape: Tape) throws(Failure) -> Variable? {
        guard isRecordable, parameters.count == (useBias ? 2 : 1) else { return nil }
        var z = try tape.product(x, parameters[0])
        if useBias { z = try tape.apply(.add, z, parameters[1]) }
        return try activation.traced(z, on: tape)
    }
}

extension ActivationLayer {
    public var isRecordable: Bool { activation.record.traced != nil && !activation.record.isTrained }

    public func record(_ x: Variable, _ parameters: [Variable], on tape: Tape) throws(Failure) -> Variable? {
        isRecordable && parameters.isEmpty ? try activation.traced(x, on: tape) : nil
    }
}

extension Flatten {
    public var isRecordable: Bool { true }

    public func record(_ x: Variable, _ parameters: [Variable], on tape: Tape) throws(Failure) -> Variable? {
        let shape = tape.shape(x)
        return try tape.reshape(x, [shape.first ?? 1, shape.dropFirst().reduce(1, *)])
    }
}
